"""What visitors and staff can do in a conversation: start, post, take, transfer, close, and the rest.

Every verb works under the lock on the conversation's row, writes what has happened, and knocks once
it is committed. Locks are taken in one order: the visitor, then the conversation.
"""

import uuid
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from greenenergy.client_address import network_of
from greenenergy.models import LimitReached, RateLimit

from .from_browser import PAGES_KEPT, Page, one_line
from .models import Agent, ChatFile, Conversation, Message, Visitor
from .models.conversations import hash_token
from .notifications import announce_waiting
from .transport.knocks import knock

TEXT_LIMIT = 2000  # characters of one line
STARTS_PER_CONVERSATION = 3  # who agrees need not write
Status, Kind = Conversation.Status, Message.Kind


class Refused(Exception):
    """What was asked cannot be done; the text tells the person why, in their language."""


class Blocked(Refused):
    """The visitor has been blocked."""


# The visitor's verbs.


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
            limit = settings.CHAT_CONVERSATIONS_PER_HOUR * STARTS_PER_CONVERSATION
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
        message = _append(conversation, Kind.VISITOR, text, client_id=client_id, file=file)
        _save(conversation)
        return message


def _check_pace(visitor):
    """The lines themselves, read under the visitor's lock, tell how many came within a minute."""
    limit = settings.CHAT_MESSAGES_PER_MINUTE
    lines = Message.objects.filter(conversation__visitor=visitor, kind=Kind.VISITOR)
    moments = lines.order_by("-conversation_id", "-sequence").values_list("created_at", flat=True)
    for moment in moments[limit - 1 : limit]:
        seconds = 60 - int((timezone.now() - moment).total_seconds())
        if seconds > 0:
            raise LimitReached(seconds)


