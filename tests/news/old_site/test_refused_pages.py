"""What is not an article is refused with a reason, and nothing takes long."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.old_site.characters import PageError
from news.old_site.pages import read_page
from tests.news.old_site.samples import (
    MORE,
    PROSE,
    TEXT_PAGE,
    article,
)


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
