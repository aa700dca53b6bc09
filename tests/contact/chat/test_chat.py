"""What visitors and staff can do in a conversation, by the verbs and by the visitor's addresses."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from contact import chat
from contact.chat.files import plain_name
from contact.chat.payloads import TYPING_SECONDS
from contact.models import Agent, ChatFile, Conversation, Message, Visitor
from contact.models.conversations import hash_token
from tests.factories import make_agent, make_conversation, make_picture_file, make_visitor

pytestmark = pytest.mark.django_db

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _host(settings):
    settings.ALLOWED_HOSTS = ["testserver"]


def post(client, path, data=None, **headers):
    return client.post(
        f"/contact/chat/{path}/", json.dumps(data or {}), "application/json", **{**ORIGIN, **headers}
    )


def start(client, token="t" * 40, **data):
    return post(client, "start", {"token": token, "consent": 1, **data})


def send(client, text="您好", client_id=None, **data):
    return post(client, "messages", {"id": str(client_id or uuid.uuid4()), "text": text, **data})


def texts(conversation):
    return [message.text for message in conversation.messages.order_by("sequence")]


def test_opening_the_panel_sets_no_cookie_and_writes_nothing(client):
    response = client.get("/contact/chat/")
    assert response.status_code == 200
    assert not response.cookies
    assert response.json()["has_agreed"] is False
    assert response.json()["thread"] is None
    assert not Visitor.objects.exists()


def test_nothing_is_kept_without_consent(client):
    assert send(client).status_code == 404
    response = post(client, "start", {"token": "t" * 40})
    assert response.status_code == 400
    assert "同意" in response.json()["error"]
    assert not Visitor.objects.exists()
    assert not response.cookies


def test_consent_sets_one_cookie_that_scripts_and_other_pages_never_see(client):
    cookie = start(client).cookies["chat"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/contact/chat/"
    visitor = Visitor.objects.get()
    assert (visitor.consent_version, visitor.token_hash) == (1, hash_token("t" * 40))


def test_starting_twice_is_the_same_visitor(client):
    start(client)
    start(client)
    assert Visitor.objects.count() == 1


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


def test_the_second_to_take_is_told_who_has_it():
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


def test_transfer_goes_to_whoever_is_there_with_a_note():
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
    colleague = Client()
    start(colleague, "c" * 40)
    assert send(colleague).status_code == 200  # the same address
    chat.block(agent, Conversation.objects.order_by("pk")[0].pk, False)
    assert send(client).status_code == 200


def test_read_marks_never_go_back_or_beyond():
    agent, visitor = make_agent(), make_visitor()
    conversation = make_conversation(visitor)
    chat.take(agent, conversation.pk)
    chat.visitor_has_read(visitor, 2)
    chat.visitor_has_read(visitor, 1)
    chat.visitor_has_read(visitor, 99)
    chat.staff_has_read(agent, conversation.pk, 1)
    chat.staff_has_read(make_agent("b"), conversation.pk, 2)
    conversation.refresh_from_db()
    assert (conversation.visitor_read, conversation.staff_read) == (2, 1)


def test_typing_is_seen_and_ends_by_itself(client):
    agent = make_agent()
    start(client)
    send(client)
    conversation = Conversation.objects.get()
    chat.take(agent, conversation.pk)
    chat.staff_types(agent, conversation.pk)
    assert client.get("/contact/chat/updates/").json()["staff_types"] is True
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


def test_ending_and_clearing_opens_nothing_any_more(client):
    start(client)
    send(client)
    token = client.cookies["chat"].value
    response = post(client, "end", {"forget": True})
    assert response.status_code == 204
    assert response.cookies["chat"].value == ""
    assert Conversation.objects.get().status == "closed"
    client.cookies["chat"] = token  # whoever kept a copy
    assert client.get("/contact/chat/updates/").status_code == 404


def test_a_transcript_to_keep(client):
    start(client)
    send(client, "第一行\n第二行")
    response = client.get("/contact/chat/transcript/")
    assert response["Content-Disposition"].startswith("attachment")
    assert "我: 第一行\r\n第二行" in response.content.decode("utf-8-sig")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_pages_of_other_sites_post_nothing(client, origin):
    start(client)
    response = post(client, "messages", {"id": str(uuid.uuid4()), "text": "x"}, HTTP_ORIGIN=origin)
    assert response.status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"id": 1}', b'{"id": "no-uuid", "text": "x"}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_message_is_refused_in_words(client, body):
    start(client)
    response = client.post("/contact/chat/messages/", body, "application/json", **ORIGIN)
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_panel_gets_the_limits_that_the_server_keeps(client):
    answer = client.get("/contact/chat/").json()
    assert answer["typing_seconds"] == TYPING_SECONDS
    assert f'maxlength="{chat.TEXT_LIMIT}"' in answer["html"]


def test_too_long_and_empty_lines_are_refused_in_words(client):
    start(client)
    assert "2000" in send(client, "长" * 2001).json()["error"]
    assert send(client, " \n\u0000 ").status_code == 400
    assert send(client, "长" * 2000).status_code == 200


# Files.


def send_file(client, upload):
    return client.post("/contact/chat/messages/", {"id": str(uuid.uuid4()), "file": upload}, **ORIGIN)


def test_a_picture_is_encoded_anew_and_private(client, settings):
    start(client)
    file = send_file(client, make_picture_file("我的照片.jpg", exif=b"Exif\x00\x00GPS-secret")).json()[
        "message"
    ]["file"]
    assert file["name"] == "我的照片.jpg"
    response = client.get(file["url"])
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "image/jpeg"
    assert b"GPS-secret" not in content
    assert "sandbox" in response["Content-Security-Policy"]
    assert Client().get(file["url"]).status_code == 404
    stranger = Client()
    start(stranger, "s" * 40)
    assert stranger.get(file["url"]).status_code == 404
    agent = Client()
    agent.force_login(make_agent())
    assert agent.get(file["url"]).status_code == 200


def test_a_pdf_is_offered_for_download(client):
    start(client)
    file = send_file(client, SimpleUploadedFile("报价.pdf", b"%PDF-1.4 ...")).json()["message"]["file"]
    response = client.get(file["url"])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", b"<script>"),
        ("x.pdf", b"<script>"),
        ("x.svg", b"<svg onload=x>"),
        ("x.jpg", b"GIF89a???"),
        ("x.docx", b"PK"),
    ],
)
def test_other_files_are_refused_in_words(client, name, content):
    start(client)
    response = send_file(client, SimpleUploadedFile(name, content))
    assert response.status_code == 400
    assert "图片" in response.json()["error"]
    assert not ChatFile.objects.exists()
    assert not Message.objects.exists()


def test_a_file_name_is_never_a_path():
    assert plain_name("..\\..\\etc/passwd\u202e.pdf") == "passwd.pdf"


# Limits.


def test_twenty_lines_a_minute_then_a_calm_word(client):
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


def test_ten_new_conversations_an_hour_and_address(client):
    for number in range(11):
        browser = Client()
        start(browser, f"{number:040d}")
        response = send(browser)
        assert response.status_code == (200 if number < 10 else 429)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    start(elsewhere, "e" * 40)
    assert send(elsewhere).status_code == 200


def test_what_is_anothers_looks_like_what_is_not_there(client):
    start(client)
    url = send_file(client, make_picture_file()).json()["message"]["file"]["url"]
    stranger = Client()
    start(stranger, "s" * 40)
    nothing = url[:-5] + "AAAA/"
    for asker in (Client(), stranger):
        for method in ("get", "head", "post"):
            others, missing = getattr(asker, method)(url), getattr(asker, method)(nothing)
            assert others.status_code == missing.status_code in (404, 405)
            assert others.content.replace(url.encode(), b"") == missing.content.replace(nothing.encode(), b"")
    for forged in ("", "x", "t" * 39, "T" * 40, "../" * 10, "t" * 10_000):
        asker = Client()
        asker.cookies["chat"] = forged
        assert asker.get("/contact/chat/updates/").status_code == 404
        assert asker.get("/contact/chat/transcript/").status_code == 404
        assert send(asker).status_code == 404
        assert asker.get("/contact/chat/").json()["thread"] is None


def test_no_address_of_the_visitors_side_names_a_conversation():
    from contact.urls import urlpatterns

    assert all("<int" not in str(entry.pattern) for entry in urlpatterns)


def test_somebody_who_only_agrees_over_and_over_is_slowed_down(client):
    statuses = [start(Client(), f"{number:040d}").status_code for number in range(31)]
    assert statuses == [200] * 30 + [429]
    assert Visitor.objects.count() == 30


def test_whoever_answers_is_at_the_desk():
    """A busy agent's conversations stay theirs, whatever their desk has told of its presence."""
    conversation = make_conversation()
    agent = make_agent()
    chat.take(agent, conversation.pk)
    Agent.objects.filter(user=agent).update(seen_at=timezone.now() - timedelta(seconds=59))
    chat.post_from_staff(agent, conversation.pk, uuid.uuid4(), "在的")
    assert timezone.now() - Agent.objects.get(user=agent).seen_at < timedelta(seconds=5)
