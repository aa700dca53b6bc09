"""The model field and the form field for pictures: what they store is clean and has its renditions."""

from typing import Any

from django import forms
from django.db import models
from django.db.models.fields.files import FieldFile

from .pictures import CleanPicture, clean_picture
from .renditions import store_renditions


class PictureFormField(forms.ImageField):
    """An upload that arrives clean, or is refused in words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp,image/gif"

    def to_python(self, data: Any) -> CleanPicture | None:
        # Not ImageField's own, which would decode the file without our limits.
        file = forms.FileField.to_python(self, data)
        return None if file is None else clean_picture(file)


class PictureField(models.ImageField):
    """An ImageField whose stored file is clean whichever way it came: form, command or shell."""

    def pre_save(self, model_instance: models.Model, add: bool) -> FieldFile:
        file = getattr(model_instance, self.attname)
        if not file or file._committed:
            return super().pre_save(model_instance, add)
        if not isinstance(file.file, CleanPicture):
            setattr(model_instance, self.attname, clean_picture(file.file))
        picture = getattr(model_instance, self.attname).file
        stored = super().pre_save(model_instance, add)
        store_renditions(stored.storage, stored.name, picture)
        return stored

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": PictureFormField, **kwargs})
