"""The page of search results, and what is stored of the words that are searched for."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from news.models import Article, SearchedWord
from news.queries.search_page import roughly
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db

BEIJING = ZoneInfo("Asia/Shanghai")
READER = {"headers": {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Mobile"}}


def test_results_can_be_narrowed_to_section_and_year(client):
    industry, company = make_section("行业资讯", slug="industry"), make_section("公司新闻", slug="company")
    make_article("行业光伏", section=industry, published_at=datetime(2023, 7, 18, tzinfo=BEIJING))
    make_article("公司光伏", section=company, published_at=datetime(2024, 1, 1, 0, 30, tzinfo=BEIJING))
    titles = lambda **query: [a.title for a in client.get("/search/", {"q": "光伏", **query}).context["page"]]  # noqa: E731
    assert titles() == ["公司光伏", "行业光伏"]
    assert titles(section="industry") == ["行业光伏"]
    assert titles(year="2024") == ["公司光伏"]
    assert titles(section="industry", year="2024") == []
    assert titles(section="nowhere", year="x") == ["公司光伏", "行业光伏"]
    text = client.get("/search/", {"q": "光伏", "section": "industry", "year": "2024"}).text
    assert "在所选的栏目和年份里没有找到“光伏”" in text
    assert 'href="/search/?q=%E5%85%89%E4%BC%8F"' in text


def test_the_page_marks_titles_and_snippets_and_keeps_the_filter_on_page_two(client):
    section = make_section("行业资讯", slug="industry")
    for n in range(21):
        make_article(f"光伏 {n}", section=section)
    text = client.get("/search/", {"q": "光伏", "section": "industry"}).text
    assert "<mark>光伏</mark> 20" in text
    assert "找到 21 篇文章" in text
    assert "?q=%E5%85%89%E4%BC%8F&amp;section=industry&amp;page=2" in text
    assert "<mark>光伏</mark> 0" in client.get("/search/?q=光伏&section=industry&page=2").text


def test_searches_are_stored_without_anything_personal(client, admin_client):
    make_article("光伏")
    for query in ["光伏", "光伏 ", "氢能", "138 6010 0641", "me@example.com"]:
        client.get("/search/", {"q": query}, **READER)
    client.get("/search/", {"q": "光伏"}, headers={"User-Agent": "Baiduspider"})
    client.get("/search/", {"q": "光伏", "year": "2023"}, **READER)
    rows = {word.text: (word.searches, word.found) for word in SearchedWord.objects.all()}
    assert rows == {"光伏": (2, 1), "氢能": (1, 0)}
    text = admin_client.get("/admin/news/searchedword/?found=0").text
    assert "氢能" in text
    assert "光伏" not in text


def test_the_searched_words_stay_bounded(monkeypatch):
    monkeypatch.setattr("news.models.searches.MAX_ROWS", 20)
    for _ in range(2):
        SearchedWord.objects.record("常搜", 1)
    for n in range(50):
        SearchedWord.objects.record(f"词{n}", 0)
    assert SearchedWord.objects.count() <= 20
    assert SearchedWord.objects.filter(text="常搜").exists()
    assert SearchedWord.objects.filter(text="词49").exists()


def test_of_a_frequent_word_the_newest_by_publication_are_ranked(client, monkeypatch):
    monkeypatch.setattr("news.queries.search_page.MAX_COUNT", 3)
    monkeypatch.setattr("news.queries.search_page.MATCHES", 5)
    for day in (9, 1, 8, 2, 7, 3, 6):  # as in an import: the order of primary keys is not that of publication
        make_article(
            title=f"第{day}日", body="<p>光伏</p>", published_at=datetime(2024, 5, day, tzinfo=BEIJING)
        )
    Article.objects.filter(title="第7日").update(title="光伏第7日")
    make_article(title="光伏草稿", published=False, published_at=datetime(2024, 6, 1, tzinfo=BEIJING))
    page = client.get("/search/?q=光伏").content.decode()
    shown = re.findall(r"(第\d日)", re.sub("<[^>]+>", "", page[page.index("找到") :]))
    assert shown[:3] == ["第7日", "第9日", "第8日"]
    assert "找到约" in page
    narrowed = client.get("/search/?q=光伏&year=2024").content.decode()
    assert "找到 3 多篇" in narrowed


def test_an_article_moves_in_the_index_with_its_publication(client, monkeypatch):
    monkeypatch.setattr("news.queries.search_page.MAX_COUNT", 1)
    monkeypatch.setattr("news.queries.search_page.MATCHES", 1)
    first = make_article(title="光伏甲", published_at=datetime(2024, 5, 1, tzinfo=BEIJING))
    make_article(title="光伏乙", published_at=datetime(2024, 5, 2, tzinfo=BEIJING))
    assert "伏</mark>乙" in client.get("/search/?q=光伏").content.decode()
    first.published_at = datetime(2024, 5, 3, tzinfo=BEIJING)
    first.save()
    assert "伏</mark>甲" in client.get("/search/?q=光伏").content.decode()
    Article.objects.filter(pk=first.pk).update(published_at=datetime(2024, 4, 1, tzinfo=BEIJING))
    assert "伏</mark>乙" in client.get("/search/?q=光伏").content.decode()
    Article.objects.all().delete()
    assert "没有找到" in client.get("/search/?q=光伏").content.decode()


@pytest.mark.parametrize(
    ("number", "rough"), [(2001, 2000), (2051, 2100), (33174, 33000), (331742, 330000), (7, 2000)]
)
def test_a_large_count_is_rounded_to_two_digits(number, rough):
    assert roughly(number) == rough
