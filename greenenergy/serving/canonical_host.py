"""One host name for every page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect


class CanonicalHostMiddleware:
    """Redirects from the other hosts of SITE_URL to the first, but not between localhost and 127.0.0.1."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.canonical = settings.SITE_URLS[0]
        loopback = {"127.0.0.1", "localhost"}
        others = {urlsplit(url).hostname for url in settings.SITE_URLS[1:]} - {
            urlsplit(self.canonical).hostname
        }
        self.others = set() if others <= loopback else others

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.others and request.get_host().rsplit(":", 1)[0].lower() in self.others:
            return HttpResponsePermanentRedirect(self.canonical + request.get_full_path())
        return self.get_response(request)
