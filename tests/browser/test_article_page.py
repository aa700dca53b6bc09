"""The page of an article: contents, text size, pictures, print, and what it weighs."""

import pytest

from tests.browser.devices import PHONE
from tests.browser.styles import brightness, font_size
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


@pytest.mark.parametrize("width", [1000, 1200, 1280, 1359, 1360, 1440])
def test_the_contents_stand_above_or_beside_the_text(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    page.goto(shared_site.address + shared_site.pages["article"])
    contents = page.locator(".contents__box").bounding_box()
    for part in (".article__title", ".rich-text p"):
        box = page.locator(part).first.bounding_box()
        is_beside = contents["x"] + contents["width"] <= box["x"]
        is_apart = contents["y"] + contents["height"] <= box["y"] or box["y"] + box["height"] <= contents["y"]
        assert is_beside or is_apart, part


@pytest.mark.parametrize("width", [600, 1440])
def test_the_buttons_for_text_size_stand_below_a_title_of_the_whole_width(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    page.goto(shared_site.address + shared_site.pages["article"])
    page.evaluate(
        """() => {
            document.querySelector(".article__title").textContent = "长".repeat(200);
            document.querySelectorAll(".article__facts li:not(:first-child)").forEach((item) => item.remove());
        }"""
    )
    title = page.locator(".article__title").bounding_box()
    assert title["y"] + title["height"] <= page.locator(".article__tools .button-row").bounding_box()["y"]


def test_a_printed_article_shows_the_article_and_its_address_alone(shared_site, open_browser):
    page = open_browser(color_scheme="dark")
    page.goto(shared_site.address + shared_site.pages["article"])
    page.emulate_media(media="print", color_scheme="dark")
    for gone in [
        ".site-nav",
        ".contact-bar",
        ".article__tools",
        ".contents",
        ".share",
        ".related",
        ".greeting",
    ]:
        assert page.locator(f"{gone}:visible").count() == 0, gone
    for kept in ["h1", ".article__facts", ".rich-text figure img", ".rich-text table"]:
        assert page.locator(f"{kept}:visible").count() >= 1, kept
    address = page.evaluate("getComputedStyle(document.querySelector('.article__column'), '::after').content")
    assert address == f'"{shared_site.address}{shared_site.pages["article"]}"'
    assert brightness(page, "body") == 255
    assert brightness(page, "h1", "color") < 60
    table = page.locator(".rich-text table").last.bounding_box()
    assert table["width"] <= page.locator(".rich-text").bounding_box()["width"]  # paper does not scroll


def test_an_article_without_pictures_weighs_under_40_kib_in_8_requests(shared_site, open_browser):
    page = open_browser(**PHONE)
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(shared_site.address + shared_site.pages["article"], wait_until="networkidle")
    sizes = {
        request.url: request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]
        for request in requests
        if "/media/" not in request.url
    }
    print(sizes)
    assert len(sizes) <= 8
    assert sum(sizes.values()) <= 40 * 1024
    assert any(url.endswith(".css") for url in sizes)
    assert any(url.endswith(".js") for url in sizes)


def test_the_lightbox_is_used_by_keyboard(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address + shared_site.pages["article"])
    links = page.locator("a.zoom")
    assert links.count() == 2
    links.first.focus()
    page.keyboard.press("Enter")
    picture = page.locator(".lightbox__picture")
    picture.wait_for()
    first = picture.get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert picture.get_attribute("src") != first
    page.keyboard.press("ArrowRight")
    assert picture.get_attribute("src") == first
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.lightbox')")
    page.keyboard.press("Escape")
    assert picture.count() == 0
    assert page.evaluate("document.activeElement.matches('a.zoom')")


def test_the_text_size_is_remembered(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    size = font_size(page, ".rich-text p")
    page.get_by_role("button", name="A+").tap()
    assert font_size(page, ".rich-text p") > size
    page.reload()
    assert font_size(page, ".rich-text p") > size
    assert page.get_by_role("button", name="A+").get_attribute("aria-pressed") == "true"


def test_the_contents_lead_to_the_headings(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    page.locator(".contents a", has_text="一览表").tap()
    heading = page.locator(".rich-text h2", has_text="一览表")
    wait_for(lambda: 0 <= heading.bounding_box()["y"] < 120)
    table = page.locator(".table-scroll").last
    table.focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: table.evaluate("(box) => box.scrollLeft") > 0)
