"""Robots of group chats, and mails: against a real HTTP server on loopback with given answers."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from contact import chat, enquiries, notifications
from contact.chat.browser_input import Location
from contact.enquiries.forms import EnquiryForm
from contact.models import ContactSettings, Conversation, Notification, Robot
from contact.notifications import waiting
from tests.contact.enquiries.test_enquiries import filled
from tests.factories import make_agent, make_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def group_chat(settings):
    """`.requests` records (path, JSON); `.answers` are its next answers, {"errcode": 0} when empty."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.requests.append((self.path, body))
            status, answer = self.server.answers.pop(0) if self.server.answers else (200, b'{"errcode": 0}')
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.answers = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/send?key=1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, robot_networks=("127.0.0.1/32",))
    yield server
    server.shutdown()
    server.server_close()


def wait_as_visitor(**page):
    visitor = make_visitor()
    location = Location.from_browser({"url": "https://www.example.com/news/1/", "title": "光伏新闻", **page})
    message = chat.post_from_visitor(
        visitor, uuid.uuid4(), "我的电话 13860100641", location=location, ip="192.0.2.1"
    )
    announce_soon()
    return message


def announce_soon():
    """What housekeeping does a few seconds after somebody has begun to wait."""
    Conversation.objects.update(waiting_since=F("waiting_since") - timedelta(seconds=waiting.GATHER_SECONDS))
    waiting.announce()


def test_a_new_visitor_who_waits_is_announced_with_the_page_and_nothing_more(group_chat):
    Robot.objects.create(name="群", kind="wecom", url=group_chat.url)
    message = wait_as_visitor()
    chat.post_from_visitor(message.conversation.visitor, uuid.uuid4(), "还在吗", ip="192.0.2.1")
    assert notifications.send_due() == 1
    assert notifications.send_due() == 0
    [(path, body)] = group_chat.requests
    text = body["text"]["content"]
    assert path == "/send?key=1"
    assert body["msgtype"] == "text"
    assert "光伏新闻" in text
    assert "https://www.example.com/news/1/" in text
    assert "/admin/chat/" in text
    assert "13860100641" not in text
    assert Robot.objects.get().last_sent_at


def test_dingtalk_and_feishu_are_signed_as_their_documentation_says(group_chat):
    Robot.objects.create(name="钉", kind="dingtalk", url=group_chat.url, secret="SEC1")
    Robot.objects.create(name="飞", kind="feishu", url=group_chat.url, secret="SEC2")
    wait_as_visitor()
    assert notifications.send_due() == 2
    (ding_path, _), (_, feishu) = sorted(group_chat.requests, key=lambda requests: "sign" in requests[1])
    query = parse_qs(urlsplit(ding_path).query)
    stamp = query["timestamp"][0]
    expected = hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == expected
    expected = hmac.new(f"{feishu['timestamp']}\nSEC2".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(feishu["sign"]) == expected


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((500, b""), "HTTP 500"),
        ((302, b""), "HTTP 302"),
        ((200, b'{"errcode": 310000, "errmsg": "keywords not in content"}'), "keywords not in content"),
        ((200, b'{"code": 19021, "msg": "sign match fail"}'), "sign match fail"),
        ((200, b"<html>"), ""),
    ],
)
def test_a_failure_is_shown_and_retried(group_chat, answer, fault):
    Robot.objects.create(name="群", kind="wecom", url=group_chat.url)
    wait_as_visitor()
    group_chat.answers.append(answer)
    assert notifications.send_due() == 0
    notification, robot = Notification.objects.get(), Robot.objects.get()
    assert fault in notification.fault
    assert robot.last_fault == notification.fault
    assert robot.last_fault
    assert group_chat.url not in notification.fault  # the URL is the secret
    assert notification.due_at > timezone.now() + timedelta(seconds=3)
    Notification.objects.update(due_at=timezone.now())
    assert notifications.send_due() == 1
    robot.refresh_from_db()
    assert robot.last_fault == ""
    assert len(group_chat.requests) == 2


