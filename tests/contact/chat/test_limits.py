"""How much a visitor may send, and how much one IP address may begin."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contact import chat
from contact.chat.limits import TYPING_SECONDS
from contact.models import Message, Visitor
from tests.contact.chat.panel import send, start

pytestmark = pytest.mark.django_db


def test_the_panel_gets_the_limits_that_the_server_applies(client):
    answer = client.get("/contact/chat/").json()
    assert answer["typing_seconds"] == TYPING_SECONDS
    assert answer["text_limit"] == chat.TEXT_LIMIT
    assert (
        'id="chat-text" rows="1" maxlength' not in answer["html"]
    )  # a browser would cut what is pasted, without a word


def test_twenty_lines_a_minute_then_a_refusal_with_the_seconds_to_wait(client):
    start(client)
    for _ in range(20):
        assert send(client).status_code == 200
    response = send(client)
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 61
    assert "秒后再发" in response.json()["error"]
    assert Message.objects.count() == 20


def test_lines_of_days_ago_and_a_new_conversation_neither_count_nor_hide(client):
    start(client)
    for _ in range(20):
        send(client)
    visitor = Visitor.objects.get()
    Message.objects.update(created_at=timezone.now() - timedelta(days=2))
    chat.end(visitor)
    for _ in range(20):
        assert send(client).status_code == 200
    chat.end(visitor)
    assert send(client).status_code == 429


def test_a_retry_of_a_stored_line_is_no_twenty_first(client):
    start(client)
    first = uuid.uuid4()
    send(client, "一", first)
    for _ in range(19):
        send(client)
    assert send(client, "一", first).status_code == 200


def test_ten_new_conversations_an_hour_and_ip_address(client):
    for number in range(11):
        browser = Client()
        start(browser, f"{number:040d}")
        response = send(browser)
        assert response.status_code == (200 if number < 10 else 429)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    start(elsewhere, "e" * 40)
    assert send(elsewhere).status_code == 200


def test_somebody_who_only_agrees_over_and_over_is_slowed_down(client):
    statuses = [start(Client(), f"{number:040d}").status_code for number in range(31)]
    assert statuses == [200] * 30 + [429]
    assert Visitor.objects.count() == 30
