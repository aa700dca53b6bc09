"""The privacy page that comes with the product says what the product does; and each consent keeps what was agreed to."""

import hashlib
import importlib
import re
import uuid
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import reverse

from contact import chat
from contact.models import ContactSettings, Enquiry, PrivacyText, Visitor
from contact.privacy.policy_page import make_policy_page
from contact.privacy.policy_text import POLICY
from contact.privacy.retention import ABANDONED_HOURS
from contact.views.visitor import COOKIE_DAYS
from greenenergy.models import Section
from greenenergy.page_cache.variants import CARE_COOKIE, LANGUAGE_COOKIE
from tests.contact.chat.panel import post
from tests.contact.enquiries.test_enquiries import filled
from tests.factories import make_channel, make_page, make_settings, make_visitor

pytestmark = pytest.mark.django_db

STORED = re.compile(r'(?:KEY = |Item\(|Text\(|Json\(|new Outbox\()"(chat-[a-z]+)"')  # in the browser

migration = importlib.import_module("contact.migrations.0008_true_privacy_page")


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    make_settings()


@pytest.fixture
def page():
    return make_policy_page(ContactSettings(conversation_days=90, enquiry_days=400))


def shown(client, page):
    return client.get(page.get_absolute_url()).text


def agree(client, version):
    return post(client, "start", {"token": uuid.uuid4().hex, "consent": version})


def test_the_page_is_filled_from_the_settings(client, page):
    make_channel(value="400-123-4567")
    text = shown(client, page)
    assert "保存 90 天" in text
    assert "保存 400 天" in text
    assert "400-123-4567" in text
    assert "新能绿源能源科技集团有限公司保存的您的资料" in text
    assert "{" not in re.search(r'<div class="rich-text".*?</div>', text, re.DOTALL)[0]


def test_the_page_follows_the_settings(client, page):
    shown(client, page)
    ContactSettings.objects.get().save()
    rules = ContactSettings.load()
    rules.conversation_days = 7
    rules.save()
    assert "保存 7 天" in shown(client, page)


def test_the_text_names_what_the_code_stores():
    for cookie in (chat.COOKIE, LANGUAGE_COOKIE, CARE_COOKIE):
        assert cookie in POLICY
    assert f"{COOKIE_DAYS} 天" in POLICY
    assert ABANDONED_HOURS == 24  # 一天没有新消息的对话自动结束
    scripts = (settings.BASE_DIR / "static/js").rglob("*.js")
    stored = "".join(path.read_text() for path in scripts if not {"admin", "desk"} & set(path.parts))
    assert set(STORED.findall(stored)) == {
        "chat-state", "chat-draft", "chat-outbox", "chat-consent", "chat-trail", "chat-looked", "chat-sound", "chat-awaits",
        "chat-form",
    }  # fmt: skip
    for words in ("没有发出的话", "提示音的开关", "有没有等着的回复", "看过哪些页面只留在您的标签页里"):
        assert words in POLICY


def test_the_notice_names_the_days(client):
    ContactSettings(conversation_days=90, enquiry_days=400).save()
    assert "聊天 90 天，留言 400 天" in client.get("/contact/chat/").json()["html"]
    assert "聊天 90 天，留言 400 天" in client.get("/contact/").text


def test_each_consent_keeps_the_texts_of_its_version(client, page):
    agree(client, 1)
    rules = ContactSettings.load()
    rules.privacy_notice = "新的提示"
    rules.save()
    assert agree(client, 1).json()["notice"] == {"version": 2, "text": "新的提示"}
    client.cookies.clear()
    agree(client, 2)
    assert sorted(Visitor.objects.values_list("consent_version", flat=True)) == [1, 2]
    first, second = PrivacyText.objects.order_by("version")
    assert "聊天 90 天" in first.notice
    assert "保存 90 天" in first.policy
    assert second.notice == "新的提示"


def test_another_page_or_other_days_are_another_version_once_somebody_has_agreed(client, page):
    def version():
        return ContactSettings.load().privacy_version

    page.body += "<p>还有一条。</p>"
    page.save()
    assert version() == 1  # nobody has agreed to the first text
    agree(client, 1)
    page.body += "<p>又有一条。</p>"
    page.save()
    page.save()
    make_page("关于")
    assert version() == 2
    client.post("/contact/", filled(consent="2"), HTTP_ORIGIN="http://testserver")
    assert Enquiry.objects.get().consent_version == 2
    rules = ContactSettings.load()
    rules.enquiry_days = 10
    rules.save()
    assert version() == 3
    assert "又有一条" in PrivacyText.objects.get(version=2).policy


def test_a_button_makes_the_page_and_staff_read_every_version(admin_client, client):
    url = reverse("admin:contact_contactsettings_add")
    form = {"greeting": "您好", "answer_seconds": 120, "privacy_notice": "提示", "topics": "其他", "conversation_days": 365,
            "enquiry_days": 1095, "is_chat_on": "on", "_policy": "1"}  # fmt: skip
    assert 'name="_policy"' in admin_client.get(url).text
    response = admin_client.post(url, form)
    page = ContactSettings.load().privacy_page
    assert response["Location"] == reverse("admin:greenenergy_section_change", args=[page.pk])
    assert "在线客服" in page.body
    assert "1095" in shown(client, page)
    agree(client, 1)
    listed = admin_client.get(reverse("admin:contact_privacytext_changelist")).text
    assert "提示" in listed


def test_an_upgrade_replaces_the_old_page_where_nobody_changed_it_and_keeps_what_was_agreed_to(monkeypatch):
    old = make_page("隐私政策", slug="privacy", body="<p>旧的</p>")
    changed = make_page("我们的隐私政策", slug="own", body="<p>自己写的</p>")
    ContactSettings(privacy_page=old, privacy_notice="旧的提示").save()
    make_visitor()
    blankless = re.sub(r"\s+", "", old.body).encode()
    monkeypatch.setattr(migration, "OLD_PAGE", hashlib.sha256(blankless).hexdigest())
    migration.replace_page(apps, SimpleNamespace(connection=connection))
    assert "在线客服" in Section.objects.get(pk=old.pk).body
    assert Section.objects.get(pk=changed.pk).body == "<p>自己写的</p>"
    kept = PrivacyText.objects.get()
    assert (kept.version, kept.notice, kept.policy) == (1, "旧的提示", "<p>旧的</p>")
    assert ContactSettings.load().privacy_version == 2


def test_a_second_page_finds_a_free_address():
    rules = ContactSettings.load()
    assert [make_policy_page(rules).slug for _ in range(3)] == ["privacy", "privacy-2", "privacy-3"]
