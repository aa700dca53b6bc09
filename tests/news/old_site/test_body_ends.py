"""What stands below and inside an article and is not part of it; and what looks like it and is."""

import pytest

from tests.news.old_site.samples import MORE, PROSE, article, headings, markup, read_html, words

CARD = "<div><img src=x.jpg><h4>推荐文章之{0}</h4><p>这是推荐文章{0}的摘要，一句完整的话，长度超过二十个字。</p></div>"
CARDS = CARD.format(1) + CARD.format(2) + CARD.format(3)


@pytest.mark.parametrize(
    "below",
    [
        f"<h3>为你推荐</h3>{CARDS}",
        f"<div class=rec>{CARDS}</div>",
        f"<div class='news-related'><p>{MORE}</p></div>",
        f"<h3>相关新闻</h3>{CARDS}",
        "<p>【相关推荐】</p><ul><li>别的文章一</li><li>别的文章二</li></ul>",
        "<ul><li><a href=1>别的文章一</a></li><li><a href=2>别的文章二</a></li></ul>",
        "<div><h4>本期其他</h4><p><a href=1>别的文章一</a></p><p>·<a href=2>别的文章二</a> [2020-01-01]</p></div>",
        "<p>分享到QQ空间新浪微博人人网腾讯微博豆瓣0</p>",
        "<div class='bdsharebuttonbox'><a>一键分享到各处</a></div>",
        f"<p>网友评论（2）</p><p>张三 2021-04-05</p><p>{MORE}</p>",
        f"<h4>Comments</h4><p>{MORE}</p>",
        f"<div id=pinglun><p>{MORE}</p></div>",
        "<p>------分隔线----------------------------</p>",
        "<p>＊＊＊＊＊＊</p>",
        "<div>顶一下 (3) 60%</div><div>踩一下 (2)</div><ul><li>收藏</li><li>挑错</li><li>推荐</li><li>打印</li></ul>",
        "<p>【关闭本页】 【打印】 【返回顶部】</p><p>打印本文 加入收藏 发表评论</p>",
        "<p>(责任编辑：admin)</p><p>------分隔线------</p>",
        "<p>本文来源：能源报 责任编辑：李四</p>",
    ],
)
def test_what_stands_below_an_article_stays_out(below):
    assert words(article(f"<p>{PROSE}</p><p>{MORE}</p>{below}")) == [PROSE, MORE]
    assert words(article(f"<div class=txt><p>{PROSE}</p><p>{MORE}</p></div>{below}")) == [PROSE, MORE]


def test_the_editor_is_read_although_a_rule_follows():
    assert article(f"<p>{PROSE}</p><p>(责任编辑：李四)</p><p>------</p>").editor == "李四"


@pytest.mark.parametrize(
    "inside",
    [
        f"<h3>相关产品</h3><p>{MORE * 4}</p>",
        f"<p>编辑：李四</p><p>{MORE}</p>",
        "<ul><li>光伏</li><li><a href=1>储能</a></li></ul>",
        "<p>联系电话：0592-1234567</p>",
        "<p><a href='http://a.cn/1'>阅读全文</a></p>",
        "<div><a href='plan.pdf'>计划表</a></div>",
    ],
)
def test_what_only_looks_like_it_stays(inside):
    assert len(words(article(f"<p>{PROSE}</p>{inside}"))) > 1


def test_a_digest_that_repeats_how_the_text_begins_stays_out():
    for digest in (PROSE, f"摘要：{PROSE[:40]}…", f"{PROSE[:-1]}..."):
        assert words(article(f"<div class=intro>{digest}</div><div><p>{PROSE}</p><p>{MORE}</p></div>")) == [
            PROSE,
            MORE,
        ]
    assert words(article(f"<div class=intro>{MORE}</div><p>{PROSE}</p>")) == [MORE, PROSE]


def test_an_article_in_an_element_with_a_misleading_name_is_read():
    page = read_html(f"<h1>标题一则在此</h1><div class='share-content'><p>{PROSE}</p></div>")
    assert words(page) == [PROSE]


