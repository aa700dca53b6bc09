"""Whether somebody answers now, and otherwise when."""

from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Agent, Timetable, in_words


def opening_state() -> dict[str, str]:
    """`state`: online, away (open, but nobody is at the desk) or closed; in words `label` says so, `apology` why nobody answers."""
    now, timetable = timezone.now(), Timetable.load()
    if not timetable.is_open(now):
        opening = timetable.opens_next(now)
        back = _("下班了，%(when)s 上班") % {"when": in_words(opening, now)} if opening else _("下班了")
        return {"state": "closed", "label": back, "apology": _("客服现在不在。")}
    if Agent.objects.present().exists():
        return {"state": "online", "label": _("在线"), "apology": _("客服正忙。")}
    return {"state": "away", "label": _("客服暂时不在"), "apology": _("客服现在不在。")}
