"""Protection of POST requests without a CSRF token: visitors have no cookie for one, so the Origin header is checked.

Browsers send Origin with every POST, old ones Referer; a page of another site can set neither.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt


def same_origin_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse, with 403, a POST that a page of another site has sent."""

    @csrf_exempt
    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and not is_same_origin(request):
            return HttpResponseForbidden(content_type="text/plain")
        return view(request, *args, **kwargs)

    return checked


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a browser sent it from a page of this site, by the site's own URLs or by the request's.

    Behind a proxy the Host header may lack the port that browsers name in Origin.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        referrer = urlsplit(request.headers.get("Referer", ""))
        origin = f"{referrer.scheme}://{referrer.netloc}"
    return origin in settings.SITE_URLS or origin == f"{request.scheme}://{request.get_host()}"
