"""Tags: their names, their pages, and the overview of them all."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import Article, Tag, split_tags
from news.queries.article_page import context_of
from news.queries.tags import tags_with_public_articles
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("光伏，储能、风电", ["光伏", "储能", "风电"]),
        ("光伏,储能;风电；氢能\n双碳", ["光伏", "储能", "风电", "氢能", "双碳"]),
        (" 光伏 ，， #储能# ，光伏", ["光伏", "储能"]),
        ("Smart Grid，smart grid，ＰＶ", ["Smart Grid", "PV"]),
        ("5G/6G", ["5G／6G"]),
        ("", []),
        ("，、；", []),
    ],
)
def test_a_tag_line_is_split_as_editors_type_it(line, names):
    assert split_tags(line) == names


def test_tags_are_made_once_and_found_in_any_case():
    first = Tag.objects.for_names(["SN-2000", "光伏"])
    again = Tag.objects.for_names(["光伏", "sn-2000", "SN-2000"])
    assert [tag.pk for tag in again] == [first[1].pk, first[0].pk]
    assert Tag.objects.count() == 2


def test_the_url_of_a_tag_is_its_name(client):
    make_article(tags=["光伏", "5G/6G", "a?b#c%d"])
    for tag in Tag.objects.all():
        response = client.get(tag.get_absolute_url())
        assert response.status_code == 200
        assert tag.name in response.text.replace("&amp;", "&")
    assert client.get("/news/tags/光伏/").status_code == 200
    assert client.get("/news/tags/没有/").status_code == 404


def test_another_spelling_of_a_tag_redirects_to_its_url(client):
    make_article(tags=["PV"])
    response = client.get("/news/tags/pv/")
    assert (response.status_code, response["Location"]) == (301, "/news/tags/PV/")


def test_tags_that_only_one_database_distinguishes_each_have_a_page(client):
    """For SQLite Δ and δ are two tags, for PostgreSQL one. No page redirects to another one in a circle."""
    names = ["Δ", "δ"] if connection.vendor == "sqlite" else ["Δ"]
    for tag in Tag.objects.bulk_create([Tag(name=name) for name in names]):
        make_article().tags.add(tag)
    for name in names:
        assert client.get(f"/news/tags/{name}/").status_code == 200


def test_the_tag_overview_counts_public_articles_only(client):
    make_article(tags=["光伏"])
    make_article(tags=["光伏", "草稿标签"], published=False)
    tags = tags_with_public_articles()
    assert [(tag.name, tag.article_count) for tag in tags] == [("光伏", 1)]


def test_the_tag_overview_counts_up_to_a_limit(client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("news.queries.tags.COUNTED", 3)
    for _ in range(4):
        make_article(tags=["储能", "风电"])
    make_article(tags=["风电", "光伏"])
    make_article(tags=["光伏"])
    for _ in range(4):
        make_article(tags=["没有公开"], published=False)
    with django_assert_max_num_queries(15):
        text = client.get("/news/tags/").text
    shown = re.findall(r'class="tag" href="[^"]*">(.*?) <span class="tag__count">([^<]*)<', text)
    assert shown == [("风电", "3+"), ("储能", "3+"), ("光伏", "2")]


@pytest.mark.parametrize("is_frequent", [False, True])
def test_a_frequent_tag_shows_what_a_rare_one_would(client, monkeypatch, is_frequent):
    monkeypatch.setattr("news.queries.tags.MOST_USES", 0 if is_frequent else 100)
    article = make_article("甲", tags=["光伏", "储能"])
    for number, tags in enumerate((["光伏"], ["储能", "光伏"], ["风电"], ["储能"], [])):
        make_article(f"第{number}篇", tags=tags, days_old=number + 2)
    make_article("草稿", tags=["光伏"], published=False)
    page = client.get("/news/tags/光伏/").context["page"]
    assert [row.title for row in page] == ["甲", "第0篇", "第1篇"]
    assert [row.title for row in context_of(article)["related"]] == ["第1篇", "第0篇", "第3篇"]


def test_pages_of_a_frequent_tag_are_read_from_where_another_page_ended(client, monkeypatch):
    """In any order of requests, with several articles of one moment, and after a change."""
    monkeypatch.setattr("news.queries.tags.MOST_USES", 0)
    for number in range(70):
        make_article(tags=["光伏"] if number % 7 else [], days_old=1 + number // 5)

    def pages(*numbers):
        """(articles of each page, rows that the database skipped for each)."""
        with CaptureQueriesContext(connection) as captured:
            shown = [
                [row.pk for row in client.get(f"/news/tags/光伏/?page={number}").context["page"]]
                for number in numbers
            ]
        of_tag = [query["sql"] for query in captured if '"news_article_tags"' in query["sql"]]
        skipped = [re.search(r"LIMIT 21(?: OFFSET (\d+))?", sql)[1] for sql in of_tag]
        return shown, [int(rows or 0) for rows in skipped]

    def all_of_the_tag():
        return list(
            Article.objects.published().filter(tags__name="光伏").newest_first().values_list("pk", flat=True)
        )

    (third, second, first, third_again), skipped = pages(3, 2, 1, 3)
    assert first + second + third == all_of_the_tag()
    assert third_again == third
    assert skipped == [40, 20, 0, 0]
    assert pages(1, 2, 3) == ([first, second, third], [0, 0, 0])
    newest = make_article(tags=["光伏"], days_old=0)
    (third, second, first), _skipped = pages(3, 2, 1)
    assert first[0] == newest.pk
    assert first + second + third == all_of_the_tag()[:60]
