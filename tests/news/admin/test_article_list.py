"""The list of articles in the admin: what visitors see of each, actions, search and filters."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db

ADD = "/admin/news/article/add/"


def test_the_list_says_what_visitors_see(admin_client):
    now = timezone.now()
    make_article("草稿文章", published=False)
    make_article("定时文章", published_at=now + timedelta(days=1))
    make_article("到期文章", published_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    text = admin_client.get("/admin/news/article/").text
    assert all(state in text for state in ("草稿", "定时", "已到期"))
    for shown, title in [("scheduled", "定时文章"), ("expired", "到期文章")]:
        listed = admin_client.get(f"/admin/news/article/?shown={shown}").context["cl"].result_list
        assert [article.title for article in listed] == [title]


def test_articles_are_published_and_withdrawn_from_the_list(admin_client, client):
    article = make_article(published=False)
    empty = make_article("空的", published=False, body="")

    def act(action):
        data = {"action": action, "_selected_action": [article.pk, empty.pk]}
        return admin_client.post("/admin/news/article/", data, follow=True)

    assert "还没有正文" in act("publish").text
    assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get(empty.get_absolute_url()).status_code == 404
    act("withdraw")
    assert client.get(article.get_absolute_url()).status_code == 410
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now() + timedelta(days=1))
    text = act("publish").text
    assert "发布了 0 篇文章" in text
    assert "1 篇文章的发布时间还没有到" in text


def test_the_list_costs_the_same_for_one_article_and_for_forty(admin_client, django_assert_max_num_queries):
    for n in range(40):
        make_article(f"第{n}篇")
    with django_assert_max_num_queries(12):
        admin_client.get("/admin/news/article/")


def test_the_list_of_articles_is_searched_by_all_its_text_and_narrowed_by_year(admin_client):
    make_article("甲", body="<p>钙钛矿组件下线。</p>", published_at=timezone.now() - timedelta(days=800))
    make_article("乙", body="<p>储能电站投运。</p>")
    address = reverse("admin:news_article_changelist")
    found = admin_client.get(address, {"q": "钙钛矿"}).context["cl"].result_list
    assert [article.title for article in found] == ["甲"]
    assert len(admin_client.get(address, {"q": "  "}).context["cl"].result_list) == 2
    year = (timezone.now() - timedelta(days=800)).year
    found = admin_client.get(address, {"year": year}).context["cl"].result_list
    assert [article.title for article in found] == ["甲"]
    assert len(admin_client.get(address, {"year": "abc"}).context["cl"].result_list) == 2


def test_a_long_list_of_articles_is_counted_no_further_than_it_is_shown(admin_client, monkeypatch):
    monkeypatch.setattr("greenenergy.editing.long_lists.MAX_COUNT", 3)
    for number in range(5):
        make_article(f"第{number}篇")
    response = admin_client.get(reverse("admin:news_article_changelist"))
    assert response.context["cl"].result_count == 3
