"""Lists, archive and search: complete, in order, and the same number of queries however long they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from greenenergy.content_version import cache as content_cache
from news.queries.pagination import LAST_PAGE, PAGE_SIZE
from tests.factories import make_article, make_section, make_settings

pytestmark = pytest.mark.django_db


def test_pages_follow_each_other_without_gap_or_repeat(client):
    section = make_section(slug="industry")
    articles = [make_article(f"第{n}篇", section=section, days_old=n) for n in range(PAGE_SIZE * 2 + 3)]
    seen = []
    for number in (1, 2, 3):
        page = client.get(f"/news/industry/?page={number}").context["page"]
        seen += [article.pk for article in page]
        assert page.has_next is (number < 3)
    assert seen == [article.pk for article in articles]


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "1.5", "4", "101", "99999999999999999999", "１", "²", "%00"]
)
def test_a_page_that_does_not_exist_is_404(client, page):
    make_article()
    assert client.get(f"/news/?page={page}").status_code == 404


def test_page_100_is_the_last_and_links_to_the_archive(client, monkeypatch):
    monkeypatch.setattr("news.queries.pagination.PAGE_SIZE", 1)
    monkeypatch.setattr("news.queries.pagination.LAST_PAGE", 2)
    for n in range(4):
        make_article(f"第{n}篇", days_old=n)
    response = client.get("/news/?page=2")
    assert response.context["page"].is_cut
    assert "/news/archive/" in response.text
    assert client.get("/news/?page=3").status_code == 404
    assert LAST_PAGE == 100


def test_a_parent_section_shows_the_articles_of_its_children(client):
    group = make_section("新闻中心", slug="group")
    make_article("子栏目的文章", section=make_section("行业资讯", slug="industry", parent=group))
    assert "子栏目的文章" in client.get("/news/group/").text


def test_the_archive_links_to_every_month_that_has_articles(client):
    article = make_article(published_at=timezone.make_aware(timezone.datetime(2023, 7, 31, 23, 59)))
    make_article("八月", published_at=timezone.make_aware(timezone.datetime(2023, 8, 1, 0, 0)))
    assert "/news/archive/2023/" in client.get("/news/archive/").text
    text = client.get("/news/archive/2023/").text
    assert "/news/archive/2023/7/" in text
    assert "/news/archive/2023/8/" in text
    july = client.get("/news/archive/2023/7/")
    assert [a.pk for a in july.context["page"]] == [article.pk]


@pytest.mark.parametrize(
    "address", ["1066", "0", "99999", "2022", "2023/0", "2023/13", "2023/9", "2023/99999999999999999999"]
)
def test_an_archive_of_nothing_is_404(client, address):
    make_article(published_at=timezone.make_aware(timezone.datetime(2023, 7, 18)))
    assert client.get(f"/news/archive/{address}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("光伏", True),
        ("电", True),
        ("SN-2000", True),
        ("sn-2000", True),
        ("储能 光伏", True),
        ("储能 氢能", False),
        ("strong", False),
        ("100%", True),
        ("%", False),
        ("_", False),
        ("R&D", True),
        ("'; DROP TABLE news_article; --", False),
    ],
)
def test_search_finds_words_of_title_and_body(client, query, found):
    make_article(
        "光伏储能一体机", body="<p><strong>SN-2000</strong> 发电效率 100% 提升，R&amp;D 投入增加。</p>"
    )
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert bool(response.context["page"]) is found


@pytest.mark.parametrize("query", ["", "   ", "\x00", "x" * 10_000, "<script>alert(1)</script>", "光" * 500])
def test_a_strange_search_gets_a_page_and_runs_no_script(client, query):
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/news/", 5),
        ("/news/industry/", 7),
        ("/news/tags/光伏/", 5),
        ("/search/?q=光伏", 10),
        ("/news/{pk}/", 13),
    ],
)
def test_a_page_costs_the_same_queries_for_one_article_and_for_thirty(client, address, queries, monkeypatch):
    monkeypatch.setattr(
        content_cache, "CLOCK_SECONDS", 60
    )  # a slow machine would read again what follows the clock
    make_settings()
    section = make_section(slug="industry")
    article = make_article(section=section, tags=["光伏"])
    address = address.format(pk=article.pk)

    def cost():
        client.get("/")  # what all pages share is cached per content version
        client.get("/contact/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        print(*(query["sql"][:300] for query in captured), sep="\n")
        return len(captured)

    one = cost()
    for n in range(29):
        make_article(f"第{n}篇", section=section, tags=["光伏", f"标签{n}"], is_pinned=n < 3)
    assert cost() <= one + 1
    assert one <= queries


@pytest.mark.parametrize(
    "address",
    [
        "/news/%00/", "/news/%FF%FE/", "/news/tags/%ED%A0%80/", "/%E0%80%AF/", "/news/99999999999999999999/",
        "/news/../../etc/passwd", "/news/tags/%2e%2e/", "/news/tags/a%2Fb/", "/media/../secret_key",
        "/media/%2e%2e/secret_key", "/media/%00", "/static/../manage.py", "/search/?q=%FF%FE", "/news/?page=%FF",
        "/news/tags/" + "x" * 3000 + "/", "/admin/editor-upload/x", "/news/archive/%D9%A1/",
    ],
)  # fmt: skip
def test_hostile_bytes_in_a_url_cause_no_server_error(client, address):
    assert client.get(address).status_code in (200, 301, 302, 400, 404)


def test_a_section_in_card_form_shows_pictures_on_its_own_page_too(client):
    section = make_section("产品中心", slug="products", layout="cards")
    make_article("产品甲", section=section, is_pinned=True)
    make_article("产品乙", section=section)
    text = client.get("/news/products/").text
    assert text.count('<h2 class="tile__title">') == 2
    assert text.count('class="badge"') == 1
    assert "article-card__title" not in text
    section.layout = "list"
    section.save()
    assert "tile__title" not in client.get("/news/products/").text


def test_a_section_shows_the_newest_of_all_below_it(client):
    parent = make_section("资讯", slug="news-of-all")
    below = [make_section(name, slug=slug, parent=parent) for name, slug in (("甲", "a"), ("乙", "b"))]
    for day in range(1, 31):
        make_article(f"第{day}天", section=[parent, *below][day % 3], days_old=day)
    shown = [
        row.title
        for number in (1, 2)
        for row in client.get(f"/news/news-of-all/?page={number}").context["page"]
    ]
    assert shown == [f"第{day}天" for day in range(1, 31)]