def _open(visitor, page, address):
    RateLimit.objects.spend(
        "chat_conversation", network_of(address), limit=settings.CHAT_CONVERSATIONS_PER_HOUR, seconds=3600
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
            _save(conversation)


def visitor_has_read(visitor: Visitor, sequence: int) -> None:
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        if conversation and conversation.visitor_read < sequence <= conversation.last_sequence:
            conversation.visitor_read = sequence
            _save(conversation)


def visitor_types(visitor: Visitor, text: str) -> None:
    """What stands in the visitor's input now; '' where nothing does."""
    with _visitors_open(visitor) as conversation:
        if conversation and (text or conversation.visitor_typing):
            conversation.visitor_typing = one_line(text, 200)
            conversation.visitor_typing_at = timezone.now() if text else None
            _save(conversation)


def rate(visitor: Visitor, stars: int, comment: str) -> None:
    """The visitor's judgement of the last conversation, which is over. Raises Refused."""
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        if conversation is None or conversation.status != Status.CLOSED:
            raise Refused(_("对话结束后才能评价。"))
        conversation.rating, conversation.rating_comment = stars, one_line(comment, 300)
        _save(conversation)


def end(visitor: Visitor) -> None:
    """结束: the visitor closes the conversation."""
    with _visitors_open(visitor) as conversation:
        if conversation:
            _close(conversation, _("访客结束了对话。"))


def forget_browser(visitor: Visitor) -> None:
    """并清除: no cookie opens these conversations any more."""
    Visitor.objects.filter(pk=visitor.pk).update(token_hash=hash_token(uuid.uuid4().hex))
    knock(0, visitor.pk)


# The staff's verbs. `user` is the member of staff who asks; views have checked that they may.


def post_from_staff(user, conversation_id: int, client_id: uuid.UUID, text: str, *, file=None) -> Message:
    """The agent's answer. Raises Refused where the conversation is not theirs (any more)."""
    with _locked(conversation_id) as conversation:
        known = conversation.messages.filter(client_id=client_id).first()
        if known:
            return known
        _check_is_theirs(conversation, user)
        agent = Agent.objects.of(user)
        message = _append(
            conversation, Kind.STAFF, text, client_id=client_id, user=user, name=agent.name, file=file
        )
        conversation.answered_at = conversation.answered_at or message.created_at
        conversation.staff_typing_at = None
        # Whoever answers has read what stands above.
        conversation.staff_read = message.sequence
        _save(conversation)
        return message


def note(user, conversation_id: int, client_id: uuid.UUID, text: str) -> Message:
    """An internal note: colleagues read it, the visitor does not."""
    with _locked(conversation_id) as conversation:
        known = conversation.messages.filter(client_id=client_id).first()
        if known:
            return known
        message = _append(
            conversation,
            Kind.NOTE,
            text,
            client_id=client_id,
            user=user,
            name=Agent.objects.of(user).staff_name,
        )
        _save(conversation)
        return message


def take(user, conversation_id: int) -> Conversation:
    """Take a waiting conversation. Of two at once exactly one gets it; the other one's Refused says who."""
    with _locked(conversation_id) as conversation:
        if conversation.status == Status.ACTIVE and conversation.agent_id == user.pk:
            return conversation
        if conversation.status == Status.ACTIVE and conversation.agent_id:
            raise Refused(
                _("%(name)s 已经接待了这位访客。") % {"name": Agent.objects.of(conversation.agent).staff_name}
            )
        if conversation.status == Status.CLOSED:
            raise Refused(_("这个会话已经结束，可以重新打开。"))
        _assign(conversation, user, _("%(name)s 为您服务。"))
        return conversation


def transfer(user, conversation_id: int, to_user, text: str) -> None:
    """Hand a conversation of one's own to a colleague who is there, with a note for them. Raises Refused."""
    if not Agent.objects.present().filter(user=to_user).exists():
        raise Refused(_("这位同事现在不在线，请换一位。"))
    with _locked(conversation_id) as conversation:
        _check_is_theirs(conversation, user)
        if text:
            _append(conversation, Kind.NOTE, text, user=user, name=Agent.objects.of(user).staff_name)
        conversation.staff_read = min(conversation.staff_read, conversation.last_sequence)
        _assign(conversation, to_user, _("已为您转接，%(name)s 为您服务。"))


def release(user, conversation_id: int) -> None:
    """Give a conversation of one's own back to the queue."""
    with _locked(conversation_id) as conversation:
        _check_is_theirs(conversation, user)
        _release(conversation)


def release_lost() -> int:
    """Give back what belongs to agents who are gone (or are no agents any more). Returns how many."""
    there = Agent.objects.at_desk().values("user")
    lost = Conversation.objects.filter(Q(agent=None) | ~Q(agent__in=there), status=Status.ACTIVE)
    released = 0
    for pk in lost.values_list("pk", flat=True):
        with _locked(pk) as conversation:
            if lost.filter(pk=pk).exists():  # nobody has come back or taken it meanwhile
                _release(conversation)
                announce_waiting(conversation)
                released += 1
    return released


def close(user, conversation_id: int) -> None:
    """Staff end a conversation of their own, or one that waits. Raises Refused."""
    with _locked(conversation_id) as conversation:
        if conversation.status == Status.CLOSED:
            return
        if conversation.status == Status.ACTIVE:
            _check_is_theirs(conversation, user)
        _close(conversation, _("对话已结束，谢谢您的咨询。"))


def close_abandoned(conversation_id: int, since) -> bool:
    """Close a conversation in which nothing has happened since then."""
    with _locked(conversation_id) as conversation:
        is_abandoned = conversation.status != Status.CLOSED and conversation.changed_at < since
        if is_abandoned:
            _close(conversation, _("很久没有新消息，对话已结束。"))
        return is_abandoned


def reopen(user, conversation_id: int) -> None:
    """Take up a closed conversation again. Raises Refused where the visitor has a newer one, or is gone."""
    with _locked(conversation_id) as conversation:
        if conversation.status != Status.CLOSED:
            raise Refused(_("这个会话没有结束。"))
        if Conversation.objects.filter(visitor=conversation.visitor_id, pk__gt=conversation.pk).exists():
            raise Refused(_("这位访客已经开始了新的会话，请在新会话里回复。"))
        conversation.closed_at = None
        _assign(conversation, user, _("%(name)s 重新打开了对话。"))


def staff_has_read(user, conversation_id: int, sequence: int) -> None:
    """Only the agent's own reading is a read mark: a colleague who looks over is not an answer."""
    with _locked(conversation_id) as conversation:
        if (
            conversation.agent_id == user.pk
            and conversation.staff_read < sequence <= conversation.last_sequence
        ):
            conversation.staff_read = sequence
            _save(conversation)


def staff_types(user, conversation_id: int) -> None:
    with _locked(conversation_id) as conversation:
        if conversation.status == Status.ACTIVE and conversation.agent_id == user.pk:
            conversation.staff_typing_at = timezone.now()
            _save(conversation)


def set_labels(conversation_id: int, labels) -> None:
    with _locked(conversation_id) as conversation:
        conversation.labels.set(labels)
        _save(conversation)


def rename_visitor(conversation_id: int, name: str) -> None:
    with _locked(conversation_id) as conversation:
        Visitor.objects.filter(pk=conversation.visitor_id).update(name=one_line(name, 30))
        _save(conversation)


def block(user, conversation_id: int, is_blocked: bool) -> None:
    """This browser may write no more, or again. Others behind the same address are not touched."""
    with _locked(conversation_id) as conversation:
        Visitor.objects.filter(pk=conversation.visitor_id).update(
            blocked_at=timezone.now() if is_blocked else None
        )
        text = _("%(name)s 拉黑了访客。") if is_blocked else _("%(name)s 取消了拉黑。")
        _append(conversation, Kind.NOTE, text % {"name": Agent.objects.of(user).staff_name}, user=user)
        if is_blocked and conversation.status != Status.CLOSED:
            _close(conversation, _("对话已结束。"))
        else:
            _save(conversation)


def agent_gives_sign(user, *, is_away: bool | None = None) -> Agent:
    """The desk's page says that its agent is there."""
    agent = Agent.objects.of(user)
    agent.seen_at = timezone.now()
    if is_away is not None:
        agent.is_away = is_away
    agent.save(update_fields=["seen_at", "is_away"])
    if is_away is not None:
        knock(0, 0)
    return agent


# What the verbs share.


@contextmanager
def _locked(conversation_id):
    """The conversation, locked until the transaction ends. Raises Conversation.DoesNotExist."""
    with transaction.atomic():
        yield Conversation.objects.select_for_update().get(pk=conversation_id)


@contextmanager
def _visitors_open(visitor):
    """The visitor's conversation while it is open, locked; otherwise None."""
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update().filter(visitor=visitor).order_by("-id").first()
        )
        yield conversation if conversation and conversation.status != Status.CLOSED else None


