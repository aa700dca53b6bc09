"""URLs without a page: redirected, gone, or recorded for staff."""

import logging
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from greenenergy.models import MissingPage, Redirect
from greenenergy.models.old_urls import normal_form

logger = logging.getLogger(__name__)

_IGNORED = ("/admin/", "/static/", "/media/")  # nobody has bookmarks of these: never redirected or recorded
_REDIRECT_SECONDS = 3600  # for browsers' caches; without a limit they would cache a wrong redirect for ever


class OldUrlMiddleware:
    """Turns a 404 or 410 into a redirect (301), or a 404 into a 410, if the URL has a row in Redirect.

    Every other 404 is recorded for staff. Pages that exist come first: a redirect cannot hide one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in (404, 410) or request.method not in ("GET", "HEAD"):
            return response
        if request.path.startswith(_IGNORED):
            return response
        query = request.META.get("QUERY_STRING", "")
        path = _decoded_path(request)
        raw_query = query.encode("latin-1", "replace")
        redirect = Redirect.objects.find(path, raw_query)
        if redirect is None:
            if response.status_code == 404 and not getattr(request, "is_not_recorded", False):
                _record(normal_form(path, raw_query))
            return response
        if not redirect.target:
            return render(request, "410.html", status=410)
        target = redirect.target
        if query and "?" not in target and "?" not in redirect.old_path:
            target = f"{target}?{query}"
        return HttpResponsePermanentRedirect(
            target, headers={"Cache-Control": f"max-age={_REDIRECT_SECONDS}"}
        )


def do_not_record(request: HttpRequest) -> None:
    """This 404 is no wrong URL: the page exists, and is not public yet."""
    request.is_not_recorded = True  # type: ignore[attr-defined]


def _decoded_path(request):
    """The bytes of the path. Django has percent-encoded again what is no UTF-8: the paths of sites in GBK."""
    path = request.path.encode(errors="replace")
    decoded = unquote_to_bytes(path)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return decoded
    return path  # a percent sign in it is one


def _record(path):
    try:
        MissingPage.objects.record(path)
    except DatabaseError as error:  # the visitor gets the 404 page all the same
        logger.error("a missing page is not recorded: %s", error)
