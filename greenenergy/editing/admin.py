"""The admin of a model with a rich text: the editor, detection of edit conflicts, a warning about what a text cannot keep."""

from collections import Counter
from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from greenenergy.richtext.field import RichTextField
from greenenergy.richtext.sanitizer import losses

from .deletion import deleted_objects
from .edit_conflicts import EditConflictForm, deletion_message
from .editor import RichTextWidget
from .lists import AnyUrlListMixin
from .losses import loss_texts
from .moments import MOMENT_FIELDS


class StaffAdmin(AnyUrlListMixin):
    """The base of every admin page of this site."""

    formfield_overrides = MOMENT_FIELDS
    # In place of these, who may only view sees another field, or nothing where it is "".
    view_only_fields: ClassVar[dict[str, str]] = {}

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj) or not self.view_only_fields:
            return fieldsets
        return [
            (title, {**options, "fields": self._for_viewers(options["fields"])})
            for title, options in fieldsets
        ]

    def _for_viewers(self, fields):
        shown = [self.view_only_fields.get(name, name) if isinstance(name, str) else name for name in fields]
        return [name for name in shown if name]

    def get_deleted_objects(self, objs, request):
        return deleted_objects(objs, request, self.admin_site)


class PartInline(admin.TabularInline):
    """Rows that are a part of the row above: whoever may change that one may change them, too."""

    def has_view_permission(self, request, obj=None):
        return self._whole().has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return self._whole().has_add_permission(request)
        return self._whole().has_change_permission(request, obj)

    def has_add_permission(self, request, obj):
        return PartInline.has_change_permission(self, request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def _whole(self):
        return self.admin_site.get_model_admin(self.parent_model)


class EditedAdmin(StaffAdmin):
    """For a model with `updated_at` and a rich text. Its fieldsets begin with "overwrite" and hold "opened".

    A form of its own must be an EditConflictForm.
    """

    form = EditConflictForm
    formfield_overrides = {**MOMENT_FIELDS, RichTextField: {"widget": RichTextWidget}}
    view_only_fields = {"overwrite": "", "opened": "", "body": "shown_body"}

    @admin.display(description=_("正文"))
    def shown_body(self, row):
        """The body as it looks; RichTextField has cleaned it."""
        return format_html('<div class="shown-body">{}</div>', mark_safe(row.body)) if row.body else "—"  # noqa: S308

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Give back what was written in the form of a row that was deleted meanwhile, as the form of a new one."""
        if request.method == "POST" and object_id and self.get_object(request, unquote(object_id)) is None:
            request.deleted_pk, object_id = unquote(object_id), None
            form_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            request.POST = request.POST.copy()
            for name in request.POST:
                if name.endswith(("-INITIAL_FORMS", "-TOTAL_FORMS")):
                    request.POST[name] = "0"  # what belonged to the row is deleted, too
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form_class = super().get_form(request, obj, change, **kwargs)
        if not hasattr(request, "deleted_pk"):
            return form_class

        def refuse(form):
            cleaned = form_class.clean(form)
            form.add_error(None, deletion_message(self.model, request.deleted_pk))
            return cleaned

        return type(form_class.__name__, (form_class,), {"clean": refuse})

    def save_model(self, request, instance, form, change):
        """Name to the editor what the text cannot keep."""
        lost = Counter()
        for field in instance._meta.fields:
            if isinstance(field, RichTextField):  # of what was sent: cleaned_data has lost it already
                lost += losses(form.data.get(form.add_prefix(field.name), ""))
        super().save_model(request, instance, form, change)
        texts = loss_texts()
        for kind, number in lost.items():
            self.message_user(request, texts[kind].replace("%1", str(number)), messages.WARNING)
