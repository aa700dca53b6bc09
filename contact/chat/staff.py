"""What staff can do in a conversation, and what housekeeping does to one that they have left.

`user` is the member of staff who acts; the views have checked that they may answer chats.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import Agent, Conversation, Label, Message, Visitor

from .browser_input import one_line
from .files import CheckedFile
from .locked_conversation import Kind, Refused, Status, append_line, close_with, locked, save


def post_from_staff(
    user: User, conversation_id: int, client_id: uuid.UUID, text: str, *, file: CheckedFile | None = None
) -> Message:
    """The agent's answer. Raises Refused where the conversation is not theirs (any more)."""
    with locked(conversation_id) as conversation:
        known = conversation.messages.sent_as(client_id)
        if known:
            return known
        _check_is_theirs(conversation, user)
        agent = Agent.objects.of(user)
        agent.was_seen()  # even if the presence requests of their desk got lost
        message = append_line(
            conversation, Kind.STAFF, text, client_id=client_id, user=user, name=agent.name, file=file
        )
        conversation.answered_at = conversation.answered_at or message.created_at
        conversation.staff_typing_at = None
        conversation.staff_read = message.sequence  # an answer follows everything above it
        save(conversation)
        return message


def note(user: User, conversation_id: int, client_id: uuid.UUID, text: str) -> Message:
    """An internal note: colleagues read it, the visitor does not."""
    with locked(conversation_id) as conversation:
        known = conversation.messages.sent_as(client_id)
        if known:
            return known
        message = append_line(
            conversation,
            Kind.NOTE,
            text,
            client_id=client_id,
            user=user,
            name=Agent.objects.of(user).staff_name,
        )
        save(conversation)
        return message


def take(user: User, conversation_id: int) -> Conversation:
    """Take a waiting conversation. Of two who try at once one gets it; the other gets a Refused that names them."""
    with locked(conversation_id) as conversation:
        if conversation.status == Status.ACTIVE and conversation.agent_id == user.pk:
            return conversation
        if conversation.status == Status.ACTIVE and conversation.agent:
            raise Refused(
                _("%(name)s 已经接待了这位访客。") % {"name": Agent.objects.of(conversation.agent).staff_name}
            )
        if conversation.status == Status.CLOSED:
            raise Refused(_("这个会话已经结束，可以重新打开。"))
        _assign(conversation, user, _("%(name)s 为您服务。"))
        return conversation


def transfer(user: User, conversation_id: int, to_user: User, text: str) -> None:
    """Hand one's own conversation to a colleague who is present, with a note for them. Raises Refused."""
    if not Agent.objects.present().filter(user=to_user).exists():
        raise Refused(_("这位同事现在不在线，请换一位。"))
    with locked(conversation_id) as conversation:
        _check_is_theirs(conversation, user)
        if text:
            append_line(conversation, Kind.NOTE, text, user=user, name=Agent.objects.of(user).staff_name)
        conversation.staff_read = min(conversation.staff_read, conversation.last_sequence)
        _assign(conversation, to_user, _("已为您转接，%(name)s 为您服务。"))


def release(user: User, conversation_id: int) -> None:
    """Put one's own conversation back into the queue. Raises Refused."""
    with locked(conversation_id) as conversation:
        _check_is_theirs(conversation, user)
        _release(conversation)


def release_lost() -> int:
    """Put conversations back into the queue whose agent has left the desk or was deleted. Returns how many."""
    present = Agent.objects.at_desk().values("user")
    lost = Conversation.objects.filter(Q(agent=None) | ~Q(agent__in=present), status=Status.ACTIVE)
    released = 0
    for pk in lost.values_list("pk", flat=True):
        with locked(pk) as conversation:
            if lost.filter(pk=pk).exists():  # its agent has not come back, and nobody else took it
                _release(conversation)
                released += 1
    return released


def close(user: User, conversation_id: int) -> None:
    """Close one's own conversation, or one that waits. Raises Refused."""
    with locked(conversation_id) as conversation:
        if conversation.status == Status.CLOSED:
            return
        if conversation.status == Status.ACTIVE:
            _check_is_theirs(conversation, user)
        close_with(conversation, _("对话已结束，谢谢您的咨询。"))


