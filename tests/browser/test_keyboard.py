"""Pages used by keyboard alone, and things that move."""

import pytest

from tests.browser.devices import PHONE
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_escape_puts_the_menu_away(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address)
    above = page.get_by_role("link", name="新闻中心", exact=True)
    above.focus()
    page.keyboard.press("Tab")
    entry = "document.activeElement.getBoundingClientRect().left"
    assert page.evaluate(entry) >= 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent.trim()") == "新闻中心"
    inner = page.locator(".site-nav__entries a").first
    assert inner.bounding_box()["x"] < 0
    page.locator("#header-search").focus()
    above.focus()
    assert inner.bounding_box()["x"] >= 0
    phone = open_browser(**PHONE)
    phone.goto(shared_site.address)
    phone.locator(".menu-button").tap()
    assert phone.locator(".site-nav").is_visible()
    phone.keyboard.press("Escape")
    assert not phone.locator(".site-nav").is_visible()


def test_every_page_is_used_by_keyboard_alone(shared_site, open_browser):
    """Tab goes to all that can be used, in sight and with a mark around it, and gets out of everything."""
    page = open_browser(reduced_motion="reduce")
    for name in ["home", "section", "article", "found", "contact"]:
        page.goto(shared_site.address + shared_site.pages[name])
        wanted = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((e) =>
                e.tabIndex >= 0 && e.type !== "hidden" && e.getClientRects().length &&
                !(e.type === "radio" && !e.checked)).length"""
        )
        met = 0
        for _ in range(wanted + 40):
            page.keyboard.press("Tab")
            state = page.evaluate(
                """() => {
                    const e = document.activeElement;
                    if (e === document.body || e.dataset.met === "1") return null;
                    e.dataset.met = "1";
                    const box = e.getBoundingClientRect();
                    let style = getComputedStyle(e);
                    const label = e.labels && e.labels[0];
                    if (e.classList.contains("visually-hidden") && label) style = getComputedStyle(label);
                    return { html: e.outerHTML.slice(0, 120), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                        inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
                }"""
            )
            if state is None:
                break
            met += 1
            assert state["outline"], (name, state)
            assert state["inSight"], (name, state)
        assert met >= wanted, (name, met, wanted)


def test_the_carousel_moves_by_keyboard_and_by_button_and_by_itself_unless_motion_is_unwanted(
    shared_site, open_browser
):
    page = open_browser()
    page.goto(shared_site.address)
    page.locator(".carousel__controls").wait_for()  # the script has come
    row = page.locator(".carousel__slides")
    at = "(row) => Math.round(row.scrollLeft / row.clientWidth)"
    row.focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: row.evaluate(at) == 1)
    page.get_by_role("button", name="上一张").click()
    wait_for(lambda: row.evaluate(at) == 0)
    page.get_by_role("button", name="继续播放").wait_for()  # who takes it in hand stops it

    moving = open_browser()
    moving.goto(shared_site.address)
    moving.get_by_role("button", name="暂停播放").wait_for()
    wait_for(lambda: moving.locator(".carousel__slides").evaluate(at) == 1, 10)
    still = open_browser(reduced_motion="reduce")
    still.goto(shared_site.address)
    still.get_by_role("button", name="继续播放").wait_for()
