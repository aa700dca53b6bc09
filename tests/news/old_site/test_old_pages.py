"""Reading an old site's pages: what is kept, what is left out, what is refused."""

import contextlib
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.old_site.blocks import body_html
from news.old_site.characters import PageError
from news.old_site.pages import read_page

DATA = Path(__file__).parents[2] / "data"
PROSE = "六月以来，公司在厦门、泉州两地新建的屋顶光伏电站陆续并网，预计全年可减少二氧化碳排放三千吨。"
MORE = "公司负责人表示，下一步将继续加大储能技术的研发投入，并与高校合作培养专业人才。"

TEXT_PAGE = f"""您好，欢迎访问新能绿源能源科技集团有限公司
行业资讯

屋顶光伏电站并网发电

发布时间：2023-07-18 人气：428

{PROSE}

标签：光伏，储能
上一篇：旧闻一则
在线客服
返回顶部
"""


def read_text(text, encoding="utf-8"):
    return read_page(text.encode(encoding), is_html=False)


def read_html(body, head=""):
    markup = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return read_page(markup.encode(), is_html=True)


def words(page):
    return [block.text for block in page.blocks]


def headings(page):
    return [block.text for block in page.blocks if block.kind == "heading"]


def markup(page):
    return body_html(page.blocks, lambda source, alt: f"[{source}|{alt}]")


# ---- the real page


def test_the_real_page_keeps_title_section_date_and_views():
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


def test_a_subtitle_between_title_and_meta_line_is_kept():
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


def body(text):
    return read_text(f"标题一则在此\n\n发布时间：2023-07-18\n\n{text}")


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


# ---- HTML

MENU = "<ul class=nav><li><a href=/>首页</a></li><li><a href=/about>关于我们</a></li><li>新闻中心</li></ul>"
HTML_PAGE = f"""
<div class="top">您好，欢迎访问新能绿源能源科技集团有限公司 <a href="tel:13860100641">服务热线</a></div>
{MENU}
<div class="crumbs"><a href="/">首页</a> &gt; <a href="/news">新闻中心</a> &gt; <a href="/hy">行业资讯</a></div>
<div class="main"><div class="left">
<h1>屋顶光伏电站并网发电</h1>
<div class="info"><span>发布时间：2023-07-18</span><span>人气：<i id="hits">428</i></span></div>
<div class="content">
<p>　　{PROSE}</p>
<h3>下一步</h3>
<p>{MORE}</p>
</div>
<div class="tags">标签：<a href="/t/1">光伏</a><a href="/t/2">储能</a></div>
<div class="prev">上一篇：<a href="/1.html">旧闻</a></div>
</div><div class="right"><h3>热点排行</h3><ul><li>别的新闻</li></ul></div></div>
<footer>新能绿源是一家专注新能源的高新技术企业，欢迎来电垂询。<p>闽ICP备1号</p></footer>
<div class="bar">在线客服</div>
"""


def test_an_html_page_gives_all_its_parts():
    page = read_html(HTML_PAGE)
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")
    assert (page.published_at, page.views, page.tags) == (datetime(2023, 7, 18), 428, ["光伏", "储能"])
    assert markup(page) == f"<p>{PROSE}</p>\n<h2>下一步</h2>\n<p>{MORE}</p>"


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "GB18030"])
def test_an_html_page_in_a_chinese_charset_is_read(charset):
    text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{HTML_PAGE}'
    assert read_page(text.encode("gb18030"), is_html=True).title == "屋顶光伏电站并网发电"


def test_a_page_converted_to_utf8_may_still_declare_its_old_charset():
    text = f'<html><head><meta charset="gb2312"></head><h1>光伏发电</h1><p>{"新能" * 20}</p>'
    assert text.encode().decode("gb18030")  # both would do: whoever believes the declaration reads 鍏変紡
    assert read_page(text.encode(), is_html=True).title == "光伏发电"


def test_without_tags_or_bar_the_side_column_and_footer_still_stay_out():
    start, end = HTML_PAGE.index('<div class="tags">'), HTML_PAGE.index('</div><div class="right">')
    assert words(read_html(HTML_PAGE[:start] + HTML_PAGE[end:])) == [PROSE, "下一步", MORE]


def test_a_footer_is_left_out_even_where_nothing_holds_the_article():
    page = read_html(
        f"<h1>标题一则在此</h1><p>发布时间：2023-07-18</p><p>{PROSE}</p><footer><p>{MORE}</p></footer>"
    )
    assert words(page) == [PROSE]