def close_abandoned(conversation_id: int, since: datetime) -> bool:
    """Close a conversation that has not changed since then. Returns whether it was closed."""
    with locked(conversation_id) as conversation:
        is_abandoned = conversation.is_open and conversation.changed_at < since
        if is_abandoned:
            close_with(conversation, _("很久没有新消息，对话已结束。"))
        return is_abandoned


def reopen(user: User, conversation_id: int) -> None:
    """Take a closed conversation again. Raises Refused where it is open, or the visitor has a newer one."""
    with locked(conversation_id) as conversation:
        if conversation.is_open:
            raise Refused(_("这个会话没有结束。"))
        if Conversation.objects.filter(visitor=conversation.visitor_id, pk__gt=conversation.pk).exists():
            raise Refused(_("这位访客已经开始了新的会话，请在新会话里回复。"))
        conversation.closed_at = None
        _assign(conversation, user, _("%(name)s 重新打开了对话。"))


def staff_has_read(user: User, conversation_id: int, sequence: int) -> None:
    """A read mark for the visitor. Only the agent sets it: a colleague who looks in is not about to answer."""
    with locked(conversation_id) as conversation:
        if (
            conversation.agent_id == user.pk
            and conversation.staff_read < sequence <= conversation.last_sequence
        ):
            conversation.staff_read = sequence
            save(conversation)


def staff_types(user: User, conversation_id: int, *, is_typing: bool = True) -> None:
    """The agent's input holds a text, or is empty again."""
    with locked(conversation_id) as conversation:
        if conversation.status == Status.ACTIVE and conversation.agent_id == user.pk:
            conversation.staff_typing_at = timezone.now() if is_typing else None
            save(conversation)


def set_labels(conversation_id: int, labels: Iterable[Label]) -> None:
    with locked(conversation_id) as conversation:
        conversation.labels.set(labels)
        save(conversation)


def rename_visitor(conversation_id: int, name: str) -> None:
    with locked(conversation_id) as conversation:
        Visitor.objects.filter(pk=conversation.visitor_id).update(name=one_line(name, 30))
        save(conversation)


def block(user: User, conversation_id: int, is_blocked: bool) -> None:
    """Stop this browser from writing, or allow it again. Others behind the same IP address are not affected."""
    with locked(conversation_id) as conversation:
        Visitor.objects.filter(pk=conversation.visitor_id).update(
            blocked_at=timezone.now() if is_blocked else None
        )
        text = _("%(name)s 拉黑了访客。") if is_blocked else _("%(name)s 取消了拉黑。")
        append_line(conversation, Kind.NOTE, text % {"name": Agent.objects.of(user).staff_name}, user=user)
        if is_blocked and conversation.is_open:
            close_with(conversation, _("对话已结束。"))
        else:
            save(conversation)


def _check_is_theirs(conversation: Conversation, user: User) -> None:
    if not conversation.is_open:
        raise Refused(_("这个会话已经结束。"))
    if conversation.agent_id != user.pk:
        raise Refused(_("这个会话现在不由您接待。"))


def _assign(conversation: Conversation, user: User, text: str) -> None:
    conversation.agent, conversation.status = user, Status.ACTIVE
    conversation.staff_typing_at = None
    append_line(conversation, Kind.SYSTEM, text % {"name": Agent.objects.of(user).name})
    save(conversation)


def _release(conversation: Conversation) -> None:
    conversation.agent, conversation.status = None, Status.WAITING
    conversation.waiting_since, conversation.staff_typing_at = timezone.now(), None
    conversation.announcements = 0
    if Agent.objects.present().exists():
        text = _("正在为您转接其他客服，请稍候。")
    else:
        text = _("客服暂时离开了。您可以等一等，也可以留下电话或微信，我们尽快联系您。")
    append_line(conversation, Kind.SYSTEM, text)
    save(conversation)
