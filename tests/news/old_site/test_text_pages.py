"""Reading an old site's text pages: what is imported, and what is left out."""

from datetime import datetime

import pytest

from news.old_site.pages import read_page
from tests.news.old_site.samples import (
    DATA,
    MORE,
    PROSE,
    TEXT_PAGE,
    body,
    headings,
    markup,
    read_html,
    read_text,
    words,
)

# ---- the real page


def test_the_real_page_has_its_title_section_date_and_views():
    page = read_page((DATA / "old-site-article.txt").read_bytes(), is_html=False)
    assert page.title == "美国总统气候特使克里访华,中美双方就合作气候变化深入交流"
    assert (page.section, page.published_at, page.views) == ("行业资讯", datetime(2023, 7, 18), 428)
    assert page.tags == []


def test_the_real_page_has_four_headings_and_no_greeting_or_bar():
    page = read_page((DATA / "old-site-article.txt").read_bytes(), is_html=False)
    assert headings(page) == [
        "中美双方或将携手共赢",
        "中国稳步推进绿色低碳发展,加快能源转型",
        "我国坚定推进双碳战略",
        "“双碳”对贯彻落实“三新一高”具有重要意义",
    ]
    assert len(page.blocks) == 18
    body = markup(page)
    for foreign in (
        "您好",
        "欢迎访问",
        "人气",
        "标签",
        "在线客服",
        "服务热线",
        "13860100641",
        "微信咨询",
        "返回顶部",
    ):
        assert foreign not in body


# ---- plain text, with parts missing or written otherwise