def test_a_page_laid_out_with_tables_is_read():
    page = read_html(
        f"<table><tr><td colspan=2>{MENU}</td></tr><tr><td>公司新闻</td><td><table>"
        f"<tr><td align=center><b><font size=4>屋顶光伏电站并网发电</font></b></td></tr>"
        f"<tr><td>发布时间：2023-07-18 浏览：428</td></tr><tr><td>&nbsp;&nbsp;{PROSE}<br><br>{MORE}<br></td></tr>"
        f"</table></td></tr><tr><td colspan=2>版权所有 某某公司</td></tr></table>"
    )
    assert (page.title, page.views, words(page)) == ("屋顶光伏电站并网发电", 428, [PROSE, MORE])


def test_an_aspnet_page_is_one_big_form_and_read_nevertheless():
    assert read_html(f'<form id="aspnetForm"><input type=hidden value=x>{HTML_PAGE}</form>').views == 428


def test_a_breadcrumb_may_be_a_list_or_a_nav():
    crumbs = HTML_PAGE[HTML_PAGE.index('<div class="crumbs">') : HTML_PAGE.index('<div class="main">')]
    as_list = '<ol class="breadcrumb"><li>首页</li><li>新闻中心</li><li>行业资讯</li></ol>'
    for other in (
        as_list,
        f"<nav>{as_list}</nav>",
        "<nav class=breadcrumb><a>首页</a> / <a>行业资讯</a></nav>",
    ):
        page = read_html(HTML_PAGE.replace(crumbs, other))
        assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")


def test_the_site_name_in_a_heading_is_not_the_title():
    page = read_html(
        f"<h1>新能绿源集团</h1>{MENU}<h2>行业资讯</h2><div>屋顶光伏电站并网发电</div>"
        f"<div>发布时间：2023-07-18</div><div>{PROSE}</div>"
    )
    assert (page.title, page.section) == ("屋顶光伏电站并网发电", "行业资讯")


def test_the_window_title_tells_the_title_where_no_meta_line_does():
    page = read_html(
        f"{MENU}<div>新闻中心</div><div>屋顶光伏电站并网发电</div><div>{PROSE}</div>",
        head="<title>屋顶光伏电站并网发电_新能绿源</title>",
    )
    assert (page.title, words(page)) == ("屋顶光伏电站并网发电", [PROSE])


def test_title_and_meta_line_may_share_a_paragraph():
    page = read_html(f"<p>屋顶光伏电站并网发电<br>发布时间：2023-07-18<br>人气：428</p><p>{PROSE}</p>")
    assert (page.title, page.views, words(page)) == ("屋顶光伏电站并网发电", 428, [PROSE])


def test_a_paragraph_of_the_body_that_names_a_date_keeps_its_lines_and_markup():
    details = "时间：2023-07-20<br>地点：<strong>厦门</strong>"
    assert f"<p>{details}</p>" in markup(article(f"<p>{PROSE}</p><p>{details}</p><p>{MORE}</p>"))


def article(html):
    return read_html(f"<h1>标题一则在此</h1><div>发布时间：2023-07-18</div><div>{html}</div>")


def test_lists_tables_quotes_and_links_are_kept():
    html = markup(
        article(
            f"<p>{PROSE}<a href='https://example.com/a?b=1&c=2'>全文</a></p><ul><li>光伏</li><li><b>储能</b></li></ul>"
            f"<table><tr><th>年份</th><th>装机</th></tr><tr><td colspan=2>2022</td></tr></table>"
            f"<blockquote>{MORE}</blockquote>"
        )
    )
    assert '<a href="https://example.com/a?b=1&amp;c=2">全文</a>' in html
    assert "<ul><li>光伏</li><li><strong>储能</strong></li></ul>" in html
    assert '<tr><th>年份</th><th>装机</th></tr><tr><td colspan="2">2022</td></tr>' in html
    assert f"<blockquote><p>{MORE}</p></blockquote>" in html


def test_links_into_the_old_site_leave_only_their_words():
    assert markup(article(f"<p>{PROSE}<a href='news_12.html'>全文</a></p>")).endswith("全文</p>")


def test_pictures_are_kept_with_their_address_and_words():
    html = markup(
        article(f"<p>{PROSE}<img src='a_files/1.jpg' alt='电站 \"一期\"'></p><p>图1</p><p>{MORE}</p>")
    )
    assert '[a_files/1.jpg|电站 "一期"]' in html


def test_a_lazy_picture_is_taken_from_where_it_waits():
    assert "[real.jpg|]" in markup(article(f"<p>{PROSE}</p><img src='loading.gif' data-src='real.jpg'>"))


def test_short_bold_paragraphs_are_headings():
    page = article(f"<p><strong>一、背景</strong></p><p>{PROSE}</p><p><b>屋顶的前景</b></p><p>{MORE}</p>")
    assert headings(page) == ["一、背景", "屋顶的前景"]


