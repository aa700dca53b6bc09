"""What a page may load, as the Content-Security-Policy header tells the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PUBLIC_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# CKEditor 4 writes inline scripts and styles into its editing frame; it needs no eval.
EDITOR_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)


class ContentSecurityPolicyMiddleware:
    """Allows only what this site serves; on the admin's forms, which may hold the editor, also inline scripts and styles."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            is_editor = request.path.startswith("/admin/") and request.path.endswith(("/add/", "/change/"))
            response["Content-Security-Policy"] = EDITOR_POLICY if is_editor else PUBLIC_POLICY
        return response
