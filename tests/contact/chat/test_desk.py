"""The URLs of the desk: who may open them, what they show, what they change."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from contact import chat, reports
from contact.chat.browser_input import Location
from contact.chat.limits import TYPING_SECONDS
from contact.models import Agent, CannedReply, ChannelClicks, Conversation, Label
from tests.factories import (
    make_agent,
    make_channel,
    make_conversation,
    make_picture_file,
    make_settings,
    make_visitor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent()


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def act(client, conversation, verb, data=None):
    return client.post(f"/admin/chat/{conversation.pk}/{verb}/", json.dumps(data or {}), "application/json")


def test_only_staff_who_answer_chats_reach_the_desk(client, django_user_model):
    conversation = make_conversation()
    paths = ["lists/", f"{conversation.pk}/"]
    assert client.get("/admin/chat/")["Location"].startswith("/admin/login/")
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    for user in (None, editor):
        if user:
            client.force_login(user)
            assert client.get("/admin/chat/").status_code == 403
        for path in paths:
            assert client.get(f"/admin/chat/{path}").status_code == 403
        assert client.post("/admin/chat/search/", {"q": "光伏"}).status_code == 403
        for verb in ("take", "close", "block", "messages"):
            assert act(client, conversation, verb).status_code == 403
    assert "光伏组件" not in client.get(f"/admin/chat/{conversation.pk}/").text


def test_the_first_page_leads_an_agent_to_the_desk(desk, agent):
    text = desk.get("/admin/").text
    assert '<a class="button" href="/admin/chat/">' in text
    assert "你没有" not in text
    agent.user_permissions.clear()
    text = desk.get("/admin/").text
    assert '<a class="button" href="/admin/chat/">' not in text
    assert "你没有" in text


def test_the_desk_posts_nothing_without_its_token(agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    assert act(client, make_conversation(), "take").status_code == 403


def test_the_lists_show_who_waits_and_what_is_unread(desk, agent):
    waiting, mine, others = make_conversation(), make_conversation(), make_conversation()
    act(desk, mine, "take")
    chat.take(make_agent("b", "小王"), others.pk)
    chat.post_from_visitor(mine.visitor, uuid.uuid4(), "第二句", ip="192.0.2.1")
    answer = desk.get("/admin/chat/lists/").json()
    rows = {row["id"]: row for row in answer["conversations"]}
    assert set(rows) == {waiting.pk, mine.pk}
    assert (rows[waiting.pk]["unread"], rows[mine.pk]["unread"]) == (1, 2)
    assert rows[mine.pk]["last"] == {"kind": "visitor", "text": "第二句"}
    assert rows[mine.pk]["device"] == "iPhone · 微信"
    act(desk, mine, "read", {"sequence": 3})
    rows = {row["id"]: row for row in desk.get("/admin/chat/lists/").json()["conversations"]}
    assert rows[mine.pk]["unread"] == 0
    assert {row["name"] for row in answer["agents"]} == {"客服小李", "小王"}


def test_a_released_chat_shows_what_the_visitor_wrote(desk):
    conversation = make_conversation(text="要二十套逆变器")
    act(desk, conversation, "take")
    act(desk, conversation, "release")
    [row] = desk.get("/admin/chat/lists/").json()["conversations"]
    assert row["last"] == {"kind": "visitor", "text": "要二十套逆变器"}


def test_the_lists_cost_the_same_for_one_and_for_many(desk, django_assert_max_num_queries):
    for _ in range(9):
        make_conversation()
    with django_assert_max_num_queries(12):
        desk.get("/admin/chat/lists/")


def test_a_thread_shows_all_about_the_visitor(desk, agent):
    visitor = make_visitor()
    earlier = make_conversation(visitor)
    act(desk, earlier, "take")
    act(desk, earlier, "close")
    location = Location.from_browser(
        {
            "url": "https://www.example.com/news/1/", "title": "光伏", "referrer": "https://www.baidu.com/",
            "earlier": [{"url": "/", "title": "首页"}, {"url": "javascript:alert(1)", "title": "x"}, 5],
        }
    )  # fmt: skip
    chat.post_from_visitor(visitor, uuid.uuid4(), "你好", location=location, ip="192.0.2.1")
    conversation = Conversation.objects.order_by("-pk")[0]
    answer = desk.get(f"/admin/chat/{conversation.pk}/").json()
    about = answer["about"]
    assert answer["conversation"]["page"] == {"url": "https://www.example.com/news/1/", "title": "光伏"}
    assert about["referrer"] == "https://www.baidu.com/"
    assert about["pages"] == [{"url": "/", "title": "首页"}, {"url": "", "title": "x"}]
    assert [row["id"] for row in about["earlier"]] == [earlier.pk]


def test_labels_notes_and_names(desk):
    conversation, label = make_conversation(), Label.objects.create(name="询价")
    act(desk, conversation, "labels", {"labels": [label.pk]})
    act(desk, conversation, "rename", {"name": "王先生"})
    act(desk, conversation, "messages", {"id": str(uuid.uuid4()), "text": "老客户", "kind": "note"})
    answer = desk.get(f"/admin/chat/{conversation.pk}/").json()
    assert answer["about"]["labels"] == [label.pk]
    assert answer["conversation"]["visitor"] == "王先生"
    assert answer["messages"][-1] | {"at": 0, "id": None} == {
        "n": 2, "id": None, "kind": "note", "name": "客服小李", "text": "老客户", "at": 0,
    }  # fmt: skip


def test_a_verb_that_cannot_be_done_says_why(desk):
    conversation = make_conversation()
    assert act(desk, conversation, "close").status_code == 204
    response = act(desk, conversation, "take")
    assert response.status_code == 409
    assert "已经结束" in response.json()["error"]
    response = act(desk, conversation, "messages", {"id": str(uuid.uuid4()), "text": "晚了"})
    assert response.status_code == 409
    assert act(desk, conversation, "reopen").status_code == 204
    assert act(desk, conversation, "explode").status_code == 404
    for verb, data in (("take", {}), ("close", {}), ("messages", {"id": str(uuid.uuid4()), "text": "x"})):
        for number in (999_999, 10**30):
            missing = desk.post(f"/admin/chat/{number}/{verb}/", json.dumps(data), "application/json")
            assert missing.status_code == 404


def test_a_canned_reply_sends_its_picture(desk):
    conversation = make_conversation()
    reply = CannedReply.objects.create(shortcut="地图", picture=make_picture_file())
    act(desk, conversation, "take")
    answer = act(desk, conversation, "messages", {"id": str(uuid.uuid4()), "canned": reply.pk}).json()
    assert answer["message"]["file"]["width"] == 400


def test_old_threads_are_found_by_words_and_names(desk):
    make_conversation(text="问逆变器的价格")
    other = make_conversation(text="问组件")
    chat.rename_visitor(other.pk, "李工")

    def found(text):
        rows = desk.post("/admin/chat/search/", {"q": text}).json()["conversations"]
        return [row["last"]["text"] for row in rows]

    assert found("逆变器") == ["问逆变器的价格"]
    assert found("李工") == ["问组件"]
    assert found("没有的") == []
    assert len(found("")) == 2


def test_older_lines_come_in_pages(desk):
    conversation = make_conversation()
    for number in range(5):
        chat.note(Agent.objects.get().user, conversation.pk, uuid.uuid4(), f"备注 {number}")
    before = desk.get(f"/admin/chat/{conversation.pk}/?before=3").json()["messages"]
    after = desk.get(f"/admin/chat/{conversation.pk}/?after=4").json()["messages"]
    assert [line["n"] for line in before] == [1, 2]
    assert [line["n"] for line in after] == [5, 6]
    assert desk.get(f"/admin/chat/{conversation.pk}/?after=x").status_code == 400


def test_presence_and_stepping_away(desk, agent):
    Agent.objects.update(seen_at=None)
    assert desk.get("/contact/chat/").json()["state"] == "away"
    desk.post("/admin/chat/presence/", "{}", "application/json")
    assert desk.get("/contact/chat/").json()["state"] == "online"
    desk.post("/admin/chat/presence/", '{"is_away": true}', "application/json")
    assert desk.get("/contact/chat/").json()["state"] == "away"
    desk.post("/admin/chat/presence/", "{}", "application/json")
    assert Agent.objects.get().is_away  # an open desk does not bring them back


def test_the_page_of_the_desk(desk):
    text = desk.get("/admin/chat/").text
    assert "客服工作台" in text
    assert 'id="desk-words"' in text
    assert f'data-text-limit="{chat.TEXT_LIMIT}"' in text
    assert text.index('data-list="waiting"') < text.index('data-list="mine"')
    assert f'data-typing-seconds="{TYPING_SECONDS}"' in text


def test_the_report_counts(desk, agent):
    make_settings()
    agent.user_permissions.add(Permission.objects.get(codename="see_chat_reports"))
    now = timezone.now()
    answered, missed, fresh = make_conversation(), make_conversation(), make_conversation()
    act(desk, answered, "take")
    act(desk, answered, "messages", {"id": str(uuid.uuid4()), "text": "好"})
    act(desk, answered, "close")
    Conversation.objects.filter(pk=answered.pk).update(
        created_at=now - timedelta(seconds=90), answered_at=now - timedelta(seconds=60), rating=4
    )
    act(desk, missed, "close")
    ChannelClicks.objects.record(make_channel())
    response = desk.get("/admin/chat/reports/?days=7")
    whole = response.context["chats"]
    assert (whole.chats, whole.answered, whole.missed, whole.median_seconds, whole.rating) == (
        3,
        1,
        1,
        30,
        4.0,
    )
    assert [(row.name, row.chats) for row in response.context["agents"]] == [("客服小李", 1)]
    assert response.context["clicks"][0][1] == 1
    assert fresh.status == "waiting"
    for query in ("days=x", "from=2026-13-01&to=", "days=99999999999", "from=2026-01-02&to=2026-01-01"):
        assert desk.get(f"/admin/chat/reports/?{query}").status_code == 200


def test_the_report_credits_who_answered_whoever_has_it_now(agent):
    """An agent answers and leaves, the visitor ends the chat; in another one a colleague goes on, and gets the stars."""
    colleague = make_agent("b", "小王")
    left, handed_on = make_conversation(), make_conversation()
    for conversation in (left, handed_on):
        chat.take(agent, conversation.pk)
        chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), "您好")
        chat.release(agent, conversation.pk)
    chat.end(left.visitor)
    chat.take(colleague, handed_on.pk)
    chat.post_from_staff(colleague, handed_on.pk, uuid.uuid4(), "我来")
    chat.close(colleague, handed_on.pk)
    Conversation.objects.update(rating=5)
    today = timezone.localdate()
    whole, agents = reports.chats(today, today)
    credit = {row.name: (row.chats, row.answered, len(row.waits), len(row.ratings)) for row in agents}
    assert credit == {"客服小李": (2, 2, 2, 1), "小王": (1, 1, 0, 1)}
    assert (whole.chats, whole.answered, len(whole.waits)) == (2, 2, 2)


def test_the_report_is_not_for_everybody(desk):
    assert desk.get("/admin/chat/reports/").status_code == 403


def test_no_chat_goes_to_a_colleague_who_is_no_longer_staff(desk):
    colleague, conversation = make_agent("b", "小王"), make_conversation()
    act(desk, conversation, "take")
    colleague.is_staff = False
    colleague.save()
    refused = act(desk, conversation, "transfer", {"to": colleague.pk})
    assert (refused.status_code, refused.json()["error"]) == (409, "这位同事不能接待访客。")
