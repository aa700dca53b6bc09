"""What other editors, old sites and the source mode bring: blocks stay apart, links lead somewhere, losses are counted."""

import re

import pytest

from greenenergy.richtext.sanitizer import losses, sanitize

BLOCKS = {
    "sections": ("<section>三</section><section>四</section>", "<p>三</p><p>四</p>"),
    "text around": ("前<div>三</div>后", "<p>前</p><p>三</p><p>后</p>"),
    "nested": ("<div>a<div>b</div>c</div>d", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
    "paragraph within": ("<article><div><p>一</p></div></article>", "<p>一</p>"),
    "centred": ("<center>中</center>", '<p class="align-center">中</p>'),
    "centred by style": ('<div style="text-align: center"><p>中</p></div>', '<p class="align-center">中</p>'),
    "left within centred": ("<center><p align=left>左</p></center>", "<p>左</p>"),
    "details": ("<details><summary>问</summary>答</details>", "<p>问</p><p>答</p>"),
    "one in a cell": (
        "<table><tr><td><div>a</div></td></tr></table>",
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
    ),
    "two in a cell": (
        "<table><tr><td><div>a</div><div>b</div></td></tr></table>",
        "<table><tbody><tr><td><p>a</p><p>b</p></td></tr></tbody></table>",
    ),
    "centred in a cell": (
        "<table><tr><td><div align=center>a</div></td></tr></table>",
        '<table><tbody><tr><td class="align-center">a</td></tr></tbody></table>',
    ),
    "in items": (
        "<ul><li><div>一</div><ul><li><div>二</div></li></ul></li></ul>",
        "<ul><li>一<ul><li>二</li></ul></li></ul>",
    ),
    "in a heading": ("<h2><div>上</div><div>下</div></h2>", "<h2>上<br>下</h2>"),
    "in code": ("<pre><div>a</div><div>b</div></pre>", "<pre>a\nb</pre>"),
    "in bold": ("<b><div>a</div><div>b</div></b>", "<p><b>a</b></p><p><b>b</b></p>"),
    "in a link": (
        '<a href="/x/"><div>a</div><div>b</div></a>',
        '<p><a href="/x/" rel="noopener noreferrer">a</a></p><p><a href="/x/" rel="noopener noreferrer">b</a></p>',
    ),
    "a picture": ('<div><img src="/media/a.png"></div>', '<p><img src="/media/a.png"></p>'),
    "blank": ("<div>一</div><div><br></div><div>二</div>", "<p>一</p><p>二</p>"),
    "a menu": ("<menu><li>一</li></menu>", "<ul><li>一</li></ul>"),
    "bold that is none": (
        '<b style="font-weight:normal"><p>一</p><p>二<b>三</b></p></b>',
        "<p>一</p><p>二<b>三</b></p>",
    ),
}


@pytest.mark.parametrize(("html", "clean"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_become_paragraphs(html, clean):
    assert sanitize(html) == clean
    assert sanitize(clean) == clean


@pytest.mark.parametrize(
    ("href", "stored"),
    [
        ("www.example.com/x", "https://www.example.com/x"),
        ("www.example.museum", "https://www.example.museum"),
        ("example.com.cn", "https://example.com.cn"),
        ("solar.example.com/a?b=1#c", "https://solar.example.com/a?b=1#c"),
        ("新能源.中国/", "https://新能源.中国/"),
        ("sales@example.com", "mailto:sales@example.com"),
        ("report.pdf", "report.pdf"),
        ("index.html", "index.html"),
        ("/about/", "/about/"),
        ("#s-总则", "#s-总则"),
    ],
)
def test_a_link_without_its_scheme_leads_to_the_site_that_was_meant(href, stored):
    assert f'href="{stored}"' in sanitize(f'<a href="{href}">x</a>')


@pytest.mark.parametrize("href", ["#_Toc1234", "#_ftn1", "#", "file:///C:/a.doc#_Toc1", "javascript:void(0)"])
def test_a_link_to_nowhere_is_text(href):
    assert sanitize(f'<p>见<a href="{href}">第一章</a>。</p>') == "<p>见第一章。</p>"


def test_videos_become_links_whatever_holds_the_address():
    html = """<iframe data-src="https://v.qq.com/a?x=1&amp;y=2"></iframe>
        <video controls><source src="/media/b.mp4">不支持</video><iframe srcdoc="<script>alert(1)</script>"></iframe>"""
    clean = sanitize(html)
    assert re.findall(r'href="([^"]*)"', clean) == ["https://v.qq.com/a?x=1&amp;y=2", "/media/b.mp4"]
    assert "不支持" not in clean
    assert losses(html) == {"frame_link": 2, "frame": 1}


def test_each_thing_that_is_dropped_is_counted():
    html = """<p><img src="data:image/png;base64,AAAA"><img src="file:///C:/a.png"><img src="blob:https://a.example/1"></p>
        <svg></svg><mp-common-profile></mp-common-profile><img src="/media/a.png"><img src="https://a.example/b.png">"""
    assert losses(html) == {"picture": 4, "card": 1, "foreign": 1}
    assert losses(sanitize(html)) == {}


def test_a_picture_that_is_loaded_late_becomes_a_link_to_itself():
    clean = sanitize('<img data-src="https://mmbiz.example/a" src="data:image/gif;base64,R0" alt="电站">')
    assert 'href="https://mmbiz.example/a"' in clean
    assert losses(clean) == {}


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>　　缩进</p>", "<p>缩进</p>"),
        ("<p>一<br>&nbsp; &nbsp;二</p>", "<p>一<br>二</p>"),
        ("<p><strong>　　粗</strong></p>", "<p><strong>粗</strong></p>"),
        ("<p>前　后</p>", "<p>前　后</p>"),
        ("<p>&nbsp;</p>", "<p>&nbsp;</p>"),
        ("<table><tbody><tr><td>　其中：</td></tr></tbody></table>",) * 2,
    ],
)
def test_spaces_that_indent_a_paragraph_go_and_others_stay(html, clean):
    assert sanitize(html) == clean


def test_lists_keep_the_style_of_their_numbers():
    html = '<ol start="3" type="a"><li>一</li></ol><ul class="written-numbers"><li>（一）二</li></ul>'
    assert sanitize(html) == html
    assert sanitize('<ol type="disc" class="x"><li>一</li></ol>') == "<ol><li>一</li></ol>"


@pytest.mark.parametrize("inside", ["</iframe-x>", "</iframe-x></h2></p>", "<p></iframe2>", "</p></p></p>"])
def test_what_stands_in_a_frame_is_text(inside):
    assert sanitize(f'<p>前</p><iframe src="/a">{inside}</iframe><h2>后</h2>').endswith("<h2>后</h2>")
    assert sanitize(f'<p>前</p><iframe src="/a">{inside}').startswith("<p>前</p>")
