"""What a save of an article changes: the tags in their order, and in the history only what was changed."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from news.models import Article, Tag
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def form_of(article, **values):
    moment = timezone.localtime(article.published_at)
    return {
        "title": article.title, "section": article.section_id, "status": article.status, "body": article.body,
        "initial_views": article.initial_views, "tag_line": "，".join(article.tag_names), "opened": article.updated_at.isoformat(),
        "published_at_0": f"{moment:%Y-%m-%d}", "published_at_1": f"{moment:%H:%M:%S}",
        "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0, **values,
    }  # fmt: skip


def save(client, article, **values):
    response = client.post(f"/admin/news/article/{article.pk}/change/", form_of(article, **values))
    assert response.status_code == 302
    article.refresh_from_db()
    return LogEntry.objects.order_by("-id").first().get_change_message()


def test_the_history_names_the_body_only_where_it_was_changed(admin_client):
    article = make_article(body="<p>一 <b>二</b></p><ul><li>三</li></ul>", tags=["风电", "光伏"])
    written = "<p>一 <strong>二</strong></p>\r\n\r\n<ul>\r\n\t<li>三</li>\r\n</ul>\r\n"
    assert save(admin_client, article, body=written, tag_line="风电、光伏") == "没有字段被修改。"
    message = save(admin_client, article, body=written, title="新标题")
    assert "标题" in message
    assert "正文" not in message
    assert "正文" in save(admin_client, article, body="<p>一 二</p>")


def test_tags_come_back_in_the_order_in_which_they_were_typed(admin_client, client):
    article = make_article(tags=["储能"])
    for typed in (["风电", "储能", "光伏"], ["光伏", "风电"], ["氢能", "光伏", "风电", "储能"]):
        save(admin_client, article, tag_line="，".join(typed))
        assert Article.objects.get().tag_names == typed
        assert (
            f'value="{"，".join(typed)}"'
            in admin_client.get(f"/admin/news/article/{article.pk}/change/").text
        )
        text = client.get(article.get_absolute_url()).text
        places = [text.index(f'href="{tag.get_absolute_url()}"') for tag in Tag.objects.for_names(typed)]
        assert places == sorted(places)


def test_tags_that_stay_as_they_are_begin_no_new_content_version(monkeypatch):
    article, changes = make_article(tags=["风电"]), []
    monkeypatch.setattr("news.models.articles.content_changed", lambda: changes.append(1))
    tags = Tag.objects.for_names(["风电", "储能"])
    article.set_tags(tags)
    assert len(changes) == 1
    article.set_tags(tags)
    assert len(changes) == 1
    article.set_tags([])
    assert article.tag_names == []


@pytest.mark.parametrize("flag", ["pinned", "recommended", "headline"])
def test_the_list_shows_a_flag_until_its_end(admin_client, flag):
    word = {"pinned": "置顶", "recommended": "推荐", "headline": "头条"}[flag]
    now = timezone.now()
    make_article("过了", **{f"is_{flag}": True, f"{flag}_until": now - timedelta(seconds=1)})
    make_article("还在", **{f"is_{flag}": True, f"{flag}_until": now + timedelta(hours=1)})
    make_article("一直", **{f"is_{flag}": True})
    make_article("没有")
    url = "/admin/news/article/"
    flags = {
        row.title: admin_client.get(url).context["cl"].model_admin.flags(row) for row in Article.objects.all()
    }
    assert flags == {"过了": "—", "还在": word, "一直": word, "没有": "—"}
    for value, titles in {"1": {"还在", "一直"}, "ended": {"过了"}, "0": {"没有"}}.items():
        listed = admin_client.get(url, {f"is_{flag}__exact": value}).context["cl"].result_list
        assert {article.title for article in listed} == titles
