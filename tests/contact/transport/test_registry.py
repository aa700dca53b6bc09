"""What is sent to open streams: each line once, to those who may see it."""

import asyncio
import json
import uuid

import pytest

from contact import chat
from contact.chat.cursor import Cursor
from contact.chat.payloads import conversations_for_desk
from contact.models.conversations import hash_token
from contact.transport.reader import Reader
from contact.transport.registry import News, Registry
from contact.transport.streams import StaffStream, VisitorStream
from contact.transport.work_queue import WorkQueue
from tests.factories import make_agent, make_conversation, make_visitor

pytestmark = pytest.mark.django_db

TOKEN = "v" * 40


def news_of(conversation, after=0):
    row = conversations_for_desk().get(pk=conversation.pk)
    return News(row, list(row.messages.after(after)), after)


def sent(stream):
    """(name, data) of the events that are pending in the stream."""
    events = [
        dict(part.split(": ", 1) for part in raw.decode().splitlines() if part) for raw in stream.pending
    ]
    stream.pending.clear()
    return [(event["event"], json.loads(event["data"])) for event in events]


def texts(stream):
    return [line["text"] for _name, data in sent(stream) for line in data["messages"]]


async def admitted(registry, make_stream, pk):
    """The stream of this visitor or user, once it is admitted. Afterwards no test needs the event loop."""
    stream = make_stream()
    add = registry.add_visitor if isinstance(stream, VisitorStream) else registry.add_staff
    add(stream, pk)
    assert await stream.admitted
    return stream


@pytest.fixture
def work():
    return WorkQueue()


@pytest.fixture
def registry(work):
    return Registry(work)


@pytest.fixture
def conversation():
    return make_conversation(make_visitor(TOKEN), "一")


@pytest.fixture
def open_stream(registry, conversation, work):
    """Opens the stream of the conversation's visitor, whose browser holds its lines up to the given number."""

    def open_stream(held=0):
        cursor = Cursor(conversation.pk, held)
        stream = asyncio.run(
            admitted(registry, lambda: VisitorStream(hash_token(TOKEN), cursor), conversation.visitor_id)
        )
        assert work.gather(1, 0).due == {(0, conversation.visitor_id)}
        return stream

    return open_stream


def test_a_line_that_is_read_twice_is_sent_once(registry, open_stream, conversation):
    stream = open_stream()
    registry.deliver([news_of(conversation)], False)
    registry.deliver([news_of(conversation)], False)
    assert texts(stream) == ["一"]


def test_a_stream_that_needs_earlier_lines_has_them_read(registry, open_stream, conversation, work):
    stream = open_stream()
    chat.post_from_visitor(conversation.visitor, uuid.uuid4(), "二")
    registry.deliver([news_of(conversation, after=1)], False)
    assert sent(stream) == []
    assert work.gather(1, 0).due == {(conversation.pk, conversation.visitor_id)}


def test_what_the_browser_holds_is_not_sent_again(registry, open_stream, conversation):
    stream = open_stream(held=1)
    chat.post_from_visitor(conversation.visitor, uuid.uuid4(), "二")
    assert registry.held_by_all(conversation) == 1
    registry.deliver([news_of(conversation)], False)
    assert texts(stream) == ["二"]


def test_typing_is_sent_each_time_that_it_is_renewed_and_when_it_ends(registry, open_stream, conversation):
    agent, stream = make_agent(), open_stream()
    chat.take(agent, conversation.pk)
    for is_typing in (True, True, False):
        chat.staff_types(agent, conversation.pk, is_typing=is_typing)
        registry.deliver([news_of(conversation)], False)
    assert [data["staff_types"] for _name, data in sent(stream)] == [True, True, False]


def test_a_stream_comes_to_a_new_conversation_behind_the_end_of_the_old_one(
    registry, open_stream, conversation, work
):
    """The last answer came while the line was cut, and the visitor has begun a new conversation since."""
    stream, agent = open_stream(held=1), make_agent()
    chat.take(agent, conversation.pk)
    chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), "最后的回答")
    chat.close(agent, conversation.pk)
    newer = chat.post_from_visitor(conversation.visitor, uuid.uuid4(), "还在吗").conversation
    registry.deliver([news_of(newer)], False)  # a knock of the new one comes first
    assert sent(stream) == []
    due = work.gather(1, 0).due
    assert due == {(0, conversation.visitor_id)}
    reader = Reader(work, registry)
    registry.call = lambda function, *arguments: function(*arguments)
    reader.read(due)
    assert texts(stream)[1:] == ["最后的回答", "对话已结束，谢谢您的咨询。", "还在吗"]
    assert stream.cursor == (newer.pk, 1)
    chat.post_from_visitor(conversation.visitor, uuid.uuid4(), "在的话请回")
    reader.read({(newer.pk, conversation.visitor_id)})
    assert texts(stream) == ["在的话请回"]


def test_both_conversations_in_one_batch_are_sent_in_order(registry, open_stream, conversation, work):
    stream = open_stream(held=1)
    chat.end(conversation.visitor)
    newer = chat.post_from_visitor(conversation.visitor, uuid.uuid4(), "还有").conversation
    registry.call = lambda function, *arguments: function(*arguments)
    Reader(work, registry).read({(pk, conversation.visitor_id) for pk in (newer.pk, conversation.pk)})
    assert texts(stream) == ["访客结束了对话。", "还有"]


def test_a_note_is_no_news_for_the_visitor(registry, open_stream, conversation):
    stream = open_stream()
    registry.deliver([news_of(conversation)], False)
    sent(stream)
    chat.note(make_agent(), conversation.pk, uuid.uuid4(), "老客户")
    registry.deliver([news_of(conversation, after=1)], False)
    assert sent(stream) == []
    assert stream.sequence == 2


def test_the_stream_of_a_forgotten_browser_ends(registry, open_stream, conversation):
    stream = open_stream()
    chat.forget_browser(conversation.visitor)
    registry.deliver([news_of(conversation)], False)
    assert stream.is_over
    assert sent(stream) == []


def test_all_desks_see_a_chat_until_somebody_takes_it_and_then_its_agent_does(registry, conversation):
    first, second = make_agent("a", "小李"), make_agent("b", "小王")
    desks = [
        asyncio.run(admitted(registry, lambda: StaffStream("session"), user.pk)) for user in (first, second)
    ]
    registry.deliver([news_of(conversation)], False)
    assert [len(sent(desk)) for desk in desks] == [1, 1]
    chat.take(first, conversation.pk)
    registry.deliver([news_of(conversation, after=1)], False)  # all see that it is taken
    assert [len(sent(desk)) for desk in desks] == [1, 1]
    chat.post_from_staff(first, conversation.pk, uuid.uuid4(), "您好")
    registry.deliver([news_of(conversation, after=2)], False)
    assert [texts(desk) for desk in desks] == [["您好"], []]


def test_a_stream_without_permission_is_refused(registry):
    async def refused():
        stream, desk = VisitorStream(hash_token("x"), Cursor()), StaffStream("session")
        registry.add_visitor(stream, None)
        registry.add_staff(desk, None)
        return [await stream.admitted, await desk.admitted]

    assert asyncio.run(refused()) == [False, False]
    assert (dict(registry.visitors), registry.staff) == ({}, set())
