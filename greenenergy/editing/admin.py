"""The admin of a model with a rich text: the editor, detection of edit conflicts, a warning about foreign pictures."""

from django.contrib import admin, messages
from django.utils.translation import ngettext

from greenenergy.richtext.field import RichTextField
from greenenergy.richtext.sanitizer import count_foreign_pictures

from .edit_conflicts import EditConflictForm
from .editor import RichTextWidget


class EditedAdmin(admin.ModelAdmin):
    """For a model with `updated_at` and a rich text. Its fieldsets begin with "overwrite" and hold "opened".

    A form of its own must be an EditConflictForm.
    """

    form = EditConflictForm
    formfield_overrides = {RichTextField: {"widget": RichTextWidget}}

    def save_model(self, request, instance, form, change):
        """Warn the editor about pictures on other hosts, which readers will not see."""
        count = sum(
            count_foreign_pictures(form.cleaned_data[field.name])
            for field in instance._meta.fields
            if isinstance(field, RichTextField) and field.name in form.changed_data
        )
        super().save_model(request, instance, form, change)
        if count:
            text = ngettext(
                "正文里有 %d 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。",
                "正文里有 %d 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。",
                count,
            )
            self.message_user(request, text % count, messages.WARNING)
