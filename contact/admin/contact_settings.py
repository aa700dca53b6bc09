"""How the company answers: settings, opening hours, holidays."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from contact.models import ContactSettings, OpeningHours, PrivacyText, SpecialDay
from contact.privacy.policy_page import make_policy_page
from greenenergy.editing.admin import StaffAdmin


@admin.register(ContactSettings)
class ContactSettingsAdmin(StaffAdmin):
    """There is one row: the list redirects to it."""

    readonly_fields = ["privacy_version"]
    change_form_template = "admin/contact/contactsettings/change_form.html"

    def changelist_view(self, request, extra_context=None):
        if ContactSettings.objects.exists():
            return HttpResponseRedirect(reverse("admin:contact_contactsettings_change", args=[1]))
        return HttpResponseRedirect(reverse("admin:contact_contactsettings_add"))

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_policy(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_policy(request, obj) or super().response_change(request, obj)

    def _response_to_policy(self, request, rules):
        """For the button that makes a page of the policy that comes with the product: the page, to be read and changed."""
        if "_policy" not in request.POST or not request.user.has_perm("greenenergy.add_section"):
            return None
        page = rules.privacy_page or make_policy_page(rules)
        messages.success(request, gettext("隐私政策页面建好了，请读一遍，改成公司自己的。"))
        return HttpResponseRedirect(reverse("admin:greenenergy_section_change", args=[page.pk]))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ContactSettings.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PrivacyText)
class PrivacyTextAdmin(StaffAdmin):
    """What visitors agreed to, by version: a record, never edited."""

    list_display = ["version", "notice", "created_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

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
