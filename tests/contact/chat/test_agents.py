"""Whose conversation it is: taken, transferred, released, reopened, blocked."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contact import chat
from contact.models import Agent, Conversation
from tests.contact.chat.panel import send, start
from tests.factories import make_agent, make_conversation

pytestmark = pytest.mark.django_db


def texts(conversation):
    return [message.text for message in conversation.messages.order_by("sequence")]


def test_the_second_agent_to_take_a_chat_sees_who_has_it():
    first, second = make_agent("a", "小李"), make_agent("b", "小王")
    conversation = make_conversation()
    chat.take(first, conversation.pk)
    with pytest.raises(chat.Refused, match="小李"):
        chat.take(second, conversation.pk)
    conversation.refresh_from_db()
    assert conversation.agent == first


def test_only_its_agent_answers_and_closes():
    first, second = make_agent("a", "小李"), make_agent("b", "小王")
    conversation = make_conversation()
    chat.take(first, conversation.pk)
    for forbidden in (
        lambda: chat.post_from_staff(second, conversation.pk, uuid.uuid4(), "我来"),
        lambda: chat.close(second, conversation.pk),
        lambda: chat.release(second, conversation.pk),
        lambda: chat.transfer(second, conversation.pk, first, ""),
    ):
        with pytest.raises(chat.Refused):
            forbidden()


def test_a_transfer_goes_to_a_colleague_who_is_present_with_a_note():
    first, second, gone = (
        make_agent("a", "小李"),
        make_agent("b", "小王"),
        make_agent("c", "小赵", present=False),
    )
    conversation = make_conversation()
    chat.take(first, conversation.pk)
    with pytest.raises(chat.Refused, match="不在线"):
        chat.transfer(first, conversation.pk, gone, "")
    chat.transfer(first, conversation.pk, second, "问价格的")
    conversation.refresh_from_db()
    assert conversation.agent == second
    assert texts(conversation)[-2:] == ["问价格的", "已为您转接，小王 为您服务。"]


def test_chats_of_an_agent_who_is_gone_go_back_to_the_queue_once():
    agent, other = make_agent(), make_agent("b", "小王")
    lost, kept = make_conversation(), make_conversation()
    chat.take(agent, lost.pk)
    chat.take(other, kept.pk)
    assert chat.release_lost() == 0
    Agent.objects.filter(user=agent).update(seen_at=timezone.now() - timedelta(seconds=61))
    assert chat.release_lost() == 1
    assert chat.release_lost() == 0
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert (lost.status, lost.agent) == ("waiting", None)
    assert kept.agent == other
    assert texts(lost)[-1] == "正在为您转接其他客服，请稍候。"


def test_chats_of_a_deleted_account_go_back_too():
    agent = make_agent()
    conversation = make_conversation()
    chat.take(agent, conversation.pk)
    agent.delete()
    assert chat.release_lost() == 1


def test_an_agent_who_answers_counts_as_present():
    """A busy agent's conversations stay theirs, even if the presence requests of their desk get lost."""
    conversation = make_conversation()
    agent = make_agent()
    chat.take(agent, conversation.pk)
    Agent.objects.filter(user=agent).update(seen_at=timezone.now() - timedelta(seconds=59))
    chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), "在的")
    assert timezone.now() - Agent.objects.get(user=agent).seen_at < timedelta(seconds=5)


def test_reopening_is_refused_where_the_visitor_has_moved_on(client):
    agent = make_agent()
    start(client)
    send(client, "一")
    old = Conversation.objects.get()
    chat.take(agent, old.pk)
    chat.close(agent, old.pk)
    chat.reopen(agent, old.pk)
    old.refresh_from_db()
    assert (old.status, old.agent, old.closed_at) == ("active", agent, None)
    chat.close(agent, old.pk)
    send(client, "二")
    with pytest.raises(chat.Refused, match="新的会话"):
        chat.reopen(agent, old.pk)


def test_a_blocked_browser_may_not_write_and_the_office_behind_it_may(client):
    agent = make_agent()
    start(client)
    send(client)
    chat.block(agent, Conversation.objects.get().pk, True)
    refused = send(client)
    assert refused.status_code == 403
    assert "热线" in refused.json()["error"]
    assert client.get("/contact/chat/").json()["thread"]["is_blocked"] is True  # no stars are asked for
    colleague = Client()
    start(colleague, "c" * 40)
    assert send(colleague).status_code == 200  # from the same IP address
    chat.block(agent, Conversation.objects.order_by("pk")[0].pk, False)
    assert send(client).status_code == 200
