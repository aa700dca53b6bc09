"""Somebody deletes what another person is editing: what was written is given back, and can be saved as a new one."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from news.admin.forms import ArticleForm
from news.models import Article
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db


def written(section, opened):
    return {
        "title": "写了一下午", "section": section.pk, "tag_line": "储能", "body": "<p>很长的正文</p>", "status": "draft",
        "opened": opened, "initial_views": 0, "attachments-TOTAL_FORMS": 2, "attachments-INITIAL_FORMS": 1,
        "attachments-0-id": 1, "attachments-0-article": 1, "attachments-0-name": "附件",
    }  # fmt: skip


def test_the_text_of_a_deleted_article_comes_back_and_can_be_saved_as_a_new_one(admin_client):
    section = make_section()
    article = make_article(section=section)
    data = written(section, article.updated_at.isoformat())
    colleague = User.objects.create_user("zhang", first_name="张三")
    LogEntry.objects.create(
        user=colleague, content_type=ContentType.objects.get_for_model(Article), object_id=article.pk,
        object_repr=article.title, action_flag=DELETION,
    )  # fmt: skip
    url = f"/admin/news/article/{article.pk}/change/"
    article.delete()
    response = admin_client.post(url, data)
    assert response.status_code == 200
    assert "张三把它删除了" in response.text
    assert "很长的正文" in response.text
    assert 'action="/admin/news/article/add/"' in response.text
    assert not Article.objects.exists()
    del data["attachments-0-id"], data["attachments-0-article"], data["attachments-0-name"]
    response = admin_client.post("/admin/news/article/add/", {**data, "attachments-INITIAL_FORMS": 0})
    assert response.status_code == 302
    assert Article.objects.get().body == "<p>很长的正文</p>"


def test_an_article_that_is_deleted_while_it_is_being_checked_is_told_of():
    article = make_article()
    form = ArticleForm({"opened": article.updated_at.isoformat()}, instance=article)
    Article.objects.filter(pk=article.pk).delete()
    form.is_valid()
    assert "删除了" in str(form.non_field_errors())


def test_a_script_is_told_where_a_saved_form_leads(admin_client):
    section = make_section()
    data = {**written(section, ""), "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0}
    response = admin_client.post("/admin/news/article/add/", data, headers={"X-Form-Guard": "1"})
    assert response.status_code == 204
    assert response["X-Location"] == "/admin/news/article/"
    assert "Location" not in response
    page = admin_client.get(response["X-Location"])
    assert "写了一下午" in page.text
    assert "messagelist" in page.text
