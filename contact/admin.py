"""Staff keep the channels, the chat's settings and the inbox of message forms. The chat itself is at /admin/chat/."""

import csv
import io

from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .models import (
    Agent,
    CannedReply,
    Channel,
    ContactSettings,
    Enquiry,
    EnquiryNote,
    Label,
    Notification,
    OpeningHours,
    Robot,
    SpecialDay,
)


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
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


@admin.register(ContactSettings)
class ContactSettingsAdmin(admin.ModelAdmin):
    """One row: the list leads straight to it."""

    def changelist_view(self, request, extra_context=None):
        if ContactSettings.objects.exists():
            return HttpResponseRedirect(reverse("admin:contact_contactsettings_change", args=[1]))
        return HttpResponseRedirect(reverse("admin:contact_contactsettings_add"))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ContactSettings.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OpeningHours)
class OpeningHoursAdmin(admin.ModelAdmin):
    list_display = ["weekday", "opens_at", "closes_at"]


@admin.register(SpecialDay)
class SpecialDayAdmin(admin.ModelAdmin):
    list_display = ["day", "name", "is_open", "opens_at", "closes_at"]
    list_filter = ["is_open"]
    date_hierarchy = "day"


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):
    list_display = ["user", "display_name", "is_away", "seen_at"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]


@admin.register(CannedReply)
class CannedReplyAdmin(admin.ModelAdmin):
    list_display = ["shortcut", "text", "order"]
    list_editable = ["order"]
    search_fields = ["shortcut", "text"]


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):
    search_fields = ["name"]


@admin.register(Robot)
class RobotAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "is_active", "on_waiting", "on_enquiry", "last_sent_at", "last_fault"]
    readonly_fields = ["last_sent_at", "last_fault"]
    actions = ["send_test"]

    @admin.action(description=_("发一条测试消息"))
    def send_test(self, request, robots):
        Notification.objects.bulk_create(
            Notification(robot=robot, subject=gettext("测试"), text=gettext("这是网站发来的测试消息。"))
            for robot in robots
        )
        messages.info(request, gettext("测试消息已排队，几秒后刷新本页看结果。"))


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    """What went out, and what did not and why."""

    list_display = ["subject", "robot", "created_at", "sent_at", "attempts", "fault", "given_up_at"]
    list_filter = ["robot", "sent_at"]
    list_select_related = ["robot"]
    actions = ["send_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.action(description=_("再发一次"))
    def send_again(self, request, notifications):
        count = notifications.update(due_at=timezone.now(), given_up_at=None, sent_at=None, attempts=0)
        messages.info(request, gettext("%(count)d 条通知会马上再发。") % {"count": count})


class EnquiryNoteInline(admin.TabularInline):
    model = EnquiryNote
    extra = 1
    fields = ["text", "author_name", "created_at"]
    readonly_fields = ["author_name", "created_at"]
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False  # what was noted stays as it was


class OwnerFilter(admin.SimpleListFilter):
    title, parameter_name = _("负责人"), "whose"

    def lookups(self, request, model_admin):
        return [("mine", _("我的")), ("nobody", _("还没有人负责"))]

    def queryset(self, request, enquiries):
        if self.value() == "mine":
            return enquiries.filter(owner=request.user)
        return enquiries.filter(owner=None) if self.value() == "nobody" else enquiries


_VISITORS_WORDS = [
    "receipt",
    "created_at",
    "name",
    "phone",
    "wechat",
    "company",
    "topic",
    "text",
    "page",
    "chat",
    "consent",
]


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    """The inbox: what visitors wrote is not edited; who answers it, and how far it is, is."""

    list_display = ["receipt", "name", "reach", "topic", "excerpt", "status", "owner", "age"]
    list_filter = ["status", OwnerFilter, "topic"]
    list_select_related = ["owner"]
    search_fields = ["receipt", "name", "phone", "wechat", "company", "text"]
    date_hierarchy = "created_at"
    readonly_fields = _VISITORS_WORDS
    fields = ["status", "owner", *_VISITORS_WORDS]
    autocomplete_fields = ["owner"]
    inlines = [EnquiryNoteInline]
    actions = ["take", "answered", "spam", "export"]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("电话 / 微信"))
    def reach(self, enquiry):
        return " / ".join(filter(None, (enquiry.phone, enquiry.wechat)))

    @admin.display(description=_("内容"))
    def excerpt(self, enquiry):
        return enquiry.text[:40] + ("…" if len(enquiry.text) > 40 else "")

    @admin.display(description=_("多久了"), ordering="-created_at")
    def age(self, enquiry):
        words = timesince(enquiry.created_at, depth=1)
        is_late = enquiry.done_at is None and (timezone.now() - enquiry.created_at).days >= 1
        return format_html("<strong>{}</strong>", words) if is_late else words

    @admin.display(description=_("来自页面"))
    def page(self, enquiry):
        if not enquiry.page_url:
            return "—"
        return format_html(
            '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
            enquiry.page_url,
            enquiry.page_title or enquiry.page_url,
        )

    @admin.display(description=_("会话"))
    def chat(self, enquiry):
        if not enquiry.conversation_id:
            return "—"
        address = f"{reverse('desk:desk')}#{enquiry.conversation_id}"
        return format_html('<a href="{}">{}</a>', address, enquiry.conversation)

    @admin.display(description=_("同意"))
    def consent(self, enquiry):
        return gettext("第 %(version)d 版：%(text)s") % {
            "version": enquiry.consent_version,
            "text": enquiry.consent_text,
        }

    def save_formset(self, request, form, formset, change):
        for note in formset.save(commit=False):
            note.author, note.author_name = request.user, request.user.get_full_name() or str(request.user)
            note.save()
        formset.save_m2m()

    @admin.action(description=_("由我负责"), permissions=["change"])
    def take(self, request, enquiries):
        count = enquiries.filter(owner=None).update(owner=request.user)
        enquiries.filter(owner=request.user, status=Enquiry.Status.NEW).update(status=Enquiry.Status.IN_HAND)
        messages.success(request, ngettext("%d 条留言由您负责。", "%d 条留言由您负责。", count) % count)

    @admin.action(description=_("标为已回复"), permissions=["change"])
    def answered(self, request, enquiries):
        self._finish(enquiries, Enquiry.Status.ANSWERED)

    @admin.action(description=_("标为垃圾"), permissions=["change"])
    def spam(self, request, enquiries):
        self._finish(enquiries, Enquiry.Status.SPAM)

    def _finish(self, enquiries, status):
        for enquiry in enquiries:
            enquiry.status = status
            enquiry.save()

    @admin.action(description=_("导出 CSV"), permissions=["view"])
    def export(self, request, enquiries):
        response = HttpResponse(enquiries_as_csv(enquiries), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="enquiries-{timezone.localdate()}.csv"'
        return response


_COLUMNS = (
    "receipt created_at status owner name phone wechat company topic text page_url page_title done_at".split()
)


def enquiries_as_csv(enquiries) -> str:
    """With a byte order mark, for Excel; no cell can be taken for a formula."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow([str(Enquiry._meta.get_field(name).verbose_name) for name in _COLUMNS])
    for enquiry in enquiries.select_related("owner"):
        row = [getattr(enquiry, name) for name in _COLUMNS]
        row[2] = enquiry.get_status_display()
        writer.writerow([_plain_cell(value) for value in row])
    return file.getvalue()


def _plain_cell(value):
    if value is None:
        return ""
    if hasattr(value, "astimezone"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = str(value)
    # https://owasp.org/www-community/attacks/CSV_Injection
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
