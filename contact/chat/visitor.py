"""What a visitor can do: start, write, read, judge, end."""

import uuid
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Conversation, Message, Visitor
from contact.models.conversations import hash_token
from contact.notifications import announce_waiting
from greenenergy.models import LimitReached, RateLimit
from greenenergy.serving.client_address import network_of

from .browser_input import PAGES_KEPT, Page, one_line
from .knocks import knock
from .writing import Blocked, Kind, Refused, Status, append_line, close_with, save

STARTS_PER_CONVERSATION = 3  # who agrees need not write


def start(token: str, *, name: str, user_agent: str, consent_version: int, address: str) -> Visitor:
    """The visitor of this token, made now if it is new: a retry changes nothing. Raises LimitReached."""
    with transaction.atomic():
        visitor, is_new = Visitor.objects.get_or_create(
            token_hash=hash_token(token),
            defaults={
                "name": one_line(name, 30),
                "user_agent": one_line(user_agent, 300),
                "consent_version": consent_version,
            },
        )
        if is_new:
            limit = settings.ENVIRONMENT.chat_conversations_per_hour * STARTS_PER_CONVERSATION
            RateLimit.objects.spend("chat_start", network_of(address), limit=limit, seconds=3600)
        return visitor


def find_visitor(token: str) -> Visitor | None:
    return Visitor.objects.filter(token_hash=hash_token(token)).first() if token else None


def current_conversation(visitor: Visitor) -> Conversation | None:
    """The newest one, closed or not."""
    return Conversation.objects.filter(visitor=visitor).order_by("-id").first()


def find_line(visitor: Visitor, client_id: uuid.UUID) -> Message | None:
    """What this browser has sent under this id before, in whichever of its conversations."""
    return Message.objects.filter(
        conversation__visitor=visitor, client_id=client_id, kind=Kind.VISITOR
    ).first()


def post_from_visitor(
    visitor: Visitor,
    client_id: uuid.UUID,
    text: str,
    *,
    file=None,
    page: Page | None = None,
    address: str = "",
) -> Message:
    """Store one line and let the other side know; a closed conversation is followed by a new one.

    client_id is chosen by the browser. Sending the same one again, as a retry on a bad line does,
    returns the first line unchanged. `file` is a chat_files.CheckedFile. Raises Blocked, or LimitReached.
    """
    page = page or Page()
    with transaction.atomic():
        visitor = Visitor.objects.select_for_update().get(pk=visitor.pk)
        known = find_line(visitor, client_id)
        if known:
            return known
        if visitor.blocked_at:
            raise Blocked(_("暂时不能在这里发送消息，请拨打服务热线。"))
        _check_pace(visitor)
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        if conversation is None or conversation.status == Status.CLOSED:
            conversation = _open(visitor, page, address)
        if page.url:
            _remember_page(conversation, page)
        conversation.visitor_typing, conversation.visitor_typing_at = "", None
        message = append_line(conversation, Kind.VISITOR, text, client_id=client_id, file=file)
        save(conversation)
        return message


def _check_pace(visitor):
    """The lines themselves, read under the visitor's lock, tell how many came within a minute."""
    limit = settings.ENVIRONMENT.chat_messages_per_minute
    lines = Message.objects.filter(conversation__visitor=visitor, kind=Kind.VISITOR)
    moments = lines.order_by("-conversation_id", "-sequence").values_list("created_at", flat=True)
    for moment in moments[limit - 1 : limit]:
        seconds = 60 - int((timezone.now() - moment).total_seconds())
        if seconds > 0:
            raise LimitReached(seconds)


def _open(visitor, page, address):
    RateLimit.objects.spend(
        "chat_conversation",
        network_of(address),
        limit=settings.ENVIRONMENT.chat_conversations_per_hour,
        seconds=3600,
    )
    conversation = Conversation.objects.create(visitor=visitor, referrer=page.referrer, pages=page.earlier)
    conversation.page_url, conversation.page_title = page.url, page.title
    announce_waiting(conversation)
    return conversation


def _remember_page(conversation, page):
    if conversation.page_url and conversation.page_url != page.url:
        seen = {"url": conversation.page_url, "title": conversation.page_title}
        conversation.pages = [*conversation.pages, seen][-PAGES_KEPT:]
    conversation.page_url, conversation.page_title = page.url, page.title


def visitor_has_moved(visitor: Visitor, page: Page) -> None:
    """The visitor reads another page while the conversation is open."""
    with _visitors_open(visitor) as conversation:
        if conversation and page.url and conversation.page_url != page.url:
            _remember_page(conversation, page)
            save(conversation)


def visitor_has_read(visitor: Visitor, sequence: int) -> None:
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        if conversation and conversation.visitor_read < sequence <= conversation.last_sequence:
            conversation.visitor_read = sequence
            save(conversation)


def visitor_types(visitor: Visitor, text: str) -> None:
    """What stands in the visitor's input now; '' where nothing does."""
    with _visitors_open(visitor) as conversation:
        if conversation and (text or conversation.visitor_typing):
            conversation.visitor_typing = one_line(text, 200)
            conversation.visitor_typing_at = timezone.now() if text else None
            save(conversation)


def rate(visitor: Visitor, stars: int, comment: str) -> None:
    """The visitor's judgement of the last conversation, which is over. Raises Refused."""
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        if conversation is None or conversation.status != Status.CLOSED:
            raise Refused(_("对话结束后才能评价。"))
        conversation.rating, conversation.rating_comment = stars, one_line(comment, 300)
        save(conversation)


def end(visitor: Visitor) -> None:
    """结束: the visitor closes the conversation."""
    with _visitors_open(visitor) as conversation:
        if conversation:
            close_with(conversation, _("访客结束了对话。"))


def forget_browser(visitor: Visitor) -> None:
    """并清除: no cookie opens these conversations any more."""
    Visitor.objects.filter(pk=visitor.pk).update(token_hash=hash_token(uuid.uuid4().hex))
    knock(0, visitor.pk)


@contextmanager
def _visitors_open(visitor):
    """The visitor's conversation while it is open, locked; otherwise None."""
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        yield conversation if conversation and conversation.status != Status.CLOSED else None
