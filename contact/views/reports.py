"""The report page of the chat desk."""

from datetime import date, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contact import reports


@admin.site.admin_view
@require_safe
def report(request):
    """Figures of the days from ?from to ?to, or of the last ?days; of 30 days where neither can be read."""
    if not request.user.has_perm("contact.see_chat_reports"):
        raise PermissionDenied
    first, last = _span(request.GET)
    whole, agents = reports.chats(first, last)
    return render(
        request,
        "admin/contact/reports.html",
        {
            **admin.site.each_context(request),
            "title": _("客服报表"),
            "first": first,
            "last": last,
            "spans": [(1, _("今天")), (7, _("7 天")), (30, _("30 天")), (365, _("一年"))],
            "chats": whole,
            "agents": agents,
            "clicks": reports.clicks(first, last),
            "enquiries": reports.enquiries(first, last),
        },
    )


_FIRST_DAY = date(2000, 1, 1)


def _span(query):
    today = timezone.localdate()
    days = query.get("days", "")
    if days.isascii() and days.isdecimal() and 1 <= int(days[:5]) <= 3650:
        return today - timedelta(days=int(days[:5]) - 1), today
    try:
        first, last = date.fromisoformat(query.get("from", "")), date.fromisoformat(query.get("to", ""))
    except ValueError:
        return today - timedelta(days=29), today
    first, last = (min(max(day, _FIRST_DAY), today) for day in (first, last))
    return min(first, last), max(first, last)
