"""What staff should know of a redirect that is saved all the same: where it leads nowhere, and where it never works."""

import io
import logging
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from greenenergy.models import Redirect

logger = logging.getLogger(__name__)

_NOT_ASKED = ("/admin/", "/static/", "/contact/chat/")  # for an account, a file or a visitor of the chat


def warnings_about(redirect: Redirect) -> list[str]:
    """Sentences for staff; empty where all is well."""
    found = []
    if status_of(redirect.old_path) == 200:
        found.append(_("“%(path)s” 现在是本站的页面，先显示页面，不会跳转。") % {"path": redirect.old_path})
    if redirect.target.startswith("/") and not _leads_somewhere(redirect.target):
        found.append(_("“%(path)s” 现在打不开，请核对新网址。") % {"path": redirect.target})
    return found


def status_of(url: str) -> int:
    """200, 404 or 410: what the view of this path answers. It is called past the middleware, which would record it."""
    parts = urlsplit(url)
    for path in (parts.path, f"{parts.path}/"):
        if path.startswith(_NOT_ASKED):
            return 200
        request = _request(path, parts.query)
        try:
            view, args, kwargs = resolve(request.path_info)
            response = view(request, *args, **kwargs)
        except (Http404, Resolver404):
            continue
        except Exception:
            logger.exception("the page of %s cannot be checked", path)
            return 200  # there is such a page; its fault must not hinder the redirect
        # Not closed: that would end the database connection of the request or command which asks.
        return 410 if response.status_code == 410 else 200
    return 404


def _leads_somewhere(target):
    if status_of(target) == 200:
        return True
    following = Redirect.objects.find_url(target)
    return following is not None and following.target != ""


def _request(path, query):
    site = urlsplit(settings.SITE_URLS[0])
    return WSGIRequest(
        {
            "REQUEST_METHOD": "HEAD",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": iri_to_uri(query),
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or {"http": 80, "https": 443}[site.scheme]),
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": site.scheme,
        }
    )