def test_headings_of_any_level_become_h2_and_h3():
    page = article(f"<h4>甲部分</h4><p>{PROSE}</p><h5>乙部分</h5><p>{MORE}</p>")
    assert [(block.level, block.text) for block in page.blocks if block.kind == "heading"] == [
        (2, "甲部分"),
        (3, "乙部分"),
    ]


def test_paragraphs_parted_by_breaks_are_paragraphs():
    assert words(article(f"&nbsp;　{PROSE}<br><br>{MORE}<br>")) == [PROSE, MORE]


def test_formatting_that_runs_across_paragraphs_stays_balanced():
    html = markup(article(f"<strong>{PROSE}<br><br>{MORE}</strong>"))
    assert html == f"<p><strong>{PROSE}</strong></p>\n<p><strong>{MORE}</strong></p>"


def test_scripts_styles_and_handlers_leave_nothing_behind():
    html = markup(
        article(
            f"<p onclick='x()'>{PROSE}<script>alert(1)</script><a href='javascript:x()'>点</a></p><style>p{{}}</style>"
        )
    )
    assert html == f"<p>{PROSE}点</p>"


def test_tags_written_by_scripts_and_comments_do_not_count():
    assert words(
        article(f"<script>document.write('{'<div>' * 500}')</script><!-- {'<b>' * 500} --><p>{PROSE}</p>")
    ) == [PROSE]


# ---- refused


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空"),
        (b" \r\n\t ", "空"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "二进制"),
        (b"\xff\xfe\xff\xff\x81" * 9, "编码"),
        (f"您好，欢迎访问某某公司\n行业资讯\n\n发布时间：2023-07-18\n\n{PROSE}".encode(), "标题"),
        (PROSE.encode(), "标题"),
        ("屋顶光伏电站并网发电\n\n发布时间：2023-07-18\n\n标签：\n在线客服".encode(), "正文"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(data, reason):
    with pytest.raises(PageError, match=reason):
        read_page(data, is_html=False)


def test_a_wrong_encoding_given_by_hand_is_named():
    with pytest.raises(PageError, match="ascii"):
        read_page(TEXT_PAGE.encode(), is_html=False, encoding="ascii")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "x",
        "<b>" * 5000 + "x",
        "<p " + " ".join(f"a{n}=1" for n in range(5000)) + ">x</p>",
        "<ul><li>" * 300 + "x",
        "<br>" * 150_000,
    ],
)
def test_hostile_nesting_is_refused_at_once(html):
    began = time.process_time()
    with pytest.raises(PageError, match="无法安全地读取"):
        article(html)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        "发布时间" * 50_000,
        "发布时间：" * 50_000,
        "标签：" * 50_000,
        "<" * 200_000,
        "<!--" * 50_000,
        "<script" * 50_000,
        ("首页 > " * 25_000),
        "　" * 200_000,
        "1," * 100_000,
        "相关推荐\n" * 25_000 + PROSE,
        "标签：\n" * 25_000,
        "来源：甲\n" * 25_000 + "发布时间：2023-07-18\n",
        "data:image/png;base64," * 50_000,
    ],
)
@pytest.mark.parametrize("is_html", [False, True])
def test_hostile_text_costs_linear_time(text, is_html):
    began = time.process_time()
    for data in (text, f"标题一则在此\n发布时间：2023-07-18\n{PROSE}\n{text}"):
        with contextlib.suppress(PageError):
            read_page(data.encode(), is_html=is_html)
    assert time.process_time() - began < 4


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(data, is_html):
    try:
        page = read_page(data, is_html=is_html)
    except PageError:
        return
    assert page.title
    assert page.blocks


PIECES = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<table><tr><td>",
    "</table>",
    "<h2>",
    "<b>",
    "</b>",
    "<br>",
    "<ul><li>",
    "</ul>",
]
PIECES += [
    "<a href='x'>",
    "</a>",
    "<img src=a>",
    "<blockquote>",
    "</blockquote>",
    "<pre>",
    "</pre>",
    "<footer>",
    "<nav>",
    "</nav>",
]
PIECES += [
    PROSE,
    MORE,
    "\n",
    "标签：",
    "光伏",
    "发布时间：",
    "2023-07-18",
    "人气：",
    "428",
    "行业资讯",
    "首页 > ",
    "您好，欢迎访问",
    "一、",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_parts_in_any_order_are_read_or_refused(pieces, is_html):
    try:
        page = read_page("".join(pieces).encode(), is_html=is_html)
    except PageError:
        return
    assert page.title
    assert page.blocks
