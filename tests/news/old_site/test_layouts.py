"""Whole pages in the templates of common systems: menu, breadcrumb, side column, article, related news, footer."""

from datetime import datetime

import pytest

from news.old_site.characters import PageError
from tests.news.old_site.samples import MORE, PROSE, read_html, words

TITLE = "省领导莅临示范电站考察"
TEXT = f"<p>{PROSE}</p><p>{MORE}</p>"
DAY = datetime(2021, 3, 5)
MENU = (
    '<div class="header"><img src="logo.png"><ul class="nav"><li><a href="/">网站首页</a></li><li><a>关于我们</a><ul>'
    "<li><a>公司简介</a></li></ul></li><li><a>新闻中心</a></li></ul></div>"
)
SIDE = f'<div class="sidebar"><h3>联系我们</h3><p>{MORE}</p><h3>推荐产品</h3><ul><li><a>光伏组件</a></li><li>逆变器</li></ul></div>'
FOOT = '<div class="footer"><p>版权所有 © 2021 示范公司 闽ICP备1号</p><p>地址：厦门市 电话：0592-1234567</p></div>'

LAYOUTS = {
    "the meta line below the article and its tags": (
        f'{SIDE}<h3><div class="position">当前位置：<a>首页</a> > <a>新闻资讯</a> > <a>公司动态</a></div><span>公司动态</span></h3>'
        f'<div id="shownews"><h1>{TITLE}</h1><div class="editor">{TEXT}</div><div class="met_hits"><div class="met_tag">标签：'
        "<a>光伏</a> <a>电站</a></div><span>点击次数：<script>x</script>12 &nbsp;更新时间：2021-03-05 10:20:30&nbsp;【<a>打印此页</a>】"
        "</span></div><div>上一条：<a>旧</a><br>下一条：<a>新</a></div></div>",
        {
            "published_at": datetime(2021, 3, 5, 10, 20, 30),
            "views": 12,
            "section": "公司动态",
            "tags": ["光伏", "电站"],
        },
    ),
    "the meta line inside the h1, and a digest": (
        f'<div class="crumbs"><a>首页</a><span> &gt; </span><a>新闻</a> &gt; <a>行业新闻</a> &gt; 正文</div><h1>{TITLE}<br>'
        f"<span>2021-03-05 10:20&nbsp;&nbsp;来源：&nbsp;评论：<a>0</a> 点击：<span></span></span></h1>"
        f'<div class="summary">{PROSE[:40]}</div><div class="content">{TEXT}</div><div class="related"><h5>延伸阅读：</h5>'
        "<ul><li>·<a>旧闻一</a>(2020-01-01)</li></ul></div>",
        {"published_at": datetime(2021, 3, 5, 10, 20), "section": "行业新闻"},
    ),
    "an article of WordPress, with comments": (
        f'<article><header><h1>{TITLE}</h1><div class="entry-meta"><span>2021年3月5日</span> <span>by <a>admin</a></span> '
        f"<span>分类：<a>公司新闻</a></span> <span>阅读(128)</span> <a>评论(0)</a></div></header><div>{TEXT}</div><footer>标签：<a>光伏</a>"
        f'<a>储能</a></footer></article><div id="comments"><h3>发表回复</h3><p>{MORE}</p></div>',
        {
            "published_at": DAY,
            "author": "admin",
            "section": "公司新闻",
            "views": 128,
            "tags": ["光伏", "储能"],
        },
    ),
    "tables below tables": (
        f"<table><tr><td>您现在的位置：首页&nbsp;&gt;&gt;&nbsp;工作动态</td></tr></table><table><tr><td class=bt>{TITLE}</td></tr><tr>"
        f"<td>发布日期：2021-03-05&nbsp;&nbsp;信息来源：办公室&nbsp;浏览次数：56&nbsp;字号：[<a>大</a> <a>中</a> <a>小</a>]</td></tr><tr>"
        f"<td>{TEXT}</td></tr><tr><td>【打印本页】【关闭窗口】</td></tr></table>",
        {"published_at": DAY, "section": "工作动态", "source": "办公室", "views": 56},
    ),
    "every paragraph in a container of its own": (
        f"<h2>{TITLE}</h2><div>作者：小编 发布时间：2021/3/5 点击：88</div><div><div>{PROSE}</div><div>{MORE}</div></div>"
        "<div class=news><h3>最新新闻</h3><div><a>旧闻一</a><span>2020-01-01</span></div></div>",
        {"published_at": DAY, "author": "小编", "views": 88},
    ),
    "a date in brackets and another way to count": (
        f"<div>{TITLE}</div><div>日期：[2021-03-05]  共阅[125]次</div><div>　　{PROSE}<br>　　{MORE}</div>",
        {"published_at": DAY, "views": 125},
    ),
    "a day above its month": (
        f"<h1>{TITLE}</h1><div><b>05</b><span>2021-03</span></div>{TEXT}",
        {"published_at": DAY},
    ),
    "a list of facts": (
        f"<h1>{TITLE}</h1><ul><li>2021-03-05</li><li>示范公司</li><li>128次</li></ul><div>{TEXT}</div>",
        {"published_at": DAY, "source": "示范公司"},
    ),
    "facts in containers of their own": (
        f"<h1>{TITLE}</h1><div>发表于2021-03-05 |</div><div>1164次阅读 |</div><div>来源CSDN|</div><div>0 条评论|</div><div>作者魏星</div>"
        f"<div>{TEXT}</div>",
        {"published_at": DAY, "source": "CSDN", "author": "魏星", "views": 1164},
    ),
    "a date, then a department": (
        f"<h1>{TITLE}</h1><div>2021-03-05</div><div>宣传部</div><div>128次浏览</div><div>{TEXT}</div>",
        {"published_at": DAY, "source": "宣传部", "views": 128},
    ),
    "a source above and a date below": (
        f"<h1>{TITLE}</h1><p>来源于：东区办事处</p><div>{TEXT}</div><p>发布日期：2021-03-05</p>",
        {"published_at": DAY, "source": "东区办事处"},
    ),
    "several people": (
        f"<h1>{TITLE}</h1><p>2021-03-05 来源：宣传部 作者：张三 李四 摄影：王五</p>{TEXT}",
        {"published_at": DAY, "source": "宣传部", "author": "张三 李四"},
    ),
    "a floating bar above": (
        f"<div><p>在线客服</p><p>服务热线</p><p>400-123-4567</p></div><h1>{TITLE}</h1><p>2021-03-05</p>{TEXT}",
        {"published_at": DAY},
    ),
    "the page's own URL and other articles below": (
        f"<h1>{TITLE}</h1><p>2021-03-05</p>{TEXT}<p>本文网址：http://www.demo.cn/news/12.html</p><p>推荐阅读</p><ul><li>旧闻</li></ul>",
        {"published_at": DAY},
    ),
    "a header for phones that repeats the title": (
        f"<div><a>返回</a><span>{TITLE}</span></div><div><div>{TITLE}</div><div>2021-03-05</div><div>{TEXT}</div></div>",
        {"published_at": DAY},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_article_is_read_in_the_layout_of(layout):
    body, expected = LAYOUTS[layout]
    page = read_html(MENU + body + FOOT, head=f"<title>{TITLE}_示范公司</title>")
    expected = {"source": "", "author": "", "section": "", "views": None, "tags": []} | expected
    assert (page.title, words(page), page.notes) == (TITLE, [PROSE, MORE], [])
    assert {name: getattr(page, name) for name in expected} == expected


def test_the_list_of_a_section_is_no_article():
    item = "<div><h3><a href={0}>旧闻标题之{0}在此</a></h3><p>2020-01-0{0}</p><p>" + PROSE + "</p></div>"
    page = MENU + item.format(1) + item.format(2) + FOOT
    with pytest.raises(PageError, match="像是文章列表"):
        read_html(page, head="<title>新闻中心_示范公司</title>")
