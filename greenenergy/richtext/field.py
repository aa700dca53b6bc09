"""The model field for rich text. It cleans what it stores, so that no way of storing text bypasses the allow-list.

It has a plain textarea as its form field; the admin gives it the editor (editing/admin.py).
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .excerpts import excerpt, first_picture, plain_text
from .sanitizer import sanitize


class _Clean(str):
    """Text that pre_save has just cleaned."""


class RichTextField(models.TextField):
    """HTML that is clean whenever it is stored: `save`, `create`, `bulk_create` alike.

    Like ImageField's width_field, the names of sibling fields may be given, declared *after* this
    one, which are filled from the clean text: its plain text, an excerpt, the URL of its first
    picture. `update()` and `bulk_update()` clean as well, but do not fill the siblings.
    """

    def __init__(
        self,
        *args: Any,
        text_field: str | None = None,
        excerpt_field: str | None = None,
        picture_field: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.text_field, self.excerpt_field, self.picture_field = text_field, excerpt_field, picture_field
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for key in ("text_field", "excerpt_field", "picture_field"):
            if getattr(self, key):
                kwargs[key] = getattr(self, key)
        return name, path, args, kwargs

    @property
    def derived_fields(self) -> list[str]:
        """Names of the fields that must be stored together with this one."""
        return [name for name in (self.text_field, self.excerpt_field, self.picture_field) if name]

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = super().clean(value, model_instance)
        return sanitize(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        clean = sanitize(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, clean)
        if self.text_field:
            setattr(model_instance, self.text_field, plain_text(clean))
        if self.excerpt_field:
            setattr(model_instance, self.excerpt_field, excerpt(clean))
        if self.picture_field:
            setattr(model_instance, self.picture_field, first_picture(clean)[:500])
        return _Clean(clean)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Clean what did not come through pre_save: update() and bulk_update()."""
        if isinstance(value, str):
            value = str(value if isinstance(value, _Clean) else sanitize(value))
        return super().get_db_prep_save(value, connection)
