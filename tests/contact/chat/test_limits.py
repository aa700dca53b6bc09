"""How much a visitor may send, and how much one IP address may begin."""

import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contact import chat
from contact.chat.limits import TYPING_SECONDS
from contact.models import Message, Visitor
from greenenergy.models import RateLimit
from tests.contact.chat.panel import send, start
from tests.factories import make_channel

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


def test_five_hundred_people_behind_one_address_all_reach_the_desk():
    """A factory, a fair, the gateway of a mobile carrier: all press 发送 in the same minute, and agree first."""
    first, last = Client(), Client()
    start(first, "f" * 40)
    send(first)
    start(Client(), "s" * 40)
    now = time.time()
    RateLimit.objects.update(moments=[now] * 499, expires_at=now + 3600)  # 499 agreed, and 499 wrote
    assert set(RateLimit.objects.values_list("kind", flat=True)) == {"chat_start", "chat_conversation"}
    assert start(last, "l" * 40).status_code == 200
    assert send(last).status_code == 200


def test_too_many_new_conversations_of_an_address_lead_to_form_and_telephone(settings, monkeypatch):
    monkeypatch.setitem(vars(settings.ENVIRONMENT), "chat_conversations_per_hour", 3)
    make_channel(value="400-123-4567")
    for number in range(4):
        browser = Client()
        start(browser, f"{number:040d}")
        response = send(browser)
        assert response.status_code == (200 if number < 3 else 429)
    answer = response.json()
    assert answer["is_crowded"] is True
    assert "400-123-4567" in answer["error"]
    assert "留下电话" in answer["error"]
    html = Client().get("/contact/chat/").json()["html"]
    assert 'href="tel:4001234567"' in html  # beside the button of the form
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    start(elsewhere, "e" * 40)
    assert send(elsewhere).status_code == 200


def test_somebody_who_only_agrees_over_and_over_is_stopped_and_who_writes_is_not(monkeypatch):
    monkeypatch.setattr("contact.chat.visitor.SILENT_VISITORS", 3)
    for number in range(10):
        browser = Client()
        assert start(browser, f"w{number:039d}").status_code == 200
        assert send(browser).status_code == 200
    responses = [start(Client(), f"{number:040d}") for number in range(5)]
    assert [response.status_code for response in responses] == [200] * 3 + [429] * 2
    assert responses[-1].json()["is_crowded"] is True
    assert not responses[-1].cookies
    assert Visitor.objects.count() == 13
