"""What is read from the invisible part of a saved page: date, source, tags, section and the old URL."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from news.old_site.page_head import is_own_url, read_head
from news.old_site.pages import read_page
from tests.news.old_site.samples import PROSE, read_html

TITLE = "沙漠电站首批并网"
BODY = f"<h1>{TITLE}</h1><p>{PROSE}</p>"
NINE = datetime(2021, 3, 5, 9, 53)
BEIJING = timezone(timedelta(hours=8))


def json_ld(**article):
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ('<meta name="PubDate" content="2021-03-05 09:53">', NINE),
        ("<meta content='2021-03-05 09:53' name=pubdate />", NINE),
        ('<meta property="article:published_time" content="2021-03-05T09:53:00+08:00">', NINE.replace(tzinfo=BEIJING)),
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2021-03-05T01:53:00Z"}), datetime(2021, 3, 5, 1, 53, tzinfo=UTC)),
        (json_ld(**{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2021-03-05 09:53"}]}), NINE),
        (json_ld(title=TITLE, pubDate="2021-03-05T09:53:00"), NINE),  # Baidu's form, which names no type
        (json_ld(**{"@type": "Organization", "foundingDate": "2001-01-01"}), None),
        ('<script type="application/ld+json">{broken</script>', None),
        ('<meta property="article:modified_time" content="2021-03-05">', None),
    ],
)  # fmt: skip
def test_the_date_is_read_from_the_head(head, moment):
    assert read_html(BODY, head=head).published_at == moment


def test_what_the_page_shows_comes_before_its_head():
    page = read_html(
        f"<h1>{TITLE}</h1><p>发布时间：2020-01-02 来源：本站</p><p>{PROSE}</p>",
        head='<meta name=PubDate content="2021-03-05"><meta name=ContentSource content="能源报">',
    )
    assert (page.published_at, page.source) == (datetime(2020, 1, 2), "本站")


def test_source_section_and_keywords_are_read_where_the_head_is_the_articles():
    standard = (
        f'<meta name="ArticleTitle" content="{TITLE}"><meta name="ColumnName" content="公司要闻">'
        '<meta name="ContentSource" content="能源报"><meta name="Author" content="王小明"><meta name="Keywords" content="并网,沙漠">'
    )
    page = read_html(BODY, head=standard)
    assert (page.section, page.source, page.author, page.tags) == (
        "公司要闻",
        "能源报",
        "王小明",
        ["并网", "沙漠"],
    )


def test_the_keywords_of_a_site_are_no_tags():
    page = read_html(
        BODY, head='<meta name="keywords" content="光伏,示范公司"><meta name="author" content="网站建设公司">'
    )
    assert (page.tags, page.author) == ([], "")


@pytest.mark.parametrize(
    ("before", "head", "url"),
    [
        ("<!-- saved from url=(0035)http://www.demo.cn/news/12.html?id=3 -->\n", "", "http://www.demo.cn/news/12.html?id=3"),
        ("<!-- Mirrored from www.demo.cn/news/12.html by HTTrack Website Copier/3.x -->", "", "http://www.demo.cn/news/12.html"),
        ("<!--\n Page saved with SingleFile \n url: https://www.demo.cn/news/12.html \n-->", "", "https://www.demo.cn/news/12.html"),
        ("", '<link rel="canonical" href="http://www.demo.cn/news/12.html">', "http://www.demo.cn/news/12.html"),
        ("", "<link href=/news/12.html rel=canonical>", "/news/12.html"),
        ("", '<meta property="og:url" content="http://www.demo.cn/show?id=12&amp;p=1">', "http://www.demo.cn/show?id=12&p=1"),
        ("", json_ld(**{"@type": "Article", "url": "http://www.demo.cn/news/12.html"}), "http://www.demo.cn/news/12.html"),
        ("", '<link rel="canonical" href="http://www.demo.cn/">', ""),
        ("<!-- saved from url=(0014)about:internet -->", "", ""),
    ],
)  # fmt: skip
def test_the_old_url_is_read_however_the_page_was_saved(before, head, url):
    markup = f"{before}<!DOCTYPE html><html><head>{head}</head><body>{BODY}</body></html>"
    assert read_page(markup.encode(), is_html=True).url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.cn",
        "http://a.cn/",
        "/index.html",
        "http://a.cn/Default.aspx",
        "file:///C:/a.html",
        "a.html",
        "http://[",
        "javascript:x",
    ],
)
def test_a_home_page_is_no_articles_url(url):
    assert not is_own_url(url)


@pytest.mark.parametrize(
    "hostile",
    ["<meta " * 50_000, '<script type="application/ld+json">' * 20_000, "<title>" * 50_000, "<!--" * 50_000],
)
def test_a_hostile_head_is_read_at_once(hostile):
    assert read_head(hostile).published_at is None
