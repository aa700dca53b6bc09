"""Two people edit one row: the second to save is warned of the first, and no text of either is lost."""

from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.richtext.comparison import is_same_text
from greenenergy.richtext.sanitizer import RichTextError

from .editor import RichTextWidget


class EditConflictForm(forms.ModelForm):
    """Optimistic locking for a model with `updated_at`: see EditedAdmin.

    `opened` is the row's `updated_at` when the form was rendered. Where it has changed since, saving
    takes a tick in `overwrite`.
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.BooleanField(
        label=_("仍然保存"),
        required=False,
        widget=forms.HiddenInput,
        help_text=_("用下面写的覆盖别人保存的内容。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["opened"] = self.instance.updated_at.isoformat()

    @cached_property
    def changed_data(self):
        """What a person would call changed, for the history: not the two fields that are not the row's, and no rich
        text that the editor only writes down in another way."""
        return [
            name
            for name in super().changed_data
            if name not in ("opened", "overwrite") and not self._is_same_text(name)
        ]

    def _is_same_text(self, name):
        if not isinstance(self.fields[name].widget, RichTextWidget):
            return False
        try:
            return is_same_text(self.initial.get(name) or "", self[name].data or "")
        except RichTextError:
            return False  # the form will say why it cannot be saved

    def clean(self):
        cleaned = super().clean()
        opened = cleaned.get("opened")
        if self.instance.pk and opened and not cleaned.get("overwrite"):
            # The row stays locked until it is saved: of two concurrent saves one comes second.
            rows = type(self.instance)._base_manager.select_for_update(of=("self",)).only("updated_at")
            row = rows.filter(pk=self.instance.pk).first()
            if row is None:
                raise ValidationError(deletion_message(type(self.instance), self.instance.pk))
            if row.updated_at.isoformat() != opened:
                self.fields["overwrite"].widget = forms.CheckboxInput()
                raise ValidationError(_conflict_message(row))
        return cleaned


def deletion_message(model: type[Model], pk: Any) -> str:
    """Who deleted the row that somebody else was editing, and what to do with what they wrote."""
    return gettext(
        "您打开这一页之后，%(who)s把它删除了。您写的都在下面，还没有保存；"
        "点“保存”会存成新的一篇，封面和附件要重新选。"
    ) % {"who": _last_to_touch(model, pk)}


def _last_to_touch(model: type[Model], pk: Any) -> str:
    log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=str(pk))
    entry = log.select_related("user").order_by("-action_time").first()
    return entry.user.get_full_name() or entry.user.get_username() if entry else gettext("有人")


def _conflict_message(row: Any) -> str:
    """Who saved the row, when, and a link to it, as safe HTML."""
    text = gettext(
        "您打开这一页之后，%(who)s在 %(when)s 保存过它。您写的都在下面，还没有保存："
        "请先看看现在的内容，把要改的合在一起；或者勾选“仍然保存”。"
    ) % {
        "who": _last_to_touch(type(row), row.pk),
        "when": date_format(timezone.localtime(row.updated_at), "H:i:s"),
    }
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('{} <a href="{}" target="_blank">{}</a>', text, url, gettext("在新窗口看现在的内容"))
