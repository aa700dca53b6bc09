"""What each side receives of a conversation, as JSON. Streams and polling send the same payloads."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.models import User
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone

from contact.models import Agent, CannedReply, Conversation, Label, Message

from .devices import device_in_words
from .limits import TYPING_SECONDS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Excerpt(TypedDict):
        last_text: str | None
        last_kind: str | None
        unread: int | None

    DeskConversation = WithAnnotations[Conversation, _Excerpt]

Payload = dict[str, Any]


def conversations_for_desk() -> "QuerySet[DeskConversation]":
    """Conversations with everything that `summary` shows, in one query."""
    # What people wrote last: “transferring you” says nothing of whom one is about to take.
    last = Message.objects.filter(conversation=OuterRef("pk")).exclude(kind=Message.Kind.SYSTEM)
    last = last.order_by("-sequence")
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
        last_text=Subquery(last.annotate(start=Substr("text", 1, 80)).values("start")[:1]),
        last_kind=Subquery(last.values("kind")[:1]),
        unread=Subquery(unread),
    )


def lines_after(held: dict[int, int]) -> dict[int, list[Message]]:
    """The lines after those held, in order, by conversation. `held`: {primary key: number of the last line held}."""
    lines: dict[int, list[Message]] = {pk: [] for pk in held}
    pairs = list(held.items())
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


def line(message: Message) -> Payload:
    """One line; `n` is its number in the conversation."""
    payload: Payload = {
        "n": message.sequence,
        "id": str(message.client_id) if message.client_id else None,
        "kind": message.kind,
        "name": message.author_name,
        "text": message.text,
        "at": in_milliseconds(message.created_at),
    }
    if file := message.file:
        payload["file"] = {
            "url": file.get_absolute_url(),
            "name": file.name,
            "type": file.content_type,
            "size": file.size,
            "width": file.width,
            "height": file.height,
        }
    return payload


# The visitor's side.


def visitor_state(conversation: Conversation) -> Payload:
    """What the visitor sees of the conversation besides its lines."""
    agent = _agent_of(conversation)
    return {
        "conversation": conversation.pk,
        "status": conversation.status,
        "agent": agent.name if agent else None,
        "staff_read": conversation.staff_read,
        "visitor_read": conversation.visitor_read,
        "staff_types": _is_recent(conversation.staff_typing_at),
        "is_answered": conversation.answered_at is not None,
        "waiting_seconds": _seconds_since(conversation.waiting_since)
        if conversation.status == Conversation.Status.WAITING
        else 0,
        "rating": conversation.rating,
        "is_blocked": conversation.visitor.blocked_at is not None,
    }


def visitor_lines(messages: list[Message]) -> list[Payload]:
    """The lines without internal notes, each with its conversation: a visitor sees all of theirs as one thread."""
    return [
        {**line(message), "conversation": message.conversation_id}
        for message in messages
        if message.kind != Message.Kind.NOTE
    ]


# The desk's side.


def summary(conversation: "DeskConversation") -> Payload:
    """One entry of the desk's lists."""
    agent = _agent_of(conversation)
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
        "types": conversation.visitor_typing if _is_recent(conversation.visitor_typing_at) else "",
        "rating": conversation.rating,
    }


def desk_lists(user: User) -> Payload:
    """What the desk shows at a glance: the queue, one's own conversations, the colleagues."""
    rows = conversations_for_desk().filter(
        Q(status=Conversation.Status.WAITING) | Q(status=Conversation.Status.ACTIVE, agent=user)
    )
    return {"conversations": [summary(row) for row in rows.order_by("waiting_since")], "agents": agents()}


def agents() -> list[Payload]:
    """Colleagues whose desk is open, each with the number of their conversations."""
    busy = Count(
        "user__conversations", filter=Q(user__conversations__status=Conversation.Status.ACTIVE), distinct=True
    )
    rows = Agent.objects.at_desk().select_related("user").annotate(chats=busy).order_by(F("is_away"), "pk")
    return [
        {"id": row.user_id, "name": row.staff_name, "is_away": row.is_away, "chats": row.chats}
        for row in rows
    ]


def desk_setup(user: User) -> Payload:
    """What the desk needs once: who its agent is, the labels and the canned replies."""
    agent = Agent.objects.of(user)
    return {
        "me": {"id": user.pk, "name": agent.staff_name, "is_away": agent.is_away},
        "labels": [{"id": label.pk, "name": label.name} for label in Label.objects.all()],
        "canned": [
            {
                "id": reply.pk,
                "shortcut": reply.shortcut,
                "text": reply.text,
                "picture": reply.picture.url if reply.picture else None,
            }
            for reply in CannedReply.objects.all()
        ],
    }


def about(conversation: Conversation) -> Payload:
    """What the desk shows beside a thread: how the visitor came, what they saw, and their earlier conversations."""
    visitor = conversation.visitor
    earlier = Conversation.objects.filter(visitor=visitor).exclude(pk=conversation.pk)[:20]
    return {
        "referrer": conversation.referrer,
        "pages": conversation.pages,
        "started_at": in_milliseconds(conversation.created_at),
        "since": in_milliseconds(visitor.consent_at),
        "name": visitor.name,
        "rating_comment": conversation.rating_comment,
        "labels": list(conversation.labels.values_list("pk", flat=True)),
        "earlier": [
            {
                "id": row.pk,
                "at": in_milliseconds(row.created_at),
                "status": row.get_status_display(),
                "rating": row.rating,
            }
            for row in earlier
        ],
        "enquiries": [
            {"id": row.pk, "receipt": row.receipt, "status": row.get_status_display()}
            for row in conversation.enquiries.all()
        ],
    }


def in_milliseconds(moment: datetime) -> int:
    """Since 1970, as a browser's clock counts."""
    return int(moment.timestamp() * 1000)


def _agent_of(conversation: Conversation) -> Agent | None:
    """The row of the agent; None for nobody, and for a user who has never opened the desk."""
    return getattr(conversation.agent, "chat_agent", None) if conversation.agent_id else None


def _is_recent(moment: datetime | None) -> bool:
    return moment is not None and (timezone.now() - moment).total_seconds() < TYPING_SECONDS


def _seconds_since(moment: datetime) -> int:
    return max(0, int((timezone.now() - moment).total_seconds()))
