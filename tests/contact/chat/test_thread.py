"""A visitor's conversations are one thread: what was missed in a closed one is shown, counted and marked like the newest line."""

import uuid

import pytest
from django.test import Client

from contact import chat
from contact.chat.cursor import Cursor
from contact.chat.limits import LINES_OF_AN_OPENED_PANEL
from contact.models import Conversation, Message
from tests.contact.chat.panel import post, send, start
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent()


@pytest.fixture
def visitor(client):
    start(client)
    return client


def answer_and_close(agent, text="您要的报价是 3 万"):
    conversation = Conversation.objects.latest("pk")
    chat.take(agent, conversation.pk)
    chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), text)
    chat.close(agent, conversation.pk)
    return conversation


def opened(client):
    return client.get("/contact/chat/").json()["thread"]


def updates(client, query):
    return client.get(f"/contact/chat/updates/?{query}").json()


def texts(update):
    return [line["text"] for line in update["messages"]]


@pytest.fixture
def missed(visitor, agent):
    """(older, newer) conversation: the last answer of the older one came while the line was cut."""
    send(visitor, "请报价")
    older = answer_and_close(agent)
    return older, Conversation.objects.get(pk=send(visitor, "还在吗").json()["conversation"])


ALL = ["请报价", "客服小李 为您服务。", "您要的报价是 3 万", "对话已结束，谢谢您的咨询。", "还在吗"]


def test_polling_brings_what_was_missed_of_a_closed_conversation(visitor, missed):
    older, newer = missed
    update = updates(visitor, f"after={older.pk}-1")
    assert texts(update) == ALL[1:]
    assert [line["conversation"] for line in update["messages"]] == [older.pk] * 3 + [newer.pk]
    assert (update["conversation"], update["status"]) == (newer.pk, "waiting")
    assert texts(updates(visitor, f"after={newer.pk}-1")) == []
    assert texts(updates(visitor, "after=0-0")) == ALL


def test_a_reload_and_a_second_tab_show_all_conversations(visitor, missed):
    assert texts(opened(visitor)) == ALL
    assert opened(visitor)["has_older"] is False


def test_earlier_lines_are_reached_page_by_page(visitor, missed):
    _older, newer = missed
    total = 2 * LINES_OF_AN_OPENED_PANEL + 7
    Message.objects.bulk_create(
        Message(conversation=newer, sequence=number, kind="visitor", text=f"第 {number} 句")
        for number in range(2, total)
    )
    Conversation.objects.filter(pk=newer.pk).update(last_sequence=total - 1)
    page = opened(visitor)
    found = texts(page)
    assert len(found) == LINES_OF_AN_OPENED_PANEL
    while page["has_older"]:
        first = page["messages"][0]
        page = updates(visitor, f"before={first['conversation']}-{first['n']}")
        found = texts(page) + found
    assert found == [*ALL, *(f"第 {number} 句" for number in range(2, total))]


def test_neither_notes_nor_other_visitors_lines_are_in_the_thread(visitor, missed, agent):
    older, newer = missed
    chat.note(agent, older.pk, uuid.uuid4(), "给九折")
    stranger = Client()
    start(stranger, "s" * 40)
    send(stranger, "别人的话")
    assert texts(updates(visitor, "after=0-0")) == texts(opened(visitor)) == ALL
    assert texts(updates(visitor, f"before={newer.pk + 9}-1")) == ALL
    assert texts(updates(stranger, f"after={older.pk}-1")) == ["别人的话"]


def test_an_answer_is_unread_until_it_was_seen_in_whichever_conversation(visitor, missed):
    older, newer = missed
    assert opened(visitor)["unread"] == 1
    assert visitor.get("/contact/chat/unread/").json() == {"unread": 1, "is_open": True}
    post(visitor, "read", {"cursor": str(Cursor(newer.pk, 1))})
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.visitor_read, newer.visitor_read) == (4, 1)
    assert opened(visitor)["unread"] == 0


def test_what_was_seen_of_an_old_conversation_marks_nothing_of_the_new_one(visitor, missed):
    older, newer = missed
    post(visitor, "read", {"cursor": str(Cursor(older.pk, 2))})
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.visitor_read, newer.visitor_read) == (2, 0)
    for junk in ({}, {"cursor": "x"}, {"cursor": None}, {"sequence": 4}):
        assert post(visitor, "read", junk).status_code == 204
    assert opened(visitor)["unread"] == 1


def test_a_browser_that_is_not_known_has_nothing_unread(client):
    assert client.get("/contact/chat/unread/").json() == {"unread": 0, "is_open": False}


def test_the_visitor_sees_which_lines_of_a_closed_conversation_were_read(visitor, agent):
    first = send(visitor, "没有人看").json()["conversation"]
    chat.end(Conversation.objects.get().visitor)
    send(visitor, "有人看")
    second = answer_and_close(agent).pk
    reads = {int(pk): number for pk, number in opened(visitor)["reads"].items()}
    assert (reads[first], reads[second]) == (0, 3)


def test_agreeing_in_a_second_tab_goes_on_as_the_same_visitor(visitor):
    """Another visitor's cookie would cut the first tab off from its own conversation."""
    send(visitor, "一")
    response = start(visitor, "z" * 40)
    assert response.status_code == 200
    assert not response.cookies
    send(visitor, "二")
    assert texts(opened(visitor)) == ["一", "二"]
