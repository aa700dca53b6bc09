"""What a page adds to a rich text: anchors, pictures in the size that fits, tables that scroll."""

import re

import pytest

from greenenergy.richtext.display import present
from greenenergy.richtext.sanitizer import sanitize
from tests.factories import make_article

URL = "/media/pictures/2026/11/abc_1000x500.jpg"


def anchors(html):
    return [heading.anchor for heading in present(html).headings]


def test_an_anchor_outlives_what_is_written_before_it():
    before = anchors("<h2>白天发的电，晚上接着用</h2><h2>投资</h2>")
    after = anchors("<h2>新的一节</h2><p>…</p><h2>白天发的电，晚上接着用</h2><h3>细节</h3><h2>投资</h2>")
    assert before == ["s-白天发的电晚上接着用", "s-投资"]
    assert set(before) < set(after)


def test_equal_and_odd_headings_have_anchors_of_their_own():
    html = sanitize(
        '<h2>投资</h2><h2><strong>投资</strong></h2><h3>？！</h3><h2>"><script>x</script></h2><h2> </h2>'
    )
    assert anchors(html)[:3] == ["s-投资", "s-投资-2", "s-1"]
    shown = present(html).html
    assert len(set(re.findall(r' id="([^"]*)"', shown))) == len(anchors(html))
    assert "<script" not in shown


def test_a_picture_of_ours_brings_its_renditions():
    shown = present(
        f'<p><img src="{URL}" alt="屋顶" width="1000" height="500" class="align-center"></p>'
    ).html
    assert f'<a class="zoom" href="{URL}"><picture><source type="image/webp" srcset="' in shown
    assert "abc_1000x500.w320.webp 320w, " in shown
    assert "abc_1000x500.w1000.webp 1000w" in shown
    assert (
        f'<img src="{URL}" alt="屋顶" width="1000" height="500" class="align-center" loading="lazy">' in shown
    )


def test_a_picture_in_a_link_opens_the_link():
    shown = present(f'<p><a href="/contact/"><img src="{URL}" alt=""></a></p>').html
    assert shown.count("<a") == 1
    assert 'width="1000" height="500"' in shown
    assert "<source" in shown


@pytest.mark.parametrize("url", ["/media/pictures/old.jpg", "/media/pictures/moving.gif", "/media/x_1x1.svg"])
def test_a_picture_without_a_size_in_its_name_stays_plain(url):
    shown = present(f'<p><img src="{url}" alt="甲 &amp; 乙"></p>').html
    assert shown == f'<p><img src="{url}" alt="甲 &amp; 乙" loading="lazy"></p>'


def test_a_wide_table_scrolls_by_itself_and_by_keyboard():
    shown = present("<table><tbody><tr><td>1</td></tr></tbody></table>" * 2).html
    assert shown.startswith('<div class="table-scroll" role="region" tabindex="0" aria-label="表格 1，')
    assert 'aria-label="表格 2，' in shown  # screen readers list regions by name


@pytest.mark.django_db
def test_the_article_page_has_contents_and_cards_have_small_pictures(client):
    body = "<h2>一</h2><p>甲</p><h2>二</h2><h3>三</h3>" + f'<p><img src="{URL}" alt=""></p>'
    article = make_article(body=body)
    text = client.get(article.get_absolute_url()).text
    assert '<a href="#s-二">二</a>' in text
    assert 'id="s-二"' in text
    assert 'id="contents"' in text
    assert ".w320.webp 320w" in client.get("/news/").text
    short = make_article("短", body="<h2>一</h2><p>甲</p>")
    assert 'id="contents"' not in client.get(short.get_absolute_url()).text
