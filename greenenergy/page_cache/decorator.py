"""@public_page: the view's answer is the same for every visitor of one variant, and may be cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from greenenergy.content_version import next_change

from .body import Body
from .key import KNOWN_PARAMETER


class PublicPage:
    """`request.public_page`: what the page cache needs about the page that is being rendered."""

    def __init__(self, request: HttpRequest):
        self.is_cacheable = settings.SESSION_COOKIE_NAME not in request.COOKIES
        # Unix seconds. 0 until it is set, so that a page is not cached if the database fails.
        self.until = 0.0
        self.subject: int | None = None  # primary key of the object whose views are counted; set by the view
        self.body: Body | None = None  # set by FillGapsMiddleware


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose pages may be cached. It sees no query parameter but ?page=."""

    @wraps(view)
    def render(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        whole_query = request.META.get("QUERY_STRING", "")
        known = QueryDict(mutable=True)
        if KNOWN_PARAMETER in request.GET:
            known[KNOWN_PARAMETER] = request.GET[KNOWN_PARAMETER]
        request.GET, request.META["QUERY_STRING"] = known, known.urlencode()
        request.public_page = PublicPage(request)
        try:
            if request.public_page.is_cacheable:
                # Before the first query: the change may happen while we render.
                request.public_page.until = next_change()
            return view(request, *args, **kwargs)
        finally:
            request.META["QUERY_STRING"] = whole_query

    return render