def test_a_text_page_gives_all_its_parts():
    page = read_text(TEXT_PAGE)
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")
    assert (page.published_at, page.views, page.tags) == (datetime(2023, 7, 18), 428, ["光伏", "储能"])
    assert words(page) == [PROSE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encoding_is_found(encoding):
    assert words(read_text(TEXT_PAGE, encoding)) == [PROSE]


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_other_systems_are_line_ends(line_end):
    assert words(read_text(TEXT_PAGE.replace("\n", line_end))) == [PROSE]


@pytest.mark.parametrize(
    ("line", "date", "views"),
    [
        ("发布时间:2023-07-18人气:428", datetime(2023, 7, 18), 428),
        ("发布时间：2023-07-18　人气：428", datetime(2023, 7, 18), 428),
        ("发布日期：2023年7月18日 浏览次数：1,024次", datetime(2023, 7, 18), 1024),
        ("日期: 2023/7/8 | 点击: 428", datetime(2023, 7, 8), 428),
        ("发布时间：2023.07.18 09:30 阅读量：1.2万", datetime(2023, 7, 18, 9, 30), 12000),
        ("发布时间 2023-07-18 10:22:33 浏览 428 次", datetime(2023, 7, 18, 10, 22, 33), 428),
        ("发布时间：２０２３-０７-１８ 人气：４２８", datetime(2023, 7, 18), 428),
        ("人气：428 发布时间：2023-07-18", datetime(2023, 7, 18), 428),
        ("人气：428", None, 428),
        ("发布时间：2023-07-18", datetime(2023, 7, 18), None),
        ("发布时间：2023-07-18 人气：", datetime(2023, 7, 18), None),
        ("发布时间：2023-07-18\n人气：428", datetime(2023, 7, 18), 428),
        ("发布时间：\n2023-07-18\n人气：\n428", datetime(2023, 7, 18), 428),
        ("2023-07-18", datetime(2023, 7, 18), None),
        ("2023-07-18 10:22\n人气：428", datetime(2023, 7, 18, 10, 22), 428),
        ("2023-07-18 10:22 浏览：428", datetime(2023, 7, 18, 10, 22), 428),
        ("2023-07-18 10:22 来源：本站 428人阅读", datetime(2023, 7, 18, 10, 22), 428),
        ("2023-07-18 428次浏览", datetime(2023, 7, 18), 428),
        ("发布时间：2023-07-18 浏览：99999999999999999999", datetime(2023, 7, 18), 1_000_000_000),
    ],
)
def test_date_and_views_are_read_in_many_spellings(line, date, views):
    page = read_text(TEXT_PAGE.replace("发布时间：2023-07-18 人气：428", line))
    assert (page.title, page.published_at, page.views) == ("屋顶光伏电站并网发电", date, views)
    assert words(page) == [PROSE]


def test_a_date_that_cannot_be_is_noted_and_not_guessed():
    page = read_text(TEXT_PAGE.replace("2023-07-18", "2023-13-45"))
    assert page.published_at is None
    assert "2023-13-45" in page.notes[0]


def test_source_author_and_editor_are_read_from_the_meta_line():
    line = "发布时间：2023-07-18 来　源：新华网 作 者：张三 责任编辑：李四 浏览：428 字号：大 中 小 【打印】"
    page = read_text(TEXT_PAGE.replace("发布时间：2023-07-18 人气：428", line))
    assert (page.source, page.author, page.editor, page.views) == ("新华网", "张三", "李四", 428)


def test_meta_lines_may_stand_one_below_the_other_in_any_order():
    lines = "来源：新华网\n发布时间：2023-07-18\n作者：张三\n人气：428\n分享到：微信 微博"
    page = read_text(TEXT_PAGE.replace("发布时间：2023-07-18 人气：428", lines))
    assert page.title == "屋顶光伏电站并网发电"
    assert (page.source, page.author, page.published_at, page.views) == (
        "新华网",
        "张三",
        datetime(2023, 7, 18),
        428,
    )
    assert words(page) == [PROSE]


def test_the_editor_named_at_the_end_is_no_paragraph():
    page = read_text(TEXT_PAGE.replace(PROSE, f"{PROSE}\n\n（责任编辑：李四）"))
    assert (page.editor, words(page)) == ("李四", [PROSE])


def test_a_page_without_greeting_is_read():
    page = read_text(TEXT_PAGE.split("\n", 1)[1])
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")


def test_a_title_that_welcomes_somebody_is_no_greeting():
    assert read_text(
        TEXT_PAGE.replace("屋顶光伏电站并网发电", "热烈欢迎省领导莅临公司指导")
    ).title.startswith("热烈欢迎")
    assert read_text(
        TEXT_PAGE.replace("屋顶光伏电站并网发电", "欢迎德国代表团到我公司访问")
    ).title.startswith("欢迎德国")


def test_a_subtitle_between_title_and_meta_line_is_imported():
    page = read_html(f"<h1>标题一则在此</h1><p>——副标题</p><div>发布时间：2023-07-18</div><div>{PROSE}</div>")
    assert (page.title, words(page), headings(page)) == ("标题一则在此", ["——副标题", PROSE], [])


def test_a_page_without_section_has_none():
    page = read_text(TEXT_PAGE.replace("行业资讯\n", ""))
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "")


@pytest.mark.parametrize(
    "line",
    [
        "首页 > 新闻中心 > 行业资讯",
        "当前位置：首页 > 新闻中心 > 行业资讯 > 正文",
        "您现在的位置: 首页 >> 新闻中心 >> 行业资讯",
        "首页/新闻中心/行业资讯",
        "当前位置：首页 » 新闻中心 » 行业资讯 » 屋顶光伏电站并网发电",
    ],
)
def test_the_section_is_the_last_name_of_a_breadcrumb(line):
    page = read_text(TEXT_PAGE.replace("行业资讯", line))
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")


def test_a_page_without_a_meta_line_is_read():
    page = read_text(TEXT_PAGE.replace("发布时间：2023-07-18 人气：428\n", ""))
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")
    assert (page.published_at, page.views, words(page)) == (None, None, [PROSE])


def test_a_page_of_nothing_but_title_and_body_is_read():
    page = read_text(f"屋顶光伏电站并网发电\n\n{PROSE}\n\n{MORE}")
    assert (page.title, words(page)) == ("屋顶光伏电站并网发电", [PROSE, MORE])


