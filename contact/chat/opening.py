"""Whether somebody answers now, and otherwise when."""

from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Agent, Timetable, in_words


def opening_state() -> dict[str, str]:
    """`state`: online, away (open, but nobody is at the desk) or closed; `back`: in words when the company opens."""
    now, timetable = timezone.now(), Timetable.load()
    if not timetable.is_open(now):
        opening = timetable.opens_next(now)
        back = _("%(when)s 上班") % {"when": in_words(opening, now)} if opening else ""
        return {"state": "closed", "back": back}
    return {"state": "online" if Agent.objects.present().exists() else "away", "back": ""}
