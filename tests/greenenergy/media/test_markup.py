"""The HTML of a picture: what is loaded first, and what a narrow screen gets."""

import re

from greenenergy.media.markup import banner_picture, picture

URL = "/media/pictures/2026/11/abc_1000x500.jpg"
ANIMATION = "/media/pictures/2026/11/abc.gif"


def test_the_first_picture_of_a_page_is_not_lazy():
    assert 'fetchpriority="high"' in picture(URL, sizes="100vw", priority="high")
    assert "lazy" not in picture(URL, sizes="100vw", priority="high")


def test_a_picture_says_its_size_so_that_the_page_does_not_jump():
    assert 'width="1000" height="500"' in picture(URL, sizes="100vw")
    assert 'width="200" height="100"' in picture(URL, sizes="100vw", width="200", height=100)
    assert 'width="1000" height="500"' in picture(URL, sizes="100vw", width="50%", height=None)


def test_values_are_escaped():
    evil = '"><script>'
    url = f"/media/{evil}_1000x500.jpg"
    html = picture(url, sizes=evil, alt=evil, css_class=evil) + banner_picture(
        url, url, alt=evil, is_first=True
    )
    assert "<script>" not in html
    assert html.count("<source") == 3


def test_a_narrow_screen_gets_the_narrow_picture_of_a_banner():
    html = banner_picture(URL, URL.replace("abc", "narrow"), alt="横幅", is_first=True)
    narrow, wide = re.findall(r"<source[^>]*>", html)
    assert 'media="(max-width: 599px)"' in narrow
    assert "narrow_1000x500.w320.webp 320w" in narrow
    assert "media" not in wide.replace("/media/", "")
    assert 'class="carousel__picture" fetchpriority="high">' in html


def test_an_animation_has_no_renditions():
    assert (
        picture(ANIMATION, sizes="100vw")
        == f'<img src="{ANIMATION}" alt="" fetchpriority="low" loading="lazy">'
    )
    assert "<source" not in banner_picture(ANIMATION, "", alt="", is_first=False)
