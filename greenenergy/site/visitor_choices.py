"""The visitor's choices, language and 关怀版, each stored in a cookie with a fixed value and nowhere else."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from greenenergy.page_cache.variants import CARE_COOKIE, LANGUAGE_COOKIE, language_of

YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Answers in the language that the visitor chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with translation.override(language_of(request)):
            response = self.get_response(request)
            response.setdefault("Content-Language", translation.get_language())
        return response


class VaryOnChoicesMiddleware:
    """Sends Vary: Cookie, so that no cache serves one visitor's page to another."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            if "Cache-Control" not in response:
                response["Cache-Control"] = "no-cache, no-transform"
        return response


@csrf_exempt  # a public page holds no token, and a forged choice of text size harms nobody
@require_POST
def choose(request):
    """Remember the choice that the pressed button names, and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    if "care" in request.POST:
        _remember(request, response, CARE_COOKIE, request.POST["care"], {"1"})
    if "language" in request.POST:
        others = dict(settings.LANGUAGES).keys() - {settings.LANGUAGE_CODE}
        _remember(request, response, LANGUAGE_COOKIE, request.POST["language"], others)
    return response


def _remember(request, response, cookie, value, valid):
    """Store a valid value for a year; any other one means the default, which needs no cookie."""
    if value in valid:
        response.set_cookie(
            cookie, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")


def _back(request):
    url = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(url, None) and url.startswith("/")
    return url if is_safe else "/"
