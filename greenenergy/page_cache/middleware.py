"""A public page on its way out of Django: its gaps are filled, it is compressed, and it is cached."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from greenenergy import content_version
from greenenergy.serving.compression import accepts_gzip

from .body import Body, fill_gaps
from .key import key_of_request
from .store import MAX_SECONDS, CachedPage, pages

GetResponse = Callable[[Any], HttpResponse]


class CachePageMiddleware:
    """The outermost middleware: caches a public page as it leaves, with every header that the others gave it.

    The content version is read before the first query, and must be the same after the last: a page is not cached if
    something was saved while it was rendered.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        version, begun_at = content_version.current(), time.time()
        with content_version.request_begun_in(version):
            response = self.get_response(request)
        page = getattr(request, "public_page", None)
        if page is None or page.body is None or request.method not in ("GET", "HEAD"):
            return response
        key = key_of_request(request)
        if key is not None:
            until = min(begun_at + MAX_SECONDS, page.until)
            is_valid = content_version.current() == version and until > begun_at
            if is_valid and is_for_everybody(request, response):
                pages.put(key, CachedPage(version, until, response, page.body, page.subject))
            else:
                pages.notify(key, version)
        return response


def is_for_everybody(request: Any, response: HttpResponse) -> bool:
    """Whether another visitor may get this answer: it sets no cookie, and holds no CSRF token."""
    return response.status_code == 200 and not response.cookies and "CSRF_COOKIE" not in request.META


class FillGapsMiddleware:
    """Fills the gaps of a page with view counts.

    It runs inside CompressionMiddleware and ConditionalGetMiddleware, and does the work of both for public pages, so that
    the first answer and the cached one are the same bytes.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or not response.content:
            return response
        page = getattr(request, "public_page", None)
        if page is not None and page.is_cacheable:
            page.body = Body(response.content)
            if accepts_gzip(request.headers.get("Accept-Encoding", "")):
                etag, response.content = page.body.compressed()
                response["Content-Encoding"] = "gzip"
            else:
                etag, response.content = page.body.plain()
            response["ETag"] = etag.decode()
            response["Content-Length"] = str(len(response.content))
            patch_vary_headers(response, ["Accept-Encoding"])
        else:
            content = response.content
            filled = fill_gaps(content)
            if filled is not content:
                response.content = filled
                response["Content-Length"] = str(len(filled))
        return response
