"""What a visitor's browser is given of everything they wrote and read here, over all their conversations.

A visitor sees one thread. An answer in a conversation that was closed since is no less theirs than the newest line.
"""

from django.db.models import F

from contact.models import Conversation, Message, Visitor
from contact.models.conversations import MessageQuerySet

from .cursor import Cursor
from .limits import LINES_OF_AN_OPENED_PANEL
from .payloads import Payload, visitor_lines, visitor_state


def opened(visitor: Visitor) -> Payload | None:
    """The newest lines, and how many of the answers are unread; None where there is no conversation."""
    newest = _newest(visitor)
    if newest is None:
        return None
    end = Cursor(newest.pk + 1)
    return {**visitor_state(newest), **older(visitor, end), "unread": unread(visitor)}


def older(visitor: Visitor, cursor: Cursor) -> Payload:
    """The lines before the cursor's, the last ones of them; `has_older` where there are more."""
    found = _lines(visitor).before(*cursor, LINES_OF_AN_OPENED_PANEL + 1)
    lines = found[-LINES_OF_AN_OPENED_PANEL:]
    return {**_with_reads(lines), "has_older": len(found) > len(lines)}


def since(visitor: Visitor, cursor: Cursor) -> Payload:
    """Every line after the cursor's, of all conversations, with the state of the newest one."""
    newest = _newest(visitor)
    if newest is None:
        return {"conversation": None, "messages": []}
    return {**visitor_state(newest), **_with_reads(list(_lines(visitor).beyond(*cursor)))}


def unread(visitor: Visitor) -> int:
    """Answers that were never on a screen that the visitor looked at."""
    return (
        Message.objects.of_visitor(visitor)
        .filter(kind=Message.Kind.STAFF, sequence__gt=F("conversation__visitor_read"))
        .count()
    )


def _newest(visitor: Visitor) -> Conversation | None:
    newest = Conversation.objects.select_related("agent__chat_agent").newest_of(visitor)
    if newest:
        newest.visitor = visitor  # not queried again
    return newest


def _lines(visitor: Visitor) -> MessageQuerySet:
    return Message.objects.of_visitor(visitor).for_visitor().select_related("file", "conversation")


def _with_reads(lines: list[Message]) -> Payload:
    """The lines, and up to which number staff have read each of their conversations."""
    reads = {message.conversation_id: message.conversation.staff_read for message in lines}
    return {"messages": visitor_lines(lines), "reads": reads}
