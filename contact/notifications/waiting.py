"""Telling the group chats that visitors wait: in one text for all of them, and once more where nobody took them.

The conversations say themselves what was announced. So nothing is stored in a visitor's request, and of several processes
each conversation is announced by one.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Conversation, Robot
from contact.notifications import absolute, fact, write

# Of waiting, then it is announced: an agent who closes the desk gives back all conversations at once.
GATHER_SECONDS = 4
REMIND_SECONDS = 60
NAMED_VISITORS = 5


def announce() -> int:
    """Write one notification for each robot if somebody has begun to wait, or waits too long. Returns about how many."""
    robots = Robot.objects.filter(is_active=True, on_waiting=True)
    now = timezone.now()
    waiting = Conversation.objects.filter(status=Conversation.Status.WAITING)
    new = waiting.filter(announcements=0)
    late = waiting.filter(announcements=1, waiting_since__lte=now - timedelta(seconds=REMIND_SECONDS))
    is_due = new.filter(waiting_since__lte=now - timedelta(seconds=GATHER_SECONDS)).exists() or late.exists()
    if not is_due or not robots.exists():
        return 0
    with transaction.atomic():
        late_count = late.update(announcements=2)
        new_count = new.update(announcements=1)
        rows = list(waiting.select_related("visitor").order_by("waiting_since"))
        if rows and late_count + new_count:  # else an agent or another process was faster
            write(robots, _text(rows, is_reminder=not new_count))
    return late_count + new_count


def _text(rows: list[Conversation], *, is_reminder: bool) -> list[str]:
    """The lines of the text about all who wait, whoever is new among them."""
    head = _("还没有人接待，%(count)d 位访客在等") if is_reminder else _("有 %(count)d 位访客在等待接待")
    desk = fact(_("接待"), absolute("/admin/chat/"))
    if len(rows) == 1:
        [row] = rows
        lines = [
            head % {"count": 1},
            fact(_("访客"), row.visitor.display_name),
            fact(_("页面"), _page_of(row)),
        ]
        return [*lines, *([absolute(row.page_url)] if row.page_url else []), desk]
    named = [fact(row.visitor.display_name, _page_of(row)) for row in rows[:NAMED_VISITORS]]
    return [head % {"count": len(rows)}, *named, *(["…"] if len(rows) > NAMED_VISITORS else []), desk]


def _page_of(row: Conversation) -> str:
    return row.page_title or _("（没有标题）")
