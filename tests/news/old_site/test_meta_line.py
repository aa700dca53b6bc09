"""The line of date, views, source and author, in the spellings of real pages."""

from datetime import datetime

import pytest

from tests.news.old_site.samples import MORE, PROSE, read_html, words

DAY = datetime(2021, 3, 5)


def with_line(line):
    return read_html(f"<h1>标题一则在此</h1>{line}<div><p>{PROSE}</p><p>{MORE}</p></div>")


@pytest.mark.parametrize("tag", ["p", "div", "h2", "h3", "h4", "h5", "td", "li"])
def test_a_meta_line_in_any_element_is_no_part_of_the_body(tag):
    line = f"<{tag}>时间：2021-03-05 来源：本站 浏览次数：112</{tag}>"
    line = {"td": f"<table><tr>{line}</tr></table>", "li": f"<ul>{line}</ul>"}.get(tag, line)
    page = with_line(line)
    assert (page.published_at, page.source, page.views, words(page)) == (DAY, "本站", 112, [PROSE, MORE])


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("2021-03-05 宣传部", "宣传部", ""),
        ("行政部 2021-03-05", "行政部", ""),
        ("人力资源部　　2021年3月5日", "人力资源部", ""),
        ("2021-03-05 | 示范日报", "示范日报", ""),
        ("2021-03-05 示范公司 王小明", "示范公司", "王小明"),
        ("2021-03-05 王小明", "", "王小明"),
        ("（2021-03-05） 稿件来源：电力报", "电力报", ""),
        ("2021-03-05 | 来源 电力报 | 作者 小王", "电力报", "小王"),
        ("2021-03-05 来源 电力报", "电力报", ""),
        ("2021-03-05 来源: <a href=#>电力报</a> <a href=#>举报</a>", "电力报", ""),
        ("2021-03-05 来源: 电力报　我要评论", "电力报", ""),
        ("2021-03-05 来源：<a href=#>人民网 科技频道</a> 打印", "人民网 科技频道", ""),
        ("发布时间：2021-03-05 宣传部", "宣传部", ""),
        ("发表于 2021-03-05 | 只看该作者", "", ""),
        ("2021-03-05 来源：未知 作者：佚名", "", "佚名"),
        ("Posted on Mar 5, 2021 by John Smith", "", "John Smith"),
        ("Published: 5 March 2021 | Source: Energy Daily", "Energy Daily", ""),
    ],
)
def test_sources_and_people_are_read_with_and_without_labels(line, source, author):
    page = with_line(f"<p>{line}</p>")
    assert (page.published_at, page.source, page.author) == (DAY, source, author)
    assert words(page) == [PROSE, MORE]


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("时间：2021-03-05 14:24:32 <script>hits()</script>次浏览", None),
        ("时间：2021-03-05 14:24 <span id=h></span>人浏览", None),
        ("2021-03-05 14:24:32 浏览：", None),
        ("2021-03-05 14:24:32 阅读 2021", 2021),
        ("2021-03-05 14:24:32 12 次浏览", 12),
        ("2021-03-05 14:24 阅读（3）", 3),
    ],
)
def test_a_time_of_day_is_never_a_number_of_views(line, views):
    page = with_line(f"<p>{line}</p>")
    assert (page.published_at.date(), page.views, words(page)) == (DAY.date(), views, [PROSE, MORE])


@pytest.mark.parametrize(
    "between",
    [
        "<img src=i.png>",
        "<p>宣传科</p>",
        "<img src=a.png><p>宣传科</p>",
        "<div>分享到：微信 微博</div>",
        "<h2>——副标题在此</h2>",
    ],
)
def test_the_meta_line_is_found_below_pictures_departments_and_subtitles(between):
    page = read_html(
        f"<div>标题一则在此</div>{between}<div>发布时间：2021-03-05 人气：12</div><p>{PROSE}</p>",
        head="<title>标题一则在此</title>",
    )
    assert (page.title, page.published_at, page.views) == ("标题一则在此", DAY, 12)


@pytest.mark.parametrize(
    "line", ["2021年3月5日公司大事记", "2021年3月5日，公司召开大会。", "时间：2021年3月5日 地点：厦门"]
)
def test_a_sentence_or_a_heading_with_a_date_is_text(line):
    page = read_html(
        f"<h1>标题一则在此</h1><p>发布时间：2020-01-02</p><p>{PROSE}</p><p>{line}</p><p>{MORE}</p>"
    )
    assert line in words(page)
    assert page.published_at == datetime(2020, 1, 2)


def test_a_heading_that_begins_with_a_date_is_no_meta_line():
    page = read_html(f"<h1>标题一则在此</h1><h2>2021年3月5日公司大事记</h2><p>{PROSE}</p>")
    assert (page.published_at, words(page)) == (None, ["2021年3月5日公司大事记", PROSE])