def test_a_meta_line_inside_the_article_is_text():
    event = "活动的发布时间：2020年1月1日，人气：很高，欢迎大家前来参观公司的展台，并与工程师当面交流。"
    page = read_text(f"屋顶光伏电站并网发电\n\n{PROSE}\n\n{event}")
    assert words(page) == [PROSE, event]


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        ("标签：光伏，储能、风电", ["光伏", "储能", "风电"]),
        ("标签:光伏 储能 CCER", ["光伏", "储能", "CCER"]),
        ("标签： solar power, wind", ["solar power", "wind"]),
        ("标 签：光伏|储能", ["光伏", "储能"]),
        ("标签：\n光伏\n储能", ["光伏", "储能"]),
        ("标签：\n\n光伏，储能", ["光伏", "储能"]),
        ("Tags: 光伏", ["光伏"]),
        ("标签：", []),
        ("标签：无", []),
        ("标签：\n服务热线\n13860100641", []),
        ("标签：\n联系电话：0592-1234567", []),
    ],
)
def test_tags_stand_on_the_line_or_below_it(lines, tags):
    page = read_text(TEXT_PAGE.replace("标签：光伏，储能", lines))
    assert (page.tags, words(page)) == (tags, [PROSE])


def test_keywords_above_the_body_are_tags_and_do_not_end_it():
    page = read_text(
        TEXT_PAGE.replace(PROSE, f"关键词：碳市场；绿电\n\n{PROSE}").replace("标签：光伏，储能\n", "")
    )
    assert (page.tags, words(page)) == (["碳市场", "绿电"], [PROSE])


@pytest.mark.parametrize(
    "bar",
    [
        "上一篇：没有了\n下一篇：某新闻",
        "在线客服\n服务热线\n\n服务热线\n\n13860100641",
        "服务热线：400-123-4567",
        "返回列表",
        "Copyright © 2023 某某公司 版权所有",
        "闽ICP备12345678号-1",
        "相关推荐\n别的新闻标题一\n别的新闻标题二",
    ],
)
def test_what_follows_the_article_is_left_out(bar):
    page = read_text(f"标题一则在此\n\n发布时间：2023-07-18\n\n{PROSE}\n\n{MORE}\n\n{bar}\n")
    assert words(page) == [PROSE, MORE]


@pytest.mark.parametrize("heading", ["相关产品", "最新动态"])
def test_a_heading_that_sounds_like_a_bar_does_not_cut_the_article(heading):
    page = read_text(f"标题一则在此\n\n发布时间：2023-07-18\n\n{PROSE}\n\n\n{heading}\n\n\n{MORE}\n")
    assert words(page) == [PROSE, heading, MORE]


# ---- headings of plain text


def test_a_short_line_before_a_paragraph_is_a_heading():
    assert headings(body(f"{PROSE}\n\n屋顶光伏的前景\n\n{MORE}")) == ["屋顶光伏的前景"]


def test_numbered_lines_are_headings_of_two_levels():
    page = body(f"一、总体情况\n（一）发电量\n{PROSE}\n（二）装机量\n{MORE}\n二、什么是双碳？\n{PROSE}")
    levels = [(block.level, block.text) for block in page.blocks if block.kind == "heading"]
    assert levels == [(2, "一、总体情况"), (3, "（一）发电量"), (3, "（二）装机量"), (2, "二、什么是双碳？")]


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}\n\n1. 光伏\n\n2. 风电\n\n3. 储能",  # a list
        f"地点\n\n厦门\n\n三楼会议室\n\n{PROSE}",  # a table that was copied as text
        f"{PROSE}\n\n{MORE}\n本报记者现场报道\n{PROSE}",  # other paragraphs have empty lines around
        f"{PROSE}\n\n这一行有句号。\n\n{MORE}",
        f"{PROSE}\n\n13860100641\n\n{MORE}",
        f"{PROSE}\n\n2023年7月18日\n\n{MORE}",
        f"{PROSE}\n\n图1 厦门电站\n\n{MORE}",
        f"{PROSE}\n\n新能绿源集团\n\n2023年7月18日",
        f"{PROSE}\n\n新能绿源编辑部",  # a signature introduces nothing
    ],
)
def test_other_short_lines_are_no_headings(text):
    assert headings(body(text)) == []
