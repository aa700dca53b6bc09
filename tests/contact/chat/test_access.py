"""Who may open a conversation: consent, the cookie, other sites, forgotten browsers."""

import uuid

import pytest
from django.test import Client

from contact.models import Conversation, Message, Visitor
from contact.models.conversations import hash_token
from contact.urls import urlpatterns
from tests.contact.chat.panel import post, send, send_file, start
from tests.factories import make_picture_file

pytestmark = pytest.mark.django_db


def test_opening_the_panel_sets_no_cookie_and_stores_nothing(client):
    response = client.get("/contact/chat/")
    assert response.status_code == 200
    assert not response.cookies
    assert response.json()["has_agreed"] is False
    assert response.json()["thread"] is None
    assert not Visitor.objects.exists()


def test_nothing_is_stored_without_consent(client):
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


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_pages_of_other_sites_post_nothing(client, origin):
    start(client)
    response = post(client, "messages", {"id": str(uuid.uuid4()), "text": "x"}, HTTP_ORIGIN=origin)
    assert response.status_code == 403
    assert not Message.objects.exists()


def test_what_belongs_to_somebody_else_looks_like_what_does_not_exist(client):
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


def test_no_url_of_the_visitors_side_names_a_conversation():
    assert all("<int" not in str(entry.pattern) for entry in urlpatterns)


def test_ending_and_clearing_opens_nothing_any_more(client):
    start(client)
    send(client)
    token = client.cookies["chat"].value
    response = post(client, "end", {"forget": True})
    assert response.status_code == 204
    assert response.cookies["chat"].value == ""
    assert Conversation.objects.get().status == "closed"
    client.cookies["chat"] = token  # a copy of the cookie
    assert client.get("/contact/chat/updates/").status_code == 404
