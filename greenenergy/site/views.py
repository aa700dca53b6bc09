"""Pages that belong to no app: home, company pages, robots.txt, and error pages."""

import sys
from functools import cache

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from greenenergy.database.outages import is_outage
from greenenergy.media.errors import StorageFull, StorageUnavailable
from greenenergy.models import Section
from greenenergy.page_cache import public_page


@require_safe
@public_page
def home(request):
    return render(request, "home.html")


@require_safe
@public_page
def page(request, slug):
    section = get_object_or_404(Section.objects.pages().select_related("parent"), slug=slug)
    return render(request, "page.html", {"section": section})


@require_safe
def favicon(request):
    """For clients that request it without reading a page: search engines, feed readers."""
    return redirect(static("img/favicon.png"))


@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


def csrf_failure(request, reason=""):
    """A form whose token has expired. What was typed is still in the form, one step back."""
    return _refusal(request, "403_csrf.html", 403)


def permission_denied(request, exception):
    return _refusal(request, "403.html", 403)


def page_not_found(request, exception):
    return _refusal(request, "404.html", 404)


def _refusal(request, template, status):
    """The page of the website; staff who are in the admin stay there."""
    user = getattr(request, "user", None)  # a middleware may refuse before there is one
    if request.path.startswith(reverse("admin:index")) and user and user.is_active and user.is_staff:
        return render(request, f"admin/{template}", admin.site.each_context(request), status=status)
    return render(request, template, status=status)


def server_error(request):
    """500; 503 if the database or the object storage failed, and a later try may succeed; 507 if the disk is full."""
    error = sys.exc_info()[1]
    if isinstance(error, StorageFull):
        return HttpResponse(plain_page("507.html"), status=507, headers={"Cache-Control": "no-store"})
    if is_outage(error) or isinstance(error, StorageUnavailable):
        return HttpResponse(
            plain_page("503.html"), status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"}
        )
    return HttpResponse(plain_page("500.html"), status=500, headers={"Cache-Control": "no-store"})


@cache
def plain_page(name: str) -> bytes:
    """The unrendered template: plain HTML that needs neither database nor cache nor context."""
    return (settings.BASE_DIR / "templates" / name).read_bytes()
