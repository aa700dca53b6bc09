"""How the company answers: settings, opening hours, holidays."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse

from contact.models import ContactSettings, OpeningHours, SpecialDay
from greenenergy.editing.admin import StaffAdmin


@admin.register(ContactSettings)
class ContactSettingsAdmin(StaffAdmin):
    """There is one row: the list redirects to it."""

    def changelist_view(self, request, extra_context=None):
        if ContactSettings.objects.exists():
            return HttpResponseRedirect(reverse("admin:contact_contactsettings_change", args=[1]))
        return HttpResponseRedirect(reverse("admin:contact_contactsettings_add"))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ContactSettings.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OpeningHours)
class OpeningHoursAdmin(StaffAdmin):
    list_display = ["weekday", "opens_at", "closes_at"]


@admin.register(SpecialDay)
class SpecialDayAdmin(StaffAdmin):
    list_display = ["day", "name", "is_open", "opens_at", "closes_at"]
    list_filter = ["is_open"]
    date_hierarchy = "day"
