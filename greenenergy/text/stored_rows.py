"""For migrations: rows that were stored before their fields cleaned them."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from .characters import clean_line, clean_text

# As both databases' regular expressions read it. Some of these may stay (a joiner within an emoji): the filter decides.
_SUSPECT = (
    r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff]"
)


def clean_rows(model: type[models.Model], using: str) -> Iterator[Any]:
    """Clean the texts of all rows of a historical model, and yield each row that was changed.

    A row stays as it is where its text would then equal that of another row, or is no longer accepted at all.
    """
    fields = [field for field in model._meta.fields if isinstance(field, models.CharField | models.TextField)]
    is_suspect = Q()
    for field in fields:
        is_suspect |= Q(**{f"{field.name}__regex": _SUSPECT})
    rows = model._base_manager.using(using)
    for pk in list(rows.filter(is_suspect).values_list("pk", flat=True)):
        row = rows.get(pk=pk)
        changed = [field.name for field in fields if _clean(row, field)]
        if not changed:
            continue
        try:
            with transaction.atomic(using):
                row.save(using=using, update_fields=changed)
        except (IntegrityError, ValidationError):
            continue
        yield row


def _clean(row: models.Model, field: Any) -> bool:
    """Clean one text of the row; whether it was changed."""
    before = getattr(row, field.attname)
    if not isinstance(before, str):
        return False
    after = clean_line(before) if isinstance(field, models.CharField) else clean_text(before)
    setattr(row, field.attname, after)
    return after != before