def _check_is_theirs(conversation, user):
    if conversation.status == Status.CLOSED:
        raise Refused(_("这个会话已经结束。"))
    if conversation.agent_id != user.pk:
        raise Refused(_("这个会话现在不由您接待。"))


def _assign(conversation, user, text):
    conversation.agent, conversation.status = user, Status.ACTIVE
    _append(conversation, Kind.SYSTEM, text % {"name": Agent.objects.of(user).name})
    _save(conversation)


def _release(conversation):
    conversation.agent, conversation.status = None, Status.WAITING
    conversation.waiting_since, conversation.staff_typing_at = timezone.now(), None
    _append(conversation, Kind.SYSTEM, _("正在为您转接其他客服，请稍候。"))
    _save(conversation)


def _close(conversation, text):
    conversation.status, conversation.closed_at = Status.CLOSED, timezone.now()
    conversation.visitor_typing, conversation.visitor_typing_at, conversation.staff_typing_at = "", None, None
    _append(conversation, Kind.SYSTEM, text)
    _save(conversation)


def _append(conversation, kind, text, *, client_id=None, user=None, name="", file=None):
    """The next line. Its number is safe: the caller holds the row's lock until commit."""
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


def _save(conversation):
    conversation.revision += 1
    conversation.changed_at = timezone.now()
    conversation.save()
    knock(conversation.pk, conversation.visitor_id)
