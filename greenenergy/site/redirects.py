"""URLs without a page: redirected, gone, or recorded for staff."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from greenenergy.models import MissingPage, Redirect
from greenenergy.models.redirects import old_path

logger = logging.getLogger(__name__)

_IGNORED = ("/admin/", "/static/", "/media/")  # nobody has bookmarks of these: never redirected or recorded
_REDIRECT_SECONDS = 3600  # for browsers' caches; without a limit they would cache a wrong redirect for ever


class OldUrlMiddleware:
    """Turns a 404 into a redirect (301) or a 410, if the URL has a row in Redirect.

    Every other 404 is recorded for staff. Pages that exist come first: a redirect cannot hide one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        if request.path.startswith(_IGNORED):
            return response
        query = request.META.get("QUERY_STRING", "")
        redirect = Redirect.objects.find(request.path.replace("\x00", ""), query.replace("\x00", ""))
        if redirect is None:
            _record(request)
            return response
        if not redirect.target:
            return render(request, "410.html", status=410)
        target = redirect.target
        if query and "?" not in target and "?" not in redirect.old_path:
            target = f"{target}?{query}"
        return HttpResponsePermanentRedirect(
            target, headers={"Cache-Control": f"max-age={_REDIRECT_SECONDS}"}
        )


def _record(request):
    try:
        MissingPage.objects.record(old_path(request.get_full_path()))
    except DatabaseError as error:  # the visitor gets the 404 page all the same
        logger.error("a missing page is not recorded: %s", error)
