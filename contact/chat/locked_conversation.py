"""What every verb of the chat does: lock the conversation, append a line, save, knock."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Channel, ChatFile, Conversation, Message

from .files import CheckedFile
from .knocks import knock

Status, Kind = Conversation.Status, Message.Kind


class Refused(Exception):
    """The verb cannot be done; the text tells the person why, in their language."""


class Blocked(Refused):
    """The visitor has been blocked."""


class Crowded(Refused):
    """The visitor's IP address has begun too much in this hour: others there, or a flood. They can leave a message or call."""

    def __init__(self, retry_after: int) -> None:
        hotline = Channel.objects.first_hotline()
        if hotline:
            text = _(
                "现在从您这个网络来咨询的人太多了。请留下电话，我们联系您；也可以拨打%(name)s %(number)s。"
            )
            super().__init__(text % {"name": hotline.name, "number": hotline.value})
        else:
            super().__init__(_("现在从您这个网络来咨询的人太多了。请留下电话，我们联系您。"))
        self.retry_after = retry_after  # seconds


@contextmanager
def locked(conversation_id: int) -> Iterator[Conversation]:
    """The conversation, locked until the transaction ends. Raises Conversation.DoesNotExist."""
    with transaction.atomic():
        yield Conversation.objects.select_for_update().get(pk=conversation_id)


def append_line(
    conversation: Conversation,
    kind: Message.Kind,
    text: str,
    *,
    client_id: uuid.UUID | None = None,
    user: User | None = None,
    name: str = "",
    file: CheckedFile | None = None,
) -> Message:
    """Append a line. No two get the same number: the caller holds the row's lock until commit."""
    stored = ChatFile.objects.create(conversation=conversation, **file.fields()) if file else None
    conversation.last_sequence += 1
    return Message.objects.create(
        conversation=conversation,
        sequence=conversation.last_sequence,
        client_id=client_id,
        kind=kind,
        author=user,
        author_name=name,
        text=text,
        file=stored,
    )


def close_with(conversation: Conversation, text: str) -> None:
    """Close it; the text tells the visitor why."""
    conversation.status, conversation.closed_at = Status.CLOSED, timezone.now()
    conversation.visitor_typing, conversation.visitor_typing_at, conversation.staff_typing_at = "", None, None
    append_line(conversation, Kind.SYSTEM, text)
    save(conversation)


def save(conversation: Conversation) -> None:
    """Store the row under a new revision, and knock once it is committed."""
    conversation.revision += 1
    conversation.changed_at = timezone.now()
    conversation.save()
    knock(conversation.pk, conversation.visitor_id)
