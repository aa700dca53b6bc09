"""Staff without all rights: they see what they may see, in words, and nothing offers what they may not do."""

import logging

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.html import strip_tags

from contact.models import Enquiry, EnquiryNote, Notification, Robot
from greenenergy.models import MissingPage
from greenenergy.serving.log_lines import RefusalsInOneLine
from news.models import Tag
from tests.factories import make_article, make_page, make_settings

pytestmark = pytest.mark.django_db

KEY = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"


@pytest.fixture
def staff(client):
    """staff("view_article", …): the client of somebody with these permissions."""

    def logged_in(*codenames):
        user = get_user_model().objects.create_user("xiaowang", password="secret-words", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        browser = Client()
        browser.force_login(user)
        return browser

    return logged_in


def test_who_may_only_view_reads_the_article_and_no_html(staff):
    article = make_article(tags=["光伏", "储能"], body="<h2>要点</h2><p>正文</p>")
    text = staff("view_article").get(f"/admin/news/article/{article.pk}/change/").text
    assert "<h2>要点</h2>" in text
    assert "光伏，储能" in text
    for word in ("Tag line", "None", "&lt;h2&gt;", "Overwrite", "Opened", "仍然保存"):
        assert word not in strip_tags(text) + text.partition("<fieldset")[2]


def test_who_may_only_view_reads_a_page(staff):
    page = make_page(body="<p>公司<strong>简介</strong></p>")
    text = staff("view_section").get(f"/admin/greenenergy/section/{page.pk}/change/").text
    assert "<strong>简介</strong>" in text
    assert "Opened" not in text


def test_whoever_may_change_an_article_may_change_its_attachments(staff):
    article = make_article()
    attachment = article.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"), name="说明书")
    browser = staff("change_article", "view_article", "view_section")
    url = f"/admin/news/article/{article.pk}/change/"
    assert "说明书" in browser.get(url).text
    form = {
        "title": article.title, "section": article.section_id, "status": "draft", "body": article.body, "initial_views": 0,
        "attachments-TOTAL_FORMS": 1, "attachments-INITIAL_FORMS": 1, "attachments-0-id": attachment.pk,
        "attachments-0-article": article.pk, "attachments-0-name": "新名字",
    }  # fmt: skip
    assert browser.post(url, form).status_code == 302
    attachment.refresh_from_db()
    assert attachment.name == "新名字"


def test_who_may_only_view_changes_no_attachment(staff):
    article = make_article()
    article.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"), name="说明书")
    browser = staff("view_article")
    url = f"/admin/news/article/{article.pk}/change/"
    text = browser.get(url).text
    assert "说明书" in text
    assert 'name="attachments-0-name"' not in text
    assert browser.post(url, {}).status_code == 403


def test_notes_belong_to_their_enquiry(staff):
    enquiry = Enquiry.objects.create(
        name="王", phone="13860100641", text="问", consent_text="同意", consent_version=1
    )
    EnquiryNote.objects.create(enquiry=enquiry, text="打过电话", author_name="李")
    text = staff("view_enquiry", "change_enquiry").get(f"/admin/contact/enquiry/{enquiry.pk}/change/").text
    assert "打过电话" in text
    assert 'name="notes-1-text"' in text or 'name="notes-0-text"' in text


def test_who_may_only_view_sends_nothing_and_sees_no_key(staff):
    robot = Robot.objects.create(name="群", kind="wecom", url=KEY, secret="SECabc")
    sent = Notification.objects.create(robot=robot, subject="旧", text="旧")
    browser = staff("view_robot", "view_notification")
    lists = {
        "/admin/contact/robot/": ("send_test", robot),
        "/admin/contact/notification/": ("send_again", sent),
    }
    for url, (action, row) in lists.items():
        assert f'value="{action}"' not in browser.get(url).text
        browser.post(url, {"action": action, "_selected_action": [row.pk]})
    assert list(Notification.objects.values_list("pk", "due_at")) == [(sent.pk, sent.due_at)]
    text = browser.get(f"/admin/contact/robot/{robot.pk}/change/").text
    assert "https://qyapi.weixin.qq.com/…" in text
    assert "693a91f6" not in text
    assert "SECabc" not in text


def test_who_may_change_robots_and_notifications_sends(staff):
    robot = Robot.objects.create(name="群", kind="wecom", url=KEY)
    browser = staff("change_robot", "view_robot", "view_notification", "change_notification")
    browser.post("/admin/contact/robot/", {"action": "send_test", "_selected_action": [robot.pk]})
    sent = Notification.objects.get()
    Notification.objects.update(given_up_at=sent.due_at, attempts=5)
    browser.post("/admin/contact/notification/", {"action": "send_again", "_selected_action": [sent.pk]})
    assert Notification.objects.get().attempts == 0


def test_a_redirect_is_offered_to_those_who_may_add_one(staff):
    MissingPage.objects.record("/old.html")
    assert "设为跳转" not in staff("view_missingpage").get("/admin/greenenergy/missingpage/").text


@pytest.mark.parametrize(("url", "status"), [("/admin/nothing/", 404), ("/admin/news/tag/", 403)])
def test_a_refusal_below_the_admin_is_a_page_of_the_admin(staff, client, url, status):
    make_settings()
    response = staff("view_article").get(url)
    assert response.status_code == status
    assert "回到管理首页" in response.text
    assert 'id="user-tools"' in response.text
    assert "site-footer" not in response.text
    assert client.get("/nothing/").status_code == 404
    assert "回到首页" in client.get("/nothing/").text


def test_an_expired_form_of_the_admin_stays_in_the_admin(staff):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff("view_article").cookies
    response = strict.post("/admin/news/article/", {})
    assert response.status_code == 403
    assert 'id="user-tools"' in response.text
    assert "页面已过期" in response.text


def test_a_refusal_is_one_line_of_the_log_and_a_fault_keeps_its_traceback():
    def record(status):
        return logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "x", None, (ValueError, ValueError(), None)
        )

    for status, has_traceback in ((403, False), (400, False), (500, True)):
        line = record(status)
        line.status_code = status
        assert RefusalsInOneLine().filter(line)
        assert bool(line.exc_info) is has_traceback
    filters = [f for h in logging.getLogger("django").handlers for f in h.filters]
    assert any(isinstance(f, RefusalsInOneLine) for f in filters)


