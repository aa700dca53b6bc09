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
    """`request.public_page`: what the page cache must know of the page that is being rendered."""

    def __init__(self, request: HttpRequest):
        self.is_cacheable = settings.SESSION_COOKIE_NAME not in request.COOKIES
        self.until = (
            0.0  # Unix seconds; 0 until it is known, so that the answer to a failing database is not cached
        )
        self.subject: int | None = None  # set by a view that counts: the primary key of what is read
        self.body: Body | None = None  # set on the way out


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose pages may be cached. Of the query it sees ?page= and nothing else."""

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
                request.public_page.until = (
                    next_change()
                )  # before the first query: it may pass while we render
            return view(request, *args, **kwargs)
        finally:
            request.META["QUERY_STRING"] = whole_query

    return render
