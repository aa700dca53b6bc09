"""What search engines, feed readers and link previews get: true, whole, and valid."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from tests.factories import (
    make_article,
    make_page,
    make_picture_file,
    make_section,
    make_settings,
    sitemap_with,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def data_blocks(text):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return {block.get("@type", "baidu"): block for block in map(json.loads, blocks)}


def meta(text, name):
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', text)
    assert len(found) <= 1, f"{name} stands there {len(found)} times"
    return found[0] if found else None


def test_an_article_says_what_it_is(client):
    make_settings(short_name="新能绿源")
    parent = make_section("新闻中心", slug="center")
    section = make_section("行业资讯", slug="industry", parent=parent)
    article = make_article(
        "光伏</script><script>alert(1)</script>&“新高”",
        section=section,
        tags=["光伏", "储能"],
        author="王晓",
        summary="摘要 & 要点",
        cover=make_picture_file("cover.jpg", size=(800, 500)),
        published_at=datetime(2023, 7, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    text = client.get(article.get_absolute_url()).text
    blocks = data_blocks(text)
    news = blocks["NewsArticle"]
    assert news["headline"] == article.title
    assert "<script>alert" not in text
    assert news["datePublished"] == "2023-07-18T09:30:00+08:00"
    assert news["author"]["name"] == "王晓"
    assert news["image"] == [f"http://testserver{article.cover.url}"]
    assert blocks["baidu"]["pubDate"] == "2023-07-18T09:30:00"
    assert len(blocks["baidu"]["upDate"]) == 19
    steps = [(step["name"], step["item"]) for step in blocks["BreadcrumbList"]["itemListElement"]]
    assert steps == [
        ("首页", "http://testserver/"),
        ("新闻中心", "http://testserver/news/center/"),
        ("行业资讯", "http://testserver/news/industry/"),
    ]
    assert meta(text, "og:type") == "article"
    assert meta(text, "og:image") == news["image"][0]
    assert meta(text, "og:description") == "摘要 &amp; 要点"
    assert meta(text, "keywords") is not None
    assert meta(text, "applicable-device") == "pc,mobile"
    assert meta(text, "robots") is None


@pytest.mark.parametrize("size", [(280, 500), None])
def test_a_preview_without_a_large_enough_picture_takes_the_sites(client, size):
    article = make_article(**({"cover": make_picture_file("c.jpg", size=size)} if size else {}))
    assert meta(client.get(article.get_absolute_url()).text, "og:image").endswith("/static/img/share.png")
    site = make_settings(share_picture=make_picture_file("share.png", size=(600, 600)))
    text = client.get(article.get_absolute_url()).text
    assert meta(text, "og:image") == f"http://testserver{site.share_picture.url}"


def test_every_kind_of_page_has_one_description_and_one_canonical_address(client):
    make_settings(seo_description="站点描述")
    section = make_section(slug="industry", introduction="栏目简介")
    article = make_article(section=section, tags=["光伏"])
    make_page("关于我们", slug="about", introduction="公司简介")
    for address, description in {
        "/": "站点描述", "/news/": "站点描述", "/news/industry/": "栏目简介", "/about/": "公司简介",
        "/news/tags/光伏/": "关于“光伏”的文章", article.get_absolute_url(): "光伏新增装机",
    }.items():  # fmt: skip
        text = client.get(address).text
        assert description in meta(text, "description"), address
        assert text.count('rel="canonical"') == 1, address
        assert text.count("<title>") == 1, address
        assert meta(text, "og:title"), address
        assert meta(text, "og:url"), address
    assert data_blocks(client.get("/").text)["Organization"]["name"] == "新能绿源能源科技集团有限公司"


def test_search_engines_find_a_logo_in_every_publisher(client, settings):
    article = make_article()
    site = make_settings()
    for own in (None, make_picture_file("logo.png")):
        if own:
            site.logo = own
            site.save()
        url = f"http://testserver{site.logo.url if own else '/static/img/logo.png'}"
        assert data_blocks(client.get("/").text)["Organization"]["logo"] == url
        news = data_blocks(client.get(article.get_absolute_url()).text)["NewsArticle"]
        assert news["publisher"]["logo"] == {"@type": "ImageObject", "url": url}


def test_the_logo_is_as_large_as_search_engines_want_it(settings):
    with Image.open(settings.BASE_DIR / "static/img/logo.png") as logo:
        assert min(logo.size) >= 112


def test_an_unlisted_article_is_read_but_not_indexed(client):
    article = make_article(is_unlisted=True)
    assert meta(client.get(article.get_absolute_url()).text, "robots") == "noindex"
    assert article.get_absolute_url() in client.get("/news/").text
    assert article.get_absolute_url() not in client.get(sitemap_with(article)).text


def test_the_sitemap_leads_to_every_page_with_its_date_and_picture(client):
    section = make_section("行业", slug="行业")
    make_page("关于我们", slug="about")
    article = make_article(section=section, tags=["光伏"], cover=make_picture_file("c.jpg"))
    index = ET.fromstring(client.get("/sitemap.xml").content)
    maps = [node.text for node in index.iter(f"{MAP}loc")]
    # The article's number is the database's to choose: maps of smaller numbers may stand before its own.
    kinds = {re.fullmatch(r"http://testserver/sitemap-(\w+)\.xml(\?p=\d+)?", address)[1] for address in maps}
    assert kinds == {"pages", "contact", "sections", "articles", "tags"}
    found = {}
    for address in maps:
        for url in ET.fromstring(client.get(address.removeprefix("http://testserver")).content):
            picture = url.find(f"{IMAGE}image/{IMAGE}loc")
            found[url.find(f"{MAP}loc").text] = (url.findtext(f"{MAP}lastmod"), picture)
    pages = [
        "/",
        "/about/",
        "/contact/",
        "/news/%E8%A1%8C%E4%B8%9A/",
        "/news/tags/%E5%85%89%E4%BC%8F/",
        article.get_absolute_url(),
    ]
    assert {f"http://testserver{page}" for page in pages} == set(found)
    lastmod, picture = found[f"http://testserver{article.get_absolute_url()}"]
    assert datetime.fromisoformat(lastmod)
    assert picture.text == f"http://testserver{article.cover.url}"


def test_a_long_sitemap_is_cut_by_numbers_and_costs_no_query_for_each(client, monkeypatch):
    monkeypatch.setattr("news.sitemaps.ArticleSitemap.limit", 3)
    articles = [make_article(f"第{n}篇", cover=make_picture_file(f"{n}.jpg")) for n in range(7)]
    articles[1].delete()
    first, last = articles[0].pk, articles[-1].pk
    maps = re.findall(r"<loc>(http://testserver/sitemap-articles[^<]*)", client.get("/sitemap.xml").text)
    assert len(maps) == -(-last // 3)
    found = []
    for number in range(1, len(maps) + 1):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/sitemap-articles.xml?p={number}").text
        assert len(captured) <= 4
        found += re.findall(r"<loc>http://testserver/news/(\d+)/<", page)
    assert found == [str(n) for n in range(first, last + 1) if n != first + 1]
    assert client.get(f"/sitemap-articles.xml?p={len(maps) + 1}").status_code == 404
    assert client.get("/sitemap-articles.xml?p=x").status_code == 404


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/news/feed/", "新能绿源能源科技集团有限公司"),
        ("/news/industry/feed/", "行业资讯 - 新能绿源能源科技集团有限公司"),
        ("/news/tags/光伏/feed/", "光伏 - 新能绿源能源科技集团有限公司"),
    ],
)
def test_a_feed_is_whole_and_valid_atom(client, address, title):
    make_settings()
    section, other = make_section("行业资讯", slug="industry"), make_section("公司新闻", slug="company")
    body = '<p>全文 &amp; <a href="/contact/">联系</a><img src="/media/a.jpg" alt=""></p>'
    older = make_article("一", section=section, tags=["光伏"], body=body, days_old=2)
    older.save()
    newer = make_article("二", section=section, tags=["光伏"], days_old=1)
    elsewhere = make_article("别处", section=other)
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert feed.findtext(f"{ATOM}title") == title
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "新能绿源能源科技集团有限公司"
    assert feed.findtext(f"{ATOM}id")
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated"))
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert len(own) == 1
    assert client.get(own[0].removeprefix("http://testserver")).status_code == 200
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) == (3 if address == "/news/feed/" else 2)
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles.index(newer.title) < titles.index(older.title)
    assert (elsewhere.title in titles) is (address == "/news/feed/")
    content = next(e for e in entries if e.findtext(f"{ATOM}title") == "一").findtext(f"{ATOM}content")
    assert 'href="http://testserver/contact/"' in content
    assert 'src="http://testserver/media/a.jpg"' in content


@pytest.mark.parametrize("address", ["/news/nowhere/feed/", "/news/tags/没有/feed/"])
def test_a_feed_of_nothing_is_404(client, address):
    assert client.get(address).status_code == 404


def test_a_moved_section_takes_its_feed_along(client):
    section = make_section("行业资讯", slug="industry")
    section.slug = "trade"
    section.save()
    assert client.get("/news/industry/feed/")["Location"] == "/news/trade/feed/"


def test_an_article_changed_before_its_publication_is_new_when_it_appears():
    moment = timezone.now() + timedelta(days=1)
    assert make_article(published_at=moment).changed_at == moment


def test_a_search_engine_finds_the_icon_where_it_looks_for_it(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/img/favicon.png")


def test_robots_txt_is_what_staff_wrote_and_names_the_sitemap(client):
    assert "Disallow: /admin/" in client.get("/robots.txt").text
    make_settings(robots="User-agent: Bad<Bot>\nDisallow: /")
    text = client.get("/robots.txt").text
    assert text.startswith("User-agent: Bad<Bot>\nDisallow: /\n")
    assert "Sitemap: http://testserver/sitemap.xml" in text
