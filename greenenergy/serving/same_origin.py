"""Posts without a CSRF token: visitors carry no cookie that could hold one, so the browser's word on where it stands counts."""

from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt


def same_origin_post(view):
    """Refuse a POST that a page of another site has sent. Browsers say Origin with every POST; old ones Referer."""

    @csrf_exempt
    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and not is_same_origin(request):
            return HttpResponseForbidden(content_type="text/plain")
        return view(request, *args, **kwargs)

    return checked


def is_same_origin(request) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == own
    referrer = urlsplit(request.headers.get("Referer", ""))
    return f"{referrer.scheme}://{referrer.netloc}" == own
