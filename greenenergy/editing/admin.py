"""The admin of a model with a rich text: the editor, detection of edit conflicts, a warning about what a text cannot keep."""

from collections import Counter

from django.contrib import admin, messages

from greenenergy.richtext.field import RichTextField
from greenenergy.richtext.sanitizer import losses

from .edit_conflicts import EditConflictForm
from .editor import RichTextWidget
from .losses import loss_texts


class EditedAdmin(admin.ModelAdmin):
    """For a model with `updated_at` and a rich text. Its fieldsets begin with "overwrite" and hold "opened".

    A form of its own must be an EditConflictForm.
    """

    form = EditConflictForm
    formfield_overrides = {RichTextField: {"widget": RichTextWidget}}

    def save_model(self, request, instance, form, change):
        """Name to the editor what the text cannot keep."""
        lost = Counter()
        for field in instance._meta.fields:
            if isinstance(field, RichTextField) and field.name in form.changed_data:
                lost += losses(
                    form.data.get(form.add_prefix(field.name), "")
                )  # cleaned_data has lost it already
        super().save_model(request, instance, form, change)
        texts = loss_texts()
        for kind, number in lost.items():
            self.message_user(request, texts[kind].replace("%1", str(number)), messages.WARNING)
