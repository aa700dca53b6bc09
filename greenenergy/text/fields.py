"""Model fields for text, in place of Django's: what they store, look up and validate is clean (characters.py).

A migration sees Django's fields, because the columns are the same.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db import models

from .characters import clean_line, clean_text

_Text = TypeVar("_Text")


class LineFormField(forms.CharField):
    """One line. Cleans before it counts: an invisible character is none too many."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class _FormText(forms.CharField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


class _FormURL(forms.URLField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class _CleanMixin(models.Field):
    """Cleans a value wherever it comes from: a form, `save`, `bulk_create`, `update`, a lookup."""

    cleaner: Callable[[str], str] = staticmethod(clean_line)

    def _cleaned(self, value: _Text) -> _Text:
        return type(self).cleaner(value) if isinstance(value, str) else value  # type: ignore[return-value]

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._cleaned(value))

    def get_prep_value(self, value: Any) -> Any:
        return self._cleaned(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        clean = self._cleaned(value)
        if clean is not value:
            setattr(model_instance, self.attname, clean)
        return clean

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path.replace(__name__, "django.db.models"), args, kwargs


class CharField(_CleanMixin, models.CharField):
    """One line."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineFormField, **kwargs})


class URLField(_CleanMixin, models.URLField):
    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": _FormURL, **kwargs})


class TextField(_CleanMixin, models.TextField):
    """Text of several lines."""

    cleaner = staticmethod(clean_text)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": _FormText, **kwargs})
