"""Form fields for days and times as staff write them: 2026-12-01, 2026年12月1日, 2026.12.1, 20261201, with a time or without."""

import re
import unicodedata
from datetime import date, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime, AdminTimeWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2100
_DAY = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2}))(?!\d)(.*)", re.DOTALL
)
_CLOCK = re.compile(
    r"(上午|早上|中午|下午|晚上)?\s*(\d{1,2})"
    r"(?:(\d{2})|\s*[:.时点]\s*(?:(半)|(\d{1,2})(?:\s*[:.分]\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)"
)


def read_day(text: str) -> tuple[date, str] | None:
    """The day at the beginning of a text, and what follows; None where there is none. Raises ValidationError for 31 February."""
    match = _find_day(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
    try:
        return date(year, month, day), match[6].strip(" \tT,，")
    except ValueError:
        raise ValidationError(
            _("没有 %(year)d 年 %(month)d 月 %(day)d 日这一天。")
            % {"year": year, "month": month, "day": day},
            code="invalid",
        ) from None


def _find_day(text):
    return _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())


def read_clock(text: str) -> time | None:
    """A time of day: 8:05, 08:05:30, 8点, 8点半, 下午3:05, 0805; None where it is none."""
    match = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return None
    half, hour = match[1], int(match[2])
    minute, second = 30 if match[4] else int(match[3] or match[5] or 0), int(match[6] or 0)
    if (half in ("下午", "晚上") and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


class DayField(forms.DateField):
    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = read_day(value)
        if found is None or found[1]:
            text = _("看不懂日期“%(text)s”，请写成 2026-12-01 或 2026年12月1日。")
            raise ValidationError(text % {"text": value[:30]}, code="invalid")
        return found[0]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            text = _("年份要在 %(first)d 到 %(last)d 之间，这里写的是 %(year)04d 年。")
            raise ValidationError(
                text % {"first": FIRST_YEAR, "last": LAST_YEAR, "year": value.year}, code="year"
            )


class ClockField(forms.TimeField):
    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = read_clock(value)
        if found is None:
            text = _("看不懂时间“%(text)s”，请写成 08:30 或 8点30分。")
            raise ValidationError(text % {"text": value[:30]}, code="invalid")
        return found


class MomentField(forms.SplitDateTimeField):
    """A day and a time in two inputs. Without a time it is the beginning of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = (DayField(required=False), ClockField(required=False))

    def clean(self, value: Any) -> Any:
        day, clock = self._parts(value)
        if clock and not day:
            raise ValidationError(_("只写了时间，还没有写日期。"), code="invalid_date")
        return super().clean([day, clock])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, self._parts(data))

    def _clean_bound_field(self, bound_field: Any) -> Any:
        # A moment that may no longer be written, such as that of an imported article of 1998, stays while nobody changes it.
        before = bound_field.initial
        if before and not self.disabled and not self.has_changed(before, bound_field.data):
            return before
        return super()._clean_bound_field(bound_field)

    def _parts(self, value):
        """[day, time] as texts; a time that was pasted behind the day is the time."""
        day, clock = [str(part or "").strip() for part in value or ["", ""]]
        if day and not clock:
            found = _find_day(day)
            clock = (found and found[6].strip(" \tT,，")) or "00:00"
            day = found[0][: found.start(6)] if found and found[6] else day
        return [day, clock]


# For `formfield_overrides` of the admin.
MOMENT_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime},
    models.DateField: {"form_class": DayField, "widget": AdminDateWidget},
    models.TimeField: {"form_class": ClockField, "widget": AdminTimeWidget},
}