def test_permissions_and_password_rules_speak_chinese(admin_client):
    user = get_user_model().objects.create_user("xiaowang", password="secret-words")
    text = admin_client.get(f"/admin/auth/user/{user.pk}/change/").text
    assert "新闻 | 文章 | 修改" in text
    assert "联系 | 会话 | 可以接待在线客服" in text
    for word in ("Can ", "log entry", "日志", "会话数据", "contenttypes"):
        assert word not in text
    assert "新闻 | 标签 | 删除" in admin_client.get("/admin/auth/group/add/").text
    data = {"password1": "abc", "password2": "abc", "usable_password": "true"}
    refused = admin_client.post(f"/admin/auth/user/{user.pk}/password/", data).text
    assert "密码太短，至少要 8 个字符" in refused
    assert "too short" not in refused


def test_names_of_accounts_hold_no_invisible_characters(admin_client):
    user = get_user_model().objects.create_user("xiaowang", password="secret-words")
    form = {
        "username": "xiaowang", "first_name": "王\u200b\x0b小", "last_name": "", "email": "", "is_active": "on",
        "date_joined_0": "2026-01-01", "date_joined_1": "08:00",
    }  # fmt: skip
    assert admin_client.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302
    user.refresh_from_db()
    assert user.first_name == "王 小"


def test_the_page_of_a_deletion_is_short_and_says_what_goes(
    admin_client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("greenenergy.editing.deletion.LISTED", 20)
    for number in range(30):
        make_article(f"第{number}篇", tags=["光伏"])
    tag = Tag.objects.get()
    with django_assert_max_num_queries(20):
        text = admin_client.get(f"/admin/news/tag/{tag.pk}/delete/").text
    assert "文章和标签的联系: 30" in text
    assert "object (" not in text
    assert text.count("<li>") < 60
    selected = [article.pk for article in tag.articles.all()]
    data = {"action": "delete_selected", "_selected_action": selected}
    text = admin_client.post("/admin/news/article/", data).text
    assert "还有 10 项" in text
    assert "文章: 30" in text
