"""Reading an old site's HTML pages: what is imported, and what is left out."""

from datetime import datetime

import pytest

from news.old_site.pages import read_page
from tests.news.old_site.samples import MORE, PROSE, article, headings, markup, read_html, words

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
    assert text.encode().decode("gb18030")  # both encodings fit: trusting the declaration would give 鍏変紡
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


def test_lists_tables_quotes_and_links_are_imported():
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


def test_pictures_are_imported_with_their_url_and_alternative_text():
    html = markup(
        article(f"<p>{PROSE}<img src='a_files/1.jpg' alt='电站 \"一期\"'></p><p>图1</p><p>{MORE}</p>")
    )
    assert '[a_files/1.jpg|电站 "一期"]' in html


def test_a_lazy_picture_is_read_from_its_data_attribute():
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


def test_what_stands_in_a_frame_is_text():
    frame = '<iframe src="/a"></iframe-x></div></h2></iframe>'
    page = f"<h1>屋顶光伏电站并网</h1><div>发布时间：2023-07-18</div><div><p>{PROSE}</p>{frame}</div>"
    assert read_html(page).title == "屋顶光伏电站并网"
