"""Lists, tags, archive and search: complete, in order, and steady in what they cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Article, Tag, split_tags
from news.queries import lists
from news.queries.article_page import context_of
from news.queries.pagination import LAST_PAGE, PAGE_SIZE
from tests.factories import make_article, make_section, make_settings

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


def test_a_tags_address_is_its_name(client):
    make_article(tags=["光伏", "5G/6G", "a?b#c%d"])
    for tag in Tag.objects.all():
        response = client.get(tag.get_absolute_url())
        assert response.status_code == 200
        assert tag.name in response.text.replace("&amp;", "&")
    assert client.get("/news/tags/光伏/").status_code == 200
    assert client.get("/news/tags/没有/").status_code == 404


def test_another_spelling_of_a_tag_leads_to_its_address(client):
    make_article(tags=["PV"])
    response = client.get("/news/tags/pv/")
    assert (response.status_code, response["Location"]) == (301, "/news/tags/PV/")


def test_each_tag_has_its_address_where_the_database_tells_more_letters_apart(client):
    """SQLite takes Δ and δ for two tags, PostgreSQL for one. Neither leads to the other and back."""
    names = ["Δ", "δ"] if connection.vendor == "sqlite" else ["Δ"]
    for tag in Tag.objects.bulk_create([Tag(name=name) for name in names]):
        make_article().tags.add(tag)
    for name in names:
        assert client.get(f"/news/tags/{name}/").status_code == 200


def test_the_tag_overview_counts_public_articles_only(client):
    make_article(tags=["光伏"])
    make_article(tags=["光伏", "草稿标签"], published=False)
    tags = Tag.objects.with_public_articles()
    assert [(tag.name, tag.article_count) for tag in tags] == [("光伏", 1)]


def test_the_tag_overview_counts_so_far_and_no_further(client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("news.models.tags.COUNTED", 3)
    monkeypatch.setattr("news.models.tags._uses", {})
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
def test_a_page_that_is_none_is_404(client, page):
    make_article()
    assert client.get(f"/news/?page={page}").status_code == 404


def test_page_100_is_the_last_and_the_archive_goes_on(client, monkeypatch):
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


def test_the_archive_leads_to_every_month_that_has_articles(client):
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
def test_a_strange_search_is_answered_calmly(client, query):
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
def test_a_page_costs_the_same_queries_for_one_article_and_for_thirty(client, address, queries):
    make_settings()
    section = make_section(slug="industry")
    article = make_article(section=section, tags=["光伏"])
    address = address.format(pk=article.pk)

    def cost():
        client.get("/")  # what all pages share is read once for a content version
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
def test_hostile_bytes_in_an_address_are_no_fault_of_ours(client, address):
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


@pytest.mark.parametrize("is_frequent", [False, True])
def test_a_frequent_tag_shows_what_a_rare_one_would(client, monkeypatch, is_frequent):
    monkeypatch.setattr("news.models.tags.MOST_USES", 0 if is_frequent else 100)
    monkeypatch.setattr("news.models.tags._uses", {})
    article = make_article("甲", tags=["光伏", "储能"])
    for number, tags in enumerate((["光伏"], ["储能", "光伏"], ["风电"], ["储能"], [])):
        make_article(f"第{number}篇", tags=tags, days_old=number + 2)
    make_article("草稿", tags=["光伏"], published=False)
    page = client.get("/news/tags/光伏/").context["page"]
    assert [row.title for row in page] == ["甲", "第0篇", "第1篇"]
    assert [row.title for row in context_of(article)["related"]] == ["第1篇", "第0篇", "第3篇"]


def test_pages_of_a_frequent_tag_begin_where_another_ended(client, monkeypatch):
    """In whatever order they are asked for, with several articles of one moment, and after a change."""
    monkeypatch.setattr("news.models.tags.MOST_USES", 0)
    asked, of_frequent_tag = [], lists._of_frequent_tag
    monkeypatch.setattr(
        lists, "_of_frequent_tag", lambda **values: asked.append(values["first"]) or of_frequent_tag(**values)
    )
    for number in range(70):
        make_article(tags=["光伏"] if number % 7 else [], days_old=1 + number // 5)

    def pages(*numbers):
        asked.clear()
        return [
            [row.pk for row in client.get(f"/news/tags/光伏/?page={number}").context["page"]]
            for number in numbers
        ]

    def all_of_the_tag():
        return list(
            Article.objects.published().filter(tags__name="光伏").newest_first().values_list("pk", flat=True)
        )

    third, second, first, third_again = pages(3, 2, 1, 3)
    assert first + second + third == all_of_the_tag()
    assert third_again == third
    assert asked == [40, 20, 0, 0]
    assert pages(1, 2, 3) == [first, second, third]
    assert asked == [0, 0, 0]
    newest = make_article(tags=["光伏"], days_old=0)
    third, second, first = pages(3, 2, 1)
    assert first[0] == newest.pk
    assert first + second + third == all_of_the_tag()[:60]


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
