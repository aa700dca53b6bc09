"""Model and form fields for files under random names, and for pictures: what these store is clean and has renditions."""

from collections.abc import Sequence
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


class UploadField(models.FileField):
    """A file that is stored under a name of our own: that of the uploaded file may be of any length."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"max_length": None, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs  # the same column: no migration


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
        return super().formfield(**{"form_class": PictureFormField, "max_length": None, **kwargs})
