"""The floating bar with the ways to reach the company, on phones and desktops."""

import pytest

from tests.browser.devices import PHONE
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_the_bar_on_a_phone_opens_a_code_copies_a_number_and_leads_to_the_top(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=shared_site.address)
    page.goto(shared_site.address + shared_site.pages["article"])
    top = page.locator(".contact-bar__item--top")
    assert not top.is_visible()  # the page is there already
    page.evaluate("scrollTo(0, 1500)")
    wait_for(top.is_visible)
    items = page.locator(".contact-bar__item")
    left = {item.inner_text().strip(): item.bounding_box()["x"] for item in items.all()}
    assert sorted(left, key=left.get) == ["电话", "微信", "客服", "顶部"]
    box = page.locator(".contact-bar").bounding_box()
    assert box["y"] + box["height"] == 740
    assert box["width"] * box["height"] < 0.1 * 360 * 740
    for button in page.locator(".contact-bar__button").all():
        assert button.bounding_box()["height"] >= 44

    wechat = page.locator(".contact-bar__item--wechat .contact-bar__button")
    before = page.url
    wechat.tap()
    assert wechat.get_attribute("aria-expanded") == "true"
    assert page.url == before
    assert page.locator(".contact-bar img:visible").count() == 1
    copy = page.locator(".contact-bar [data-copy]:visible").first
    copy.tap()
    wait_for(lambda: "已复制" in copy.inner_text())
    assert page.evaluate("navigator.clipboard.readText()") == copy.get_attribute("data-copy")
    page.touchscreen.tap(180, 100)  # beside the panel
    assert page.locator(".contact-bar img:visible").count() == 0

    page.locator(".contact-bar__item--top a").tap()
    wait_for(lambda: page.evaluate("scrollY") == 0)
    wait_for(lambda: not top.is_visible())


def test_the_bar_covers_under_a_tenth_of_a_desktop_and_shows_one_panel_at_a_time(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address)
    box = page.locator(".contact-bar").bounding_box()
    assert box["x"] > 1300
    assert box["width"] * box["height"] < 0.1 * 1440 * 900
    page.locator(".contact-bar__item--wechat").hover()
    assert page.locator(".contact-bar img:visible").count() == 1
    page.locator(".contact-bar__item--phone").hover()
    assert page.locator(".contact-bar img:visible").count() == 0
    assert page.locator(".contact-bar__number").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".contact-bar__number").first.is_visible()


@pytest.mark.parametrize("width", [1000, 1024, 1180, 1280, 1366])
def test_the_bar_covers_nothing_of_a_page_beside_it(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    for name in ["home", "section", "article", "found", "contact"]:
        page.goto(shared_site.address + shared_site.pages[name])
        furthest = page.evaluate(
            """() => Math.max(...[...document.querySelectorAll("main *")]
                .filter((e) => !e.closest(".carousel__slides, .table-scroll *"))
                .map((e) => e.getBoundingClientRect().right))"""
        )
        assert furthest <= page.locator(".contact-bar").bounding_box()["x"], name


def test_a_phone_in_landscape_shows_the_whole_qr_code(shared_site, open_browser):
    page = open_browser(**{**PHONE, "viewport": {"width": 740, "height": 360}})
    page.goto(shared_site.address)
    page.locator(".contact-bar__item--wechat .contact-bar__button").tap()
    code = page.locator(".contact-bar img:visible").bounding_box()
    panel = page.locator(".contact-bar__panel.is-open").bounding_box()
    assert panel["y"] >= 0
    assert panel["y"] <= code["y"]
    assert code["y"] + code["height"] <= page.locator(".contact-bar__list").bounding_box()["y"]
    assert code["width"] >= 120
