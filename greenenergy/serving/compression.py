"""Compression of pages, where the client accepts gzip."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


@lru_cache(256)  # browsers send a handful of them
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header allows gzip: `gzip;q=0` refuses it.

    https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
    """
    for coding in accept_encoding.lower().split(","):
        name, _semicolon, parameter = coding.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return not _is_zero(parameter)
    return False


def _is_zero(parameter):
    name, _equals, value = parameter.partition("=")
    try:
        return name.strip() == "q" and float(value) == 0
    except ValueError:
        return False


class CompressionMiddleware(GZipMiddleware):
    """Compresses text. Files are left alone: a range counts the bytes of the whole file, and pictures are compressed.

    Outside of WhiteNoise, which takes any mention of an encoding for its acceptance, as Django's own middleware does.
    """

    TYPES = ("text/", "application/xml", "application/atom+xml", "application/json", "image/svg+xml")

    def process_request(self, request: Any) -> None:
        header = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if "gzip" in header.lower() and not accepts_gzip(header):
            request.META["HTTP_ACCEPT_ENCODING"] = "identity"

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(self.TYPES):
            return response
        return super().process_response(request, response)
