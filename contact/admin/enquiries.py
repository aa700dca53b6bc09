"""The inbox of message forms."""

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contact.enquiries.export import enquiries_as_csv
from contact.models import Enquiry, EnquiryNote
from greenenergy.editing.admin import PartInline, StaffAdmin
from greenenergy.editing.confirmation import ask_first

AT_A_GLANCE = 10  # rows that an action changes without asking: somebody has ticked each of them


class EnquiryNoteInline(PartInline):
    model = EnquiryNote
    extra = 1
    fields = ["text", "author_name", "created_at"]
    readonly_fields = ["author_name", "created_at"]
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False  # notes are a record: never edited


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
class EnquiryAdmin(StaffAdmin):
    """The inbox. Staff change the status and the owner; what the visitor wrote is read-only."""

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
        url = f"{reverse('desk:desk')}#{enquiry.conversation_id}"
        return format_html('<a href="{}">{}</a>', url, enquiry.conversation)

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
        names = [str(enquiry) for enquiry in enquiries.filter(owner=None)]
        count = len(names)
        question = ngettext("这 %d 条留言都由您负责吗？", "这 %d 条留言都由您负责吗？", count) % count
        page = ask_first(self, request, names, question, button=gettext("由我负责"), more_than=AT_A_GLANCE)
        if page:
            return page
        count = enquiries.filter(owner=None).update(owner=request.user)
        enquiries.filter(owner=request.user, status=Enquiry.Status.NEW).update(status=Enquiry.Status.IN_HAND)
        messages.success(request, ngettext("%d 条留言由您负责。", "%d 条留言由您负责。", count) % count)
        return None

    @admin.action(description=_("标为已回复"), permissions=["change"])
    def answered(self, request, enquiries):
        question = ngettext(
            "要把这 %d 条留言标为已回复吗？", "要把这 %d 条留言标为已回复吗？", enquiries.count()
        )
        return self._finish(request, enquiries, Enquiry.Status.ANSWERED, question, gettext("标为已回复"))

    @admin.action(description=_("标为垃圾"), permissions=["change"])
    def spam(self, request, enquiries):
        question = ngettext("要把这 %d 条留言标为垃圾吗？", "要把这 %d 条留言标为垃圾吗？", enquiries.count())
        return self._finish(request, enquiries, Enquiry.Status.SPAM, question, gettext("标为垃圾"))

    def _finish(self, request, enquiries, status, question, button):
        rows = list(enquiries)
        names = [str(enquiry) for enquiry in rows]
        page = ask_first(self, request, names, question % len(rows), button=button, more_than=AT_A_GLANCE)
        if page:
            return page
        with transaction.atomic():
            for enquiry in rows:
                enquiry.status = status
                enquiry.save()
        text = ngettext("改了 %d 条留言的状态。", "改了 %d 条留言的状态。", len(rows))
        messages.success(request, text % len(rows))
        return None

    @admin.action(description=_("导出 CSV"), permissions=["view"])
    def export(self, request, enquiries):
        response = HttpResponse(enquiries_as_csv(enquiries), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="enquiries-{timezone.localdate()}.csv"'
        return response
