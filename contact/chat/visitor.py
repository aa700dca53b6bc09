"""What a visitor can do: start, write, read, rate, end."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Channel, Conversation, Message, Visitor
from contact.models.conversations import MessageQuerySet, hash_token
from greenenergy.models import LimitReached, RateLimit
from greenenergy.serving.client_address import network_of

from .browser_input import MAX_EARLIER_PAGES, Location, one_line
from .cursor import Cursor
from .files import CheckedFile
from .knocks import knock
from .limits import SILENT_VISITORS
from .locked_conversation import Blocked, Crowded, Kind, Refused, append_line, close_with, locked, save

COOKIE = "chat"  # its value is the visitor's token


def start(token: str, *, name: str, user_agent: str, consent_version: int, ip: str) -> Visitor:
    """The visitor of this token, created if it is new; a retry changes nothing. Raises Crowded."""
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
            _spend("chat_start", ip, SILENT_VISITORS)
        return visitor


def _spend(kind: str, ip: str, limit: int) -> None:
    """One of what an IP address may begin in an hour. Raises Crowded."""
    try:
        RateLimit.objects.spend(kind, network_of(ip), limit=limit, seconds=3600)
    except LimitReached as reached:
        raise Crowded(reached.retry_after) from None


def agree_again(visitor: Visitor, consent_version: int) -> None:
    """A known browser agrees once more, in another tab or to a newer notice."""
    newer = Visitor.objects.filter(pk=visitor.pk).exclude(consent_version=consent_version)
    newer.update(consent_version=consent_version, consent_at=timezone.now())


def find_visitor(token: str) -> Visitor | None:
    return Visitor.objects.filter(token_hash=hash_token(token)).first() if token else None


def find_line(visitor: Visitor, client_id: uuid.UUID) -> Message | None:
    """The line that this browser sent under this id before, in whichever of its conversations."""
    return _lines_of(visitor).sent_as(client_id)


def post_from_visitor(
    visitor: Visitor,
    client_id: uuid.UUID,
    text: str,
    *,
    file: CheckedFile | None = None,
    location: Location | None = None,
    ip: str = "",
) -> Message:
    """Store one line and notify the other side; after a closed conversation it opens a new one.

    client_id is chosen by the browser. Sending the same one again, as a retry after a lost answer
    does, returns the first line unchanged. Raises Blocked, Crowded, or LimitReached.
    """
    location = location or Location()
    with transaction.atomic():
        visitor = Visitor.objects.select_for_update().get(pk=visitor.pk)
        known = find_line(visitor, client_id)
        if known:
            return known
        if visitor.blocked_at:
            raise Blocked(
                _("暂时不能在这里发送消息，请拨打%(hotline)s。")
                % {"hotline": Channel.objects.hotline_in_words()}
            )
        _check_rate(visitor)
        conversation = Conversation.objects.select_for_update().newest_of(visitor)
        if conversation is None or not conversation.is_open:
            if conversation is None:
                RateLimit.objects.give_back("chat_start", network_of(ip))
            conversation = _open_conversation(visitor, location, ip)
        if location.url:
            _record_page(conversation, location)
        conversation.visitor_typing, conversation.visitor_typing_at = "", None
        message = append_line(conversation, Kind.VISITOR, text, client_id=client_id, file=file)
        save(conversation)
        return message


def _lines_of(visitor: Visitor) -> MessageQuerySet:
    return Message.objects.of_visitor(visitor).filter(kind=Kind.VISITOR)


def _check_rate(visitor: Visitor) -> None:
    """Raises LimitReached. Counts the stored lines, which is exact under the visitor's lock."""
    limit = settings.ENVIRONMENT.chat_messages_per_minute
    moments = (
        _lines_of(visitor).order_by("-conversation_id", "-sequence").values_list("created_at", flat=True)
    )
    for moment in moments[limit - 1 : limit]:
        seconds = 60 - int((timezone.now() - moment).total_seconds())
        if seconds > 0:
            raise LimitReached(seconds)


def _open_conversation(visitor: Visitor, location: Location, ip: str) -> Conversation:
    _spend("chat_conversation", ip, settings.ENVIRONMENT.chat_conversations_per_hour)
    conversation = Conversation.objects.create(
        visitor=visitor, referrer=location.referrer, pages=location.earlier
    )
    conversation.page_url, conversation.page_title = location.url, location.title
    return conversation


def _record_page(conversation: Conversation, location: Location) -> None:
    if conversation.page_url and conversation.page_url != location.url:
        seen = {"url": conversation.page_url, "title": conversation.page_title}
        conversation.pages = [*conversation.pages, seen][-MAX_EARLIER_PAGES:]
    conversation.page_url, conversation.page_title = location.url, location.title


def visitor_has_moved(visitor: Visitor, location: Location) -> None:
    """The visitor reads another page while the conversation is open."""
    with _locked_open(visitor) as conversation:
        if conversation and location.url and conversation.page_url != location.url:
            _record_page(conversation, location)
            save(conversation)


def visitor_has_read(visitor: Visitor, cursor: Cursor) -> None:
    """The visitor has seen everything up to the cursor: all earlier conversations, and this one up to its line."""
    unread = Conversation.objects.filter(
        visitor=visitor, pk__lte=cursor.conversation, visitor_read__lt=F("last_sequence")
    )
    for pk in unread.order_by("pk").values_list("pk", flat=True):
        with locked(pk) as conversation:
            is_whole = pk < cursor.conversation
            read = (
                conversation.last_sequence if is_whole else min(cursor.sequence, conversation.last_sequence)
            )
            if conversation.visitor_read < read:
                conversation.visitor_read = read
                save(conversation)


def visitor_types(visitor: Visitor, text: str) -> None:
    """The visitor's input holds this text, not sent yet; '' where it is empty."""
    with _locked_open(visitor) as conversation:
        if conversation and (text or conversation.visitor_typing):
            conversation.visitor_typing = one_line(text, 200)
            conversation.visitor_typing_at = timezone.now() if text else None
            save(conversation)


def rate(visitor: Visitor, stars: int, comment: str) -> None:
    """The visitor rates the newest conversation. Raises Refused where it is not closed."""
    with _locked_newest(visitor) as conversation:
        if conversation is None or conversation.is_open:
            raise Refused(_("对话结束后才能评价。"))
        conversation.rating, conversation.rating_comment = stars, one_line(comment, 300)
        save(conversation)


def end(visitor: Visitor) -> None:
    """结束: the visitor closes the conversation."""
    with _locked_open(visitor) as conversation:
        if conversation:
            close_with(conversation, _("访客结束了对话。"))


def forget_browser(visitor: Visitor) -> None:
    """并清除: no cookie opens these conversations any more."""
    Visitor.objects.filter(pk=visitor.pk).update(token_hash=hash_token(uuid.uuid4().hex))
    knock(0, visitor.pk)


@contextmanager
def _locked_newest(visitor: Visitor) -> Iterator[Conversation | None]:
    """The visitor's newest conversation, closed or not, locked until the transaction ends."""
    with transaction.atomic():
        yield Conversation.objects.select_for_update().newest_of(visitor)


@contextmanager
def _locked_open(visitor: Visitor) -> Iterator[Conversation | None]:
    """The same while it is open; None afterwards."""
    with _locked_newest(visitor) as conversation:
        yield conversation if conversation and conversation.is_open else None
