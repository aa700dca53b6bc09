"""ETag and 304, for HEAD as for GET: https://www.rfc-editor.org/rfc/rfc9110#name-head"""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's own leaves HEAD out. Views render the whole page for it, and the server leaves the body out."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if request.method != "HEAD":
            return super().process_response(request, response)
        request.method = "GET"
        try:
            return super().process_response(request, response)
        finally:
            request.method = "HEAD"
