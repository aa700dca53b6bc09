"""What holds for every page: one host name, and no content of others."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponsePermanentRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from greenenergy.models import MissingPage, Redirect
from greenenergy.models.addresses import old_path

logger = logging.getLogger(__name__)


class CanonicalHostMiddleware:
    """Several names, one site: every address but the first of SITE_URL leads to the first."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.canonical = settings.SITE_URLS[0]
        loopback = {"127.0.0.1", "localhost"}
        others = {urlsplit(url).hostname for url in settings.SITE_URLS[1:]} - {
            urlsplit(self.canonical).hostname
        }
        self.others = set() if others <= loopback else others

    def __call__(self, request):
        if self.others and request.get_host().rsplit(":", 1)[0].lower() in self.others:
            return HttpResponsePermanentRedirect(self.canonical + request.get_full_path())
        return self.get_response(request)


# Not addresses that a visitor would have known: they are neither led on nor written down.
_NO_PAGES = ("/admin/", "/static/", "/media/")


class OldAddressMiddleware:
    """What is not there may have been there: led on (301), gone (410), or written down for staff (404).

    Pages that are there never ask: a redirect can stand in nobody's way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        if request.path.startswith(_NO_PAGES):
            return response
        query = request.META.get("QUERY_STRING", "")
        known = Redirect.objects.find(request.path.replace("\x00", ""), query.replace("\x00", ""))
        if known is None:
            self._record(request)
            return response
        if not known.target:
            return render(request, "410.html", status=410)
        target = known.target
        if query and "?" not in target and "?" not in known.old_path:
            target = f"{target}?{query}"
        # An hour: a browser would otherwise keep a redirect that staff got wrong for ever.
        return HttpResponsePermanentRedirect(target, headers={"Cache-Control": "max-age=3600"})

    def _record(self, request):
        try:
            MissingPage.objects.record(old_path(request.get_full_path()))
        except DatabaseError as error:  # whoever lost the way gets the page that helps all the same
            logger.error("a missing page is not written down: %s", error)


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages. Files leave as they are: a part of a file has a place in the whole, and pictures are small."""

    TYPES = ("text/", "application/xml", "application/atom+xml", "application/json", "image/svg+xml")

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(self.TYPES):
            return response
        return super().process_response(request, response)


class VaryOnChoicesMiddleware:
    """A page may look different for whoever has chosen so: no cache gives one visitor's page to another."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            if "Cache-Control" not in response:
                response["Cache-Control"] = "no-cache, no-transform"
        return response


PUBLIC_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# CKEditor 4 writes inline scripts and styles into its editing frame; it does without eval.
EDITOR_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)


class ContentSecurityPolicyMiddleware:
    """Browsers may load what this site serves and nothing else; the pages with the editor a little more."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            is_editor = request.path.startswith("/admin/") and request.path.endswith(("/add/", "/change/"))
            response["Content-Security-Policy"] = EDITOR_POLICY if is_editor else PUBLIC_POLICY
        return response
