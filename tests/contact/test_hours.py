"""服务时间, holidays and 调休."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contact.models import OpeningHours, SpecialDay, Timetable, in_words

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return timezone.make_aware(datetime(2026, 9, day, hour, minute))


@pytest.fixture
def week():
    """Monday to Friday, with a lunch break. 2026-09-28 is a Monday."""
    for weekday in range(5):
        OpeningHours.objects.create(weekday=weekday, opens_at=time(8, 30), closes_at=time(12))
        OpeningHours.objects.create(weekday=weekday, opens_at=time(13, 30), closes_at=time(18))


@pytest.fixture
def today(monkeypatch):
    """Friday, 2026-09-25."""
    monkeypatch.setattr("contact.models.hours.timezone.localdate", lambda: date(2026, 9, 25))


def test_without_hours_somebody_may_always_answer():
    assert Timetable.load().is_open(at(26, 3))


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ((28, 8, 29), False, "今天 8:30"),
        ((28, 8, 30), True, ""),
        ((28, 12, 0), False, "今天 13:30"),
        ((28, 18, 0), False, "明天 8:30"),
        ((25, 18, 0), False, "周一 8:30"),
    ],
)
def test_open_and_back_in_words(week, moment, is_open, words):
    timetable, now = Timetable.load(), at(*moment)
    assert timetable.is_open(now) is is_open
    if not is_open:
        assert in_words(timetable.opens_next(now), now) == words


@pytest.mark.usefixtures("week", "today")
def test_a_holiday_is_closed_and_its_make_up_day_open():
    for day in (1, 2, 5, 6, 7):
        SpecialDay.objects.create(day=date(2026, 10, day), name="国庆")
    SpecialDay.objects.create(day=date(2026, 9, 27), name="国庆调休", is_open=True)
    timetable = Timetable.load()
    assert timetable.is_open(at(27, 9))  # a Sunday, with Monday's hours
    assert not timetable.is_open(at(27, 12, 30))
    evening = at(30, 18)
    assert not timetable.is_open(timezone.make_aware(datetime(2026, 10, 1, 10)))
    assert in_words(timetable.opens_next(evening), evening) == "10月8日（周四）8:30"


@pytest.mark.usefixtures("week", "today")
def test_a_special_day_may_have_hours_of_its_own():
    SpecialDay.objects.create(day=date(2026, 9, 28), is_open=True, opens_at=time(10), closes_at=time(11))
    timetable = Timetable.load()
    assert timetable.is_open(at(28, 10, 30))
    assert not timetable.is_open(at(28, 9))


@pytest.mark.parametrize(
    "row",
    [
        OpeningHours(weekday=0, opens_at=time(18), closes_at=time(8)),
        SpecialDay(day=date(2026, 10, 1), is_open=True, opens_at=time(8)),
        SpecialDay(day=date(2026, 10, 1), is_open=True, opens_at=time(9), closes_at=time(8)),
    ],
)
def test_impossible_hours_are_refused_in_words(row):
    with pytest.raises(ValidationError, match="时间"):
        row.full_clean()
