"""What each side is told about a conversation, as JSON. Streams and polling say the same, from here."""

from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Substr
from django.utils import timezone

from contact.models import Agent, Conversation, Message

from .devices import device_in_words

TYPING_SECONDS = 6  # a typing sign without renewal ends by itself
LINES_AT_ONCE = 200  # what is older is asked for


def conversations_for_desk():
    """Everything that `summary` says, in one query."""
    last = Message.objects.filter(conversation=OuterRef("pk"), sequence=OuterRef("last_sequence"))
    unread = (
        Message.objects.filter(
            conversation=OuterRef("pk"), kind=Message.Kind.VISITOR, sequence__gt=OuterRef("staff_read")
        )
        .order_by()
        .values("conversation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Conversation.objects.select_related("visitor", "agent__chat_agent").annotate(
        last_text=Subquery(last.annotate(start=Substr("text", 1, 80)).values("start")),
        last_kind=Subquery(last.values("kind")),
        unread=Subquery(unread),
    )


def lines_after(wanted: dict[int, int]) -> dict[int, list[Message]]:
    """For each conversation's id the lines after the number that stands beside it, in order."""
    lines: dict[int, list[Message]] = {pk: [] for pk in wanted}
    pairs = list(wanted.items())
    for begin in range(0, len(pairs), 100):
        condition = Q()
        for pk, sequence in pairs[begin : begin + 100]:
            condition |= Q(conversation_id=pk, sequence__gt=sequence)
        found = (
            Message.objects.filter(condition).select_related("file").order_by("conversation_id", "sequence")
        )
        for message in found:
            lines[message.conversation_id].append(message)
    return lines


def line(message: Message) -> dict:
    """One line; `n` is its number in the conversation."""
    said = {
        "n": message.sequence,
        "id": str(message.client_id) if message.client_id else None,
        "kind": message.kind,
        "name": message.author_name,
        "text": message.text,
        "at": in_milliseconds(message.created_at),
    }
    if message.file_id:
        file = message.file
        said["file"] = {
            "url": file.get_absolute_url(),
            "name": file.name,
            "type": file.content_type,
            "size": file.size,
            "width": file.width,
            "height": file.height,
        }
    return said


def visitor_state(conversation: Conversation) -> dict:
    """What the visitor is told of the conversation besides its lines."""
    agent = getattr(conversation.agent, "chat_agent", None) if conversation.agent_id else None
    return {
        "conversation": conversation.pk,
        "status": conversation.status,
        "agent": agent.name if agent else None,
        "staff_read": conversation.staff_read,
        "visitor_read": conversation.visitor_read,
        "staff_types": _is_recent(conversation.staff_typing_at),
        "is_answered": conversation.answered_at is not None,
        "waiting_seconds": _seconds_since(conversation.waiting_since)
        if conversation.status == "waiting"
        else 0,
        "rating": conversation.rating,
    }


def visitor_update(conversation: Conversation, messages: list[Message]) -> dict:
    return {
        **visitor_state(conversation),
        "messages": [line(message) for message in messages if message.kind != Message.Kind.NOTE],
    }


def summary(conversation: Conversation) -> dict:
    """One entry of the desk's lists; from conversations_for_desk()."""
    agent = getattr(conversation.agent, "chat_agent", None) if conversation.agent_id else None
    types = conversation.visitor_typing if _is_recent(conversation.visitor_typing_at) else ""
    return {
        "id": conversation.pk,
        "revision": conversation.revision,
        "sequence": conversation.last_sequence,
        "status": conversation.status,
        "agent": conversation.agent_id,
        "agent_name": agent.staff_name if agent else "",
        "visitor": conversation.visitor.display_name,
        "is_blocked": conversation.visitor.blocked_at is not None,
        "device": device_in_words(conversation.visitor.user_agent),
        "page": {"url": conversation.page_url, "title": conversation.page_title},
        "waiting_since": in_milliseconds(conversation.waiting_since),
        "changed_at": in_milliseconds(conversation.changed_at),
        "is_answered": conversation.answered_at is not None,
        "last": {"kind": conversation.last_kind, "text": conversation.last_text},
        "unread": conversation.unread or 0,
        "staff_read": conversation.staff_read,
        "visitor_read": conversation.visitor_read,
        "types": types,
        "rating": conversation.rating,
    }


def desk_lists(user) -> dict:
    """What the desk shows at a glance: who waits, my chats, the colleagues."""
    rows = conversations_for_desk().filter(
        Q(status=Conversation.Status.WAITING) | Q(status=Conversation.Status.ACTIVE, agent=user)
    )
    return {"conversations": [summary(row) for row in rows.order_by("waiting_since")], "agents": agents()}


def agents() -> list[dict]:
    """Colleagues whose desk is open."""
    busy = Count(
        "user__conversations", filter=Q(user__conversations__status=Conversation.Status.ACTIVE), distinct=True
    )
    rows = Agent.objects.at_desk().select_related("user").annotate(chats=busy).order_by(F("is_away"), "pk")
    return [
        {"id": row.user_id, "name": row.staff_name, "is_away": row.is_away, "chats": row.chats}
        for row in rows
    ]


def in_milliseconds(moment: datetime) -> int:
    """As a browser's clock counts."""
    return int(moment.timestamp() * 1000)


def _is_recent(moment):
    return moment is not None and (timezone.now() - moment).total_seconds() < TYPING_SECONDS


def _seconds_since(moment):
    return max(0, int((timezone.now() - moment).total_seconds()))
