"""What a visitor may choose for every page, stored in two cookies with fixed values: the language, and 关怀版."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.cookie import parse_cookie

CARE_COOKIE = "care"
LANGUAGE_COOKIE = "language"


class Variant(NamedTuple):
    """Pages of one variant are the same for every visitor."""

    language: str  # a code of settings.LANGUAGES
    is_in_care: bool  # 关怀版: larger text, wider spacing, more contrast, no motion


def is_in_care(request: HttpRequest) -> bool:
    """Whether this visitor chose 关怀版."""
    return request.COOKIES.get(CARE_COOKIE) == "1"


def language_of(request: HttpRequest) -> str:
    """The interface's language: chosen on the public site, Chinese for staff, whatever a browser may prefer."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE)
    if chosen in dict(settings.LANGUAGES) and not request.path.startswith("/admin/"):
        return chosen
    return settings.LANGUAGE_CODE


def variant_of(request: HttpRequest) -> Variant:
    return Variant(language_of(request), is_in_care(request))


class VariantOfCookie:
    """The variant of a raw Cookie header, for the ASGI side; public pages only."""

    def __init__(self) -> None:
        self._languages = dict(settings.LANGUAGES)
        self._default = Variant(settings.LANGUAGE_CODE, False)

    def __call__(self, cookie: bytes | None) -> Variant:
        if not cookie or (b"language" not in cookie and b"care" not in cookie):
            return self._default
        cookies = parse_cookie(cookie.decode("latin-1"))
        language = cookies.get(LANGUAGE_COOKIE)
        return Variant(
            language if language in self._languages else self._default.language,
            cookies.get(CARE_COOKIE) == "1",
        )
