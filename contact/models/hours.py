"""服务时间: when somebody answers, week by week, with holidays and 调休 from a table that staff maintain."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField

SEARCHED_DAYS = 30  # ahead, for the next opening; after a longer holiday it is not announced


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("周一")
    TUESDAY = 1, _("周二")
    WEDNESDAY = 2, _("周三")
    THURSDAY = 3, _("周四")
    FRIDAY = 4, _("周五")
    SATURDAY = 5, _("周六")
    SUNDAY = 6, _("周日")


class OpeningHours(models.Model):
    """One span of one weekday; a day with a lunch break has two."""

    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday.choices)
    opens_at = models.TimeField(_("从"))
    closes_at = models.TimeField(_("到"))

    class Meta:
        verbose_name = verbose_name_plural = _("服务时间")
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="hours_end_after_they_begin"
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}—{self.closes_at:%H:%M}"

    def clean(self):
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": gettext("结束时间要晚于开始时间；过了零点的请分成两天填。")})


class SpecialDay(models.Model):
    """节假日与调休: this one day is closed, or open although its weekday is not."""

    day = models.DateField(_("日期"), unique=True)
    name = CharField(_("名称"), max_length=30, blank=True, help_text=_("例如 春节、国庆调休。"))
    is_open = models.BooleanField(_("上班"), default=False, help_text=_("调休上班的日子勾选；放假不勾。"))
    opens_at = models.TimeField(_("从"), null=True, blank=True, help_text=_("留空则用周一的服务时间。"))
    closes_at = models.TimeField(_("到"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日与调休")
        ordering = ["-day"]

    def __str__(self):
        state = gettext("上班") if self.is_open else gettext("放假")
        return f"{self.day} {self.name} {state}"

    def clean(self):
        if (self.opens_at is None) != (self.closes_at is None):
            raise ValidationError({"closes_at": gettext("开始和结束时间要么都填，要么都不填。")})
        if self.opens_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": gettext("结束时间要晚于开始时间。")})


@dataclass(frozen=True)
class Timetable:
    """Opening hours and special days, read once. Where no hours are set, the company is always open."""

    week: dict[int, list[tuple[time, time]]]
    special: dict[date, SpecialDay]

    @classmethod
    def load(cls) -> "Timetable":
        week: dict = {}
        for hours in OpeningHours.objects.all():
            week.setdefault(hours.weekday, []).append((hours.opens_at, hours.closes_at))
        yesterday = timezone.localdate() - timedelta(days=1)
        special = SpecialDay.objects.filter(
            day__range=(yesterday, yesterday + timedelta(days=SEARCHED_DAYS + 1))
        )
        return cls(week, {row.day: row for row in special})

    def spans(self, day: date) -> list[tuple[time, time]]:
        """The spans of one day, in order."""
        special = self.special.get(day)
        if special is None:
            return self.week.get(day.weekday(), [])
        if not special.is_open:
            return []
        if special.opens_at:
            return [(special.opens_at, special.closes_at)]
        return self.week.get(Weekday.MONDAY, [])

    def is_open(self, moment: datetime) -> bool:
        local = timezone.localtime(moment)
        if not self.week and local.date() not in self.special:
            return True
        if not self.week and self.special[local.date()].is_open and not self.spans(local.date()):
            return True
        return any(opens <= local.time() < closes for opens, closes in self.spans(local.date()))

    def opens_next(self, moment: datetime) -> datetime | None:
        """The next opening; None where there is none within SEARCHED_DAYS."""
        local = timezone.localtime(moment)
        for offset in range(SEARCHED_DAYS):
            day = local.date() + timedelta(days=offset)
            for opens, _closes in self.spans(day):
                opening = timezone.make_aware(datetime.combine(day, opens))
                if opening > moment:
                    return opening
        return None


def in_words(opening: datetime, now: datetime) -> str:
    """今天 13:30, 明天 8:30, 周一 8:30, 10月8日（周四）8:30."""
    opening, now = timezone.localtime(opening), timezone.localtime(now)
    clock = f"{opening.hour}:{opening:%M}"
    days = (opening.date() - now.date()).days
    if days == 0:
        return gettext("今天 %(clock)s") % {"clock": clock}
    if days == 1:
        return gettext("明天 %(clock)s") % {"clock": clock}
    weekday = Weekday(opening.weekday()).label
    if days < 7:
        return f"{weekday} {clock}"
    return gettext("%(date)s（%(weekday)s）%(clock)s") % {
        "date": date_format(opening, "MONTH_DAY_FORMAT"), "weekday": weekday, "clock": clock,
    }  # fmt: skip