@pytest.mark.parametrize(
    "body",
    [
        f"<h3><p>{PROSE}</p><p>{MORE}</p></h3>",
        f"<h3>{PROSE}<br>{MORE}</h3>",
        f"<h5>{PROSE}</h5><h5>{MORE}</h5>",
        f"<h2><b>{PROSE}</b></h2><p>{MORE}</p>",
    ],
)
def test_a_body_inside_headings_is_paragraphs(body):
    page = article(body)
    assert (words(page), headings(page)) == ([PROSE, MORE], [])


@pytest.mark.parametrize(
    "line",
    [
        "通讯员 王小明",
        "图为运动会开幕式现场（王小明摄）",
        "——摘自公司内刊",
        "本报记者 李四",
        "图1 厦门电站",
        "摄影：王小明",
        "△电站全景",
    ],
)
def test_captions_and_bylines_are_no_headings_in_bold_or_marked(line):
    for markup_of_line in (f"<p><b>{line}</b></p>", f"<h3>{line}</h3>"):
        page = article(f"<p>{PROSE}</p>{markup_of_line}<p>{MORE}</p>")
        assert headings(page) == []
        assert line in words(page)


# ---- tables

LONG_CELL = "<p>上午开幕</p><p>主题报告</p><p>午餐</p><p>分组讨论</p><p>参观电站</p>"


@pytest.mark.parametrize(
    "table",
    [
        f"<table border=1><tr><td>日期</td><td>安排</td></tr><tr><td>7月15日</td><td>签到</td></tr><tr><td>7月16日</td><td>{LONG_CELL}</td></tr></table>",
        f"<table><tr><td>日期</td><td>安排</td></tr><tr><td>7月15日</td><td>签到</td></tr><tr><td>7月16日</td><td>{LONG_CELL}</td></tr></table>",
        "<table><tr><th>项目</th><th>时间</th></tr><tr><td>一期</td><td>发布时间：2021-01-05</td></tr></table>",
        f"<table border=1><tr><td>项目</td><td>说明</td></tr><tr><td>一期</td><td>{PROSE * 12}</td></tr><tr><td>二期</td><td>待定</td></tr></table>",
    ],
)
def test_tables_of_data_stay_tables_whatever_their_cells_hold(table):
    page = article(f"<p>{PROSE}</p>{table}<p>{MORE}</p>")
    assert [block.kind for block in page.blocks] == ["paragraph", "table", "paragraph"]
    assert markup(page).count("<tr>") == table.count("<tr>")


@pytest.mark.parametrize("border", ["0", "1"])
def test_a_table_that_lays_out_the_page_is_none_of_data(border):
    page = read_html(
        f"<table border={border}><tr><td>公司新闻<br>行业新闻</td><td><h2>屋顶光伏电站并网</h2><div>发布时间：2023-07-18</div>"
        f"<p>{PROSE}</p><p>{MORE}</p></td></tr></table>",
        head="<title>屋顶光伏电站并网</title>",
    )
    assert (page.title, words(page)) == ("屋顶光伏电站并网", [PROSE, MORE])


# ---- videos and files


def test_a_video_becomes_a_link_or_is_known_as_missing():
    page = article(
        f"<p>{PROSE}</p><iframe src='//v.example.com/1'></iframe><video><source src='http://a.cn/1.mp4'>旧浏览器看不了</video>"
        f"<embed src='flash.swf'><iframe src=count.html width=0></iframe>"
    )
    html = markup(page)
    assert '<a href="https://v.example.com/1">观看视频</a>' in html
    assert '<a href="http://a.cn/1.mp4">观看视频</a>' in html
    assert "旧浏览器" not in html
    assert [file.url for block in page.blocks for file in block.files] == [
        "//v.example.com/1",
        "http://a.cn/1.mp4",
        "flash.swf",
    ]


def test_the_files_that_a_page_offers_are_known():
    page = article(
        f"<p>{PROSE}</p><p>附件：<a href='../up/1.PDF?v=2'>计划表</a> <a href='down.asp?id=3'>名单.xlsx</a> <a href='a.html'>全文</a></p>"
        "<ul><li><a href='/up/2.docx'>说明</a></li></ul>"
    )
    assert [tuple(file) for block in page.blocks for file in block.files] == [
        ("../up/1.PDF?v=2", "计划表"), ("down.asp?id=3", "名单.xlsx"), ("/up/2.docx", "说明"),
    ]  # fmt: skip
