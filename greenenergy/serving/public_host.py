"""The host of a request, and the URL of SITE_URL that it means, whatever port or spelling the Host header has."""

import logging
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import split_domain_port, validate_host

from .plain_answers import make_page
from .server_warnings import warn_once

logger = logging.getLogger(__name__)

_REFUSED = make_page("打不开这个地址", "这个域名不属于本站，请核对网址。")


def site_url(request: HttpRequest) -> str:
    """Scheme, host and port of this site as SITE_URL has them, for everything that leaves the site: links, feeds, cards."""
    own = own_url(request.META.get("HTTP_HOST", ""))
    return own or f"{request.scheme}://{request.get_host()}"


def own_url(host: str) -> str:
    """The URL of SITE_URL that a Host header names; empty where it names none."""
    return _own_url(host, settings.SITE_URLS)


@lru_cache(1024)
def _own_url(host, urls):
    name = split_domain_port(host)[0]
    return next((url for url in urls if urlsplit(url).hostname == name.strip("[]")), "")


def is_allowed(host: str) -> bool:
    """Whether a Host header names this site."""
    return bool(own_url(host)) or validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


class PublicHostMiddleware:
    """Refuses requests for other hosts, before anything else asks for the host; scanners send many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if is_allowed(host):
            return self.get_response(request)
        warn_once(
            "host",
            logger,
            "SITE_URL: a request for the host %r is refused. If it is a name of this site, add it there. "
            "Further ones are refused without a line.",
            host[:80],
        )
        response = HttpResponseBadRequest(_REFUSED, headers={"Cache-Control": "no-store"})
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  else a line for each
        return response


def with_site_url(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of Django's that makes absolute URLs of the request, so that they are SITE_URL's."""

    @wraps(view)
    def seen_from_outside(request, *args, **kwargs):
        url = urlsplit(site_url(request))
        request.META["HTTP_HOST"], request.environ["wsgi.url_scheme"] = url.netloc, url.scheme
        return view(request, *args, **kwargs)

    return seen_from_outside
