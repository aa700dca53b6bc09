"""What visitor and agent write and read."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contact import chat
from contact.chat.cursor import Cursor
from contact.chat.limits import TYPING_SECONDS
from contact.models import Conversation, Message
from tests.contact.chat.panel import ORIGIN, post, send, start
from tests.factories import make_agent, make_conversation, make_visitor

pytestmark = pytest.mark.django_db


def test_a_line_and_its_answer(client):
    agent = make_agent()
    start(client, name="王先生")
    page = {"url": "http://testserver/news/1/", "title": "光伏新闻", "referrer": "https://www.example.com/"}
    sent = send(client, "组件多少钱？", page=page).json()
    conversation = Conversation.objects.get()
    assert (conversation.page_title, conversation.referrer) == ("光伏新闻", "https://www.example.com/")
    assert sent["message"]["n"] == 1
    chat.take(agent, conversation.pk)
    chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), "看功率。")
    update = client.get(f"/contact/chat/updates/?after={conversation.pk}-1").json()
    assert [(line["n"], line["kind"], line["text"]) for line in update["messages"]] == [
        (2, "system", "客服小李 为您服务。"),
        (3, "staff", "看功率。"),
    ]
    assert update["agent"] == "客服小李"
    assert update["is_answered"] is True


def test_the_same_id_again_is_the_same_line(client):
    start(client)
    client_id = uuid.uuid4()
    answers = [send(client, "一次", client_id).content for _ in range(3)]
    assert len(set(answers)) == 1
    assert Message.objects.count() == 1


def test_a_line_after_the_end_opens_a_new_conversation_and_its_retry_does_not(client):
    agent = make_agent()
    start(client)
    first = uuid.uuid4()
    send(client, "一", first)
    old = Conversation.objects.get()
    chat.take(agent, old.pk)
    chat.close(agent, old.pk)
    assert send(client, "一", first).json()["conversation"] == old.pk  # its answer was lost
    new = send(client, "二").json()["conversation"]
    assert new != old.pk
    assert client.get(f"/contact/chat/updates/?after={old.pk}-9").json()["messages"][0]["text"] == "二"


def test_notes_are_not_the_visitors(client):
    agent = make_agent()
    start(client)
    send(client)
    pk = Conversation.objects.get().pk
    chat.note(agent, pk, uuid.uuid4(), "老客户，给九折")
    assert "九折" not in client.get("/contact/chat/").content.decode()
    assert "九折" not in client.get("/contact/chat/updates/").content.decode()
    assert "九折" not in client.get("/contact/chat/transcript/").content.decode()


def test_read_marks_never_go_back_or_beyond():
    agent, visitor = make_agent(), make_visitor()
    conversation = make_conversation(visitor)
    chat.take(agent, conversation.pk)
    for number in (2, 1):
        chat.visitor_has_read(visitor, Cursor(conversation.pk, number))
    chat.staff_has_read(agent, conversation.pk, 1)
    chat.staff_has_read(make_agent("b"), conversation.pk, 2)
    conversation.refresh_from_db()
    assert (conversation.visitor_read, conversation.staff_read) == (2, 1)
    chat.visitor_has_read(visitor, Cursor(conversation.pk, 99))
    conversation.refresh_from_db()
    assert conversation.visitor_read == conversation.last_sequence


def test_typing_is_seen_and_ends_by_itself(client):
    agent = make_agent()
    start(client)
    send(client)
    conversation = Conversation.objects.get()
    chat.take(agent, conversation.pk)
    chat.staff_types(agent, conversation.pk)
    assert client.get("/contact/chat/updates/").json()["staff_types"] is True
    chat.staff_types(agent, conversation.pk, is_typing=False)
    assert client.get("/contact/chat/updates/").json()["staff_types"] is False
    chat.staff_types(agent, conversation.pk)
    Conversation.objects.update(staff_typing_at=timezone.now() - timedelta(seconds=TYPING_SECONDS + 1))
    assert client.get("/contact/chat/updates/").json()["staff_types"] is False
    post(client, "typing", {"text": "我想问一下"})
    conversation.refresh_from_db()
    assert conversation.visitor_typing == "我想问一下"
    send(client)
    conversation.refresh_from_db()
    assert conversation.visitor_typing == ""


def test_rating_comes_after_the_end(client):
    agent = make_agent()
    start(client)
    send(client)
    assert post(client, "rating", {"stars": 5}).status_code == 409
    pk = Conversation.objects.get().pk
    chat.take(agent, pk)
    chat.close(agent, pk)
    assert post(client, "rating", {"stars": 9}).status_code == 400
    assert post(client, "rating", {"stars": 4, "comment": "很快"}).status_code == 204
    conversation = Conversation.objects.get()
    assert (conversation.rating, conversation.rating_comment) == (4, "很快")


def test_a_transcript_to_keep(client):
    start(client)
    send(client, "第一行\n第二行")
    response = client.get("/contact/chat/transcript/")
    assert response["Content-Disposition"].startswith("attachment")
    assert "我: 第一行\r\n第二行" in response.content.decode("utf-8-sig")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"id": 1}', b'{"id": "no-uuid", "text": "x"}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_message_is_refused_in_words(client, body):
    start(client)
    response = client.post("/contact/chat/messages/", body, "application/json", **ORIGIN)
    assert response.status_code == 400
    assert response.json()["error"]


def test_too_long_and_empty_lines_are_refused_in_words(client):
    start(client)
    assert "2000" in send(client, "长" * 2001).json()["error"]
    assert send(client, " \n\u0000 ").status_code == 400
    assert send(client, "长" * 2000).status_code == 200
