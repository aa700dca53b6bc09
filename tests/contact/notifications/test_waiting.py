"""How group chats hear of those who wait: one text for all of them, once more after a minute, and never twice the same."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contact import chat
from contact.chat.browser_input import Location
from contact.models import Agent, Conversation, Notification, Robot
from contact.notifications import waiting
from tests.factories import make_agent, make_conversation, make_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def robot():
    return Robot.objects.create(name="群", kind="wecom", url="https://example.com/")


def let_wait(seconds=waiting.GATHER_SECONDS):
    Conversation.objects.update(waiting_since=timezone.now() - timedelta(seconds=seconds))


def texts():
    return list(Notification.objects.order_by("pk").values_list("text", flat=True))


def test_an_agent_who_closes_the_desk_with_nineteen_chats_is_one_text():
    agent = make_agent()
    for _ in range(19):
        chat.take(agent, make_conversation().pk)
    waiting.announce()
    Agent.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert chat.release_lost() == 19
    waiting.announce()
    assert texts() == []  # a moment later all of them are in
    let_wait()
    assert waiting.announce() == 19
    assert waiting.announce() == 0
    [text] = texts()
    assert "有 19 位访客在等待接待" in text
    assert len(text.splitlines()) <= waiting.NAMED_VISITORS + 3


def test_nobody_takes_them_for_a_minute_and_they_are_announced_once_more():
    taken, left = make_conversation(), make_conversation()
    let_wait()
    waiting.announce()
    chat.take(make_agent(), taken.pk)
    let_wait(waiting.REMIND_SECONDS + 1)
    assert [waiting.announce() for _ in range(3)] == [1, 0, 0]
    first, second = texts()
    assert "有 2 位访客" in first
    assert "还没有人接待，1 位访客在等" in second
    assert left.visitor.display_name in second


def test_who_is_taken_at_once_is_not_announced():
    chat.take(make_agent(), make_conversation().pk)
    let_wait()
    assert waiting.announce() == 0


def test_a_chat_that_is_put_back_is_announced_anew():
    agent, conversation = make_agent(), make_conversation()
    let_wait()
    waiting.announce()
    chat.take(agent, conversation.pk)
    chat.release(agent, conversation.pk)
    let_wait()
    assert waiting.announce() == 1


def test_a_robot_for_message_forms_only_hears_nothing(robot):
    Robot.objects.update(on_waiting=False)
    make_conversation()
    let_wait()
    assert waiting.announce() == 0
    assert texts() == []


@pytest.mark.parametrize(
    "title", ["光伏\n接待：http://evil.example/", "光伏\u2028接待：x", "光伏\r\n\r\n接待：x"]
)
def test_what_a_visitor_sends_forges_no_line(title):
    location = Location(url="https://www.example.com/news/1/", title=title)
    chat.post_from_visitor(
        make_visitor(name=title[:30]), uuid.uuid4(), "在吗", location=location, ip="192.0.2.1"
    )
    let_wait()
    waiting.announce()
    [text] = texts()
    assert [line.partition("：")[0] for line in text.splitlines()][::4] == ["有 1 位访客在等待接待", "接待"]
    assert len(text.splitlines()) == 5


def test_the_visitor_is_told_when_nobody_is_left_to_transfer_to():
    agent, conversation = make_agent(), make_conversation()
    chat.take(agent, conversation.pk)
    Agent.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    chat.release_lost()
    last = conversation.messages.latest("sequence").text
    assert "离开" in last
    assert "留下电话" in last
