"""The headline anchors the article: what belongs to other articles of the page never becomes its title or its date."""

from datetime import datetime

import pytest

from tests.news.old_site.samples import MORE, PROSE, read_html, read_text, words

TITLE = "省领导莅临示范电站考察"
TEXT = f"<p>{PROSE}</p><p>{MORE}</p>"
OLD = "老厂房改造成展厅"
DAY = datetime(2021, 3, 5)


def named(body, title=f"{TITLE}_示范公司"):
    return read_html(body, head=f"<title>{title}</title>")


@pytest.mark.parametrize(
    "body",
    [
        f"<div><h3>热门</h3><h4>{OLD}</h4><p>发布时间：2020-01-02 人气：9</p></div><div><h1>{TITLE}</h1>{TEXT}</div>",
        f"<div><h4>{OLD}</h4><p>2020-01-02</p></div><h2>{TITLE}</h2><div>{TEXT}</div>",
        f"<ul><li><a>旧闻一</a><span>2020-01-02</span></li><li>旧闻二</li></ul><div><h1>{TITLE}</h1>{TEXT}</div>",
        f"<table><tr><td>热点<br>{OLD}<br>2020-01-02</td><td><h1>{TITLE}</h1>{TEXT}</td></tr></table>",
        f"<h1>{TITLE}</h1><div>{TEXT}</div><h3>最新资讯</h3><h4>{OLD}</h4><p>发布时间：2020-01-02</p>",
        f"<h1>{TITLE}</h1><div>{TEXT}</div><h3>最新资讯</h3><p>{OLD}</p><p>2020-01-02</p>",
        f"<h1>{TITLE}</h1><div>{TEXT}</div><div><h4>评论</h4><p>发表时间：2021-04-05</p><p>{MORE}</p></div>",
        f"<h1>{TITLE}</h1><div>{TEXT}</div><div class='commentList'><p>李四 发表于 2021-04-05</p><p>{MORE}</p></div>",
        f"<h1>{TITLE}</h1><p>{PROSE}</p><p>{MORE}</p><p>上一篇：<a>{OLD}</a></p><p>发布时间：2020-01-02</p>",
    ],
)
def test_dates_of_other_articles_and_of_comments_are_not_the_articles(body):
    page = named(body)
    assert (page.title, page.published_at, page.views) == (TITLE, None, None)
    assert words(page) == [PROSE, MORE]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            f"<div>示范公司</div><div>{TITLE}</div><div>时间：2021-03-05</div>{TEXT}",
            f"示范公司 - 新闻中心 - {TITLE}",
        ),
        (f"<h1>示范公司</h1><div>{TITLE}</div><div>2021/03/05 浏览：15</div>{TEXT}", f"{TITLE}-示范公司"),
        (f"<h1>新闻中心</h1><h1>{TITLE}</h1><p>2021-03-05</p>{TEXT}", "新闻中心"),
        (f"<div>首页&gt;公司新闻&gt;{TITLE}</div><h2>{TITLE}</h2><p>2021-03-05</p>{TEXT}", TITLE),
        (
            f"<div class=side><h4>{TITLE}</h4><p>2021-03-04</p></div><div><b>{TITLE}</b><p>日期：2021-03-05</p>{TEXT}</div>",
            TITLE,
        ),
        (f"<h1>{TITLE}<small>2021-03-05</small></h1>{TEXT}", TITLE),
        (f"<h1>{TITLE}<br>2021-03-05 来源：本站</h1>{TEXT}", "示范公司"),
        (f"<div>2021-03-05</div><h1>{TITLE}</h1>{TEXT}", TITLE),
        (f"<h1>{TITLE}</h1>{TEXT}<p>发布日期：2021-03-05</p>", TITLE),
        (f"<p>{MORE}</p><h1>{TITLE}</h1><p>2021-03-05</p>{TEXT}", "示范公司"),
        (f"<h1>{TITLE}</h1><p>核心提示：{PROSE}</p><p>发布时间：2021-03-05</p>{TEXT}", TITLE),
        (f"<h2>{TITLE}！</h2><p>2021-03-05</p>{TEXT}", f"{TITLE}!|示范公司"),
    ],
)
def test_the_headline_is_found_wherever_it_stands(body, title):
    page = named(body, title)
    assert (page.title.rstrip("！"), page.published_at, page.notes) == (TITLE, DAY, [])
    assert words(page) == [PROSE, MORE]


def test_a_title_that_was_cut_short_is_taken_whole_from_the_page():
    whole = "集团与省内三家研究院所签订战略合作协议共同推进新型储能"
    assert named(f"<div>{whole}</div><p>2021-03-05</p>{TEXT}", f"{whole[:18]}..._示范公司").title == whole


def test_a_headline_that_ends_like_a_companys_name_is_a_headline():
    title = "国家能源局领导一行莅临示范公司"
    assert (
        named(f"<div>示范公司</div><h2>{title}</h2><p>2021-03-05</p>{TEXT}", f"{title}-示范公司").title
        == title
    )


@pytest.mark.parametrize(
    "title", ["示范公司官网", "光伏电站_太阳能发电_示范公司", "新闻中心-示范能源", "新建网页 1"]
)
def test_a_title_that_neither_title_nor_h1_confirms_is_imported_and_noted(title):
    page = named(f"<h1>示范公司</h1><div>{TITLE}</div><div>2021/03/05 浏览：15</div>{TEXT}", title)
    assert (page.title, page.published_at) == (TITLE, DAY)
    assert page.notes == ["标题不在 <title> 里，也不是 h1，请核对"]


def test_a_headline_that_is_a_picture_is_read_from_the_head():
    head = f'<title>x</title><meta name="ArticleTitle" content="{TITLE}">'
    page = read_html(f"<img src=title.gif>{TEXT}", head=head)
    assert (page.title, words(page)) == (TITLE, ["", PROSE, MORE])


def test_a_long_headline_of_a_text_page_may_be_an_exclamation():
    title = "集团与省内三家研究院所签订战略合作协议共同推进新型储能系统的联合研发以及示范应用取得重大突破！"
    for meta in ("发布时间：2021-03-05\n\n", ""):
        page = read_text(f"{title}\n\n{meta}{PROSE}\n\n{MORE}")
        assert (page.title, words(page)) == (title, [PROSE, MORE])
