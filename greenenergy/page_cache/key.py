"""The key of a cached page, computed from Django's request or from an ASGI scope."""

import re
from typing import NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict

from greenenergy.serving.public_host import own_url

from .variants import Variant, variant_of

KNOWN_PARAMETER = "page"  # the only query parameter that a public page sees
# Other values are rendered, and not cached: each would be a page of its own, and fill the memory.
_PAGE_NUMBER = re.compile(r"[0-9]{0,4}")


class PageKey(NamedTuple):
    scheme: str
    host: str  # the URL of SITE_URL that it means, whatever its port
    path: str
    page_number: str  # as written in the URL; "" if there is none
    variant: Variant


def key_of_request(request: HttpRequest) -> PageKey | None:
    """The key of a public page's request; None where the page is not to be cached."""
    page_number = request.GET.get(KNOWN_PARAMETER, "")
    if not _PAGE_NUMBER.fullmatch(page_number):
        return None
    host = request.META.get("HTTP_HOST", "")
    return PageKey(
        request.scheme or "", own_url(host) or host, request.path, page_number, variant_of(request)
    )


def page_number_in(query: bytes) -> str | None:
    """The page number in a raw query string, "" if there is none; None if no cached page can be the answer."""
    if b"page=" not in query and b"%" not in query:  # a parameter's name may be percent-encoded
        return ""
    try:
        number = QueryDict(query).get(KNOWN_PARAMETER, "")
    except SuspiciousOperation:
        return None  # too many parameters: Django refuses them
    return number if number is not None and _PAGE_NUMBER.fullmatch(number) else None
