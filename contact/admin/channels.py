"""Contact channels, each with its recent clicks."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from contact.models import Channel
from greenenergy.editing.admin import StaffAdmin


@admin.register(Channel)
class ChannelAdmin(StaffAdmin):
    list_display = [
        "name",
        "kind",
        "value",
        "qr_preview",
        "hours",
        "region",
        "recent_clicks",
        "order",
        "is_active",
    ]
    list_editable = ["order", "is_active"]
    list_filter = ["kind", "is_active"]
    fields = ["kind", "label", "value", "qr_code", "hours", "region", "note", "order", "is_active"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_recent_clicks()

    @admin.display(description=_("近 30 天点击"), ordering="recent_clicks")
    def recent_clicks(self, channel):
        return channel.recent_clicks

    @admin.display(description=_("名称"))
    def name(self, channel):
        return channel.name

    @admin.display(description=_("二维码"))
    def qr_preview(self, channel):
        if not channel.qr_code:
            return "—"
        return format_html('<img src="{}" alt="{}" width="48" height="48">', channel.qr_code.url, _("二维码"))