@pytest.mark.usefixtures("group_chat")
def test_a_robot_that_is_gone_is_given_up_after_a_while():
    Robot.objects.create(name="群", kind="wecom", url="http://127.0.0.1:9/")
    wait_as_visitor()
    for _ in range(10):
        Notification.objects.update(due_at=timezone.now())
        notifications.send_due()
    notification = Notification.objects.get()
    assert notification.given_up_at
    assert notification.attempts == 6
    assert "连不上" in notification.fault


def test_a_robot_never_holds_up_a_visitor():
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts the connection and never answers
        Robot.objects.create(name="群", kind="wecom", url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        begin = time.monotonic()
        assert wait_as_visitor().sequence == 1
        assert time.monotonic() - begin < notifications.SECONDS_TO_ANSWER / 2  # stored, not sent


def test_a_released_chat_is_announced_again(group_chat):
    Robot.objects.create(name="群", kind="wecom", url=group_chat.url)
    message, agent = wait_as_visitor(), make_agent(present=False)
    chat.take(agent, message.conversation_id)
    chat.release_lost()
    announce_soon()
    assert notifications.send_due() == 2


def test_a_mail_where_a_server_is_set(settings):
    object.__setattr__(settings.ENVIRONMENT, "email", {"EMAIL_HOST": "x"})
    try:
        ContactSettings(mail_to="a@example.com\nb@example.com").save()
        form = EnquiryForm(filled(), rules=ContactSettings.load())
        assert form.is_valid(), form.errors
        enquiry = enquiries.submit(form, ip="192.0.2.1")
        assert notifications.send_due() == 1
    finally:
        object.__setattr__(settings.ENVIRONMENT, "email", {})
    [sent] = mail.outbox
    assert sent.to == ["a@example.com", "b@example.com"]
    assert enquiry.receipt in sent.subject
    assert "13860100641" not in sent.body


def test_the_button_of_a_robot_says_at_once_whether_it_works(group_chat, admin_client):
    robot = Robot.objects.create(name="群", kind="wecom", url=group_chat.url)
    url = reverse("admin:contact_robot_change", args=[robot.pk])
    assert 'name="_test"' in admin_client.get(url).text
    form = {"name": "群", "kind": "wecom", "url": group_chat.url, "is_active": "on", "_test": "1"}
    assert "请到群里看看" in admin_client.post(url, form, follow=True).text
    assert "测试消息" in group_chat.requests[0][1]["text"]["content"]
    group_chat.answers.append((200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}'))
    assert "invalid webhook url" in admin_client.post(url, form, follow=True).text
    assert not Notification.objects.exists()


def test_what_does_not_work_stands_on_the_first_page_of_the_admin_until_it_works(
    group_chat, admin_client, client
):
    robot = Robot.objects.create(name="销售群", kind="wecom", url=group_chat.url)
    group_chat.answers.append((500, b""))
    wait_as_visitor()
    notifications.send_due()
    text = admin_client.get("/admin/").text
    assert "销售群发不出通知：机器人回答 HTTP 500" in text
    client.force_login(make_agent("b"))
    assert "发不出通知" not in client.get("/admin/").text
    notifications.send_test(robot)
    assert "发不出通知" not in admin_client.get("/admin/").text


def test_a_mail_that_is_not_sent_stands_there_too(admin_client):
    Notification.objects.create(subject="x", text="x", fault="没有填邮箱")
    assert "新留言的邮件发不出通知：没有填邮箱" in admin_client.get("/admin/").text


@pytest.mark.django_db(transaction=True)
def test_a_slow_robot_keeps_no_transaction_open(group_chat, admin_client, monkeypatch):
    robot = Robot.objects.create(name="群", kind="wecom", url=group_chat.url)
    in_transaction = []
    monkeypatch.setattr(
        notifications, "send_test", lambda robot: in_transaction.append(connection.in_atomic_block)
    )
    form = {"name": "群", "kind": "wecom", "url": group_chat.url, "is_active": "on", "_test": "1"}
    admin_client.post(reverse("admin:contact_robot_change", args=[robot.pk]), form)
    assert in_transaction == [False]
