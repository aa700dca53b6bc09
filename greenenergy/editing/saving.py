"""A form of the admin that a script sends, so that a save that fails leaves the page, and what was typed, where it is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SENT_BY_SCRIPT = "X-Form-Guard"  # of the request
LOCATION = "X-Location"  # of the answer: a script cannot read where it is redirected to


class RedirectByScriptMiddleware:
    """Says in a header where the browser is to go after a save: static/js/admin/form-guard.js goes there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 302 and SENT_BY_SCRIPT in request.headers:
            response.status_code = 204
            response[LOCATION] = response["Location"]
            del response["Location"]
        return response
