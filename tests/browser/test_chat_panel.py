"""The chat's panel on a visitor's page: what it loads, how it opens and goes away, by touch, keyboard and screen reader."""

import re

import pytest

from tests.browser.axe import violations
from tests.browser.chat import (
    OFFLINE,
    agree_and_say,
    answer,
    cut_line,
    fill_site,
    mend_line,
    open_chat,
    say,
    start_conversation,
    wait_for_line,
)
from tests.browser.devices import PHONE
from tests.servers import stays, wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_a_page_loads_nothing_of_the_chat_before_it_is_opened_and_little_then(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    open_browser.expected.append(OFFLINE)
    page, asked = open_browser(**PHONE), []
    page.on("response", lambda response: asked.append(response))
    page.goto(f"{site.address}/news/1/")
    page.wait_for_load_state("networkidle")
    assert not [response.url for response in asked if "chat" in response.url]
    asked.clear()
    open_chat(page)
    assert page.locator("[name=agree]").is_checked() is False
    assert page.context.cookies() == []
    names = {re.sub(r"\.\w{12}\.", ".", response.url.split("/")[-1]) for response in asked}
    assert names == {"visitor.js", "chat.css", ""}
    weight = sum(response.request.sizes()["responseBodySize"] for response in asked)
    print("opened chat:", weight, "bytes")
    assert weight <= 15 * 1024
    say(page, "没有同意")
    assert "勾选同意" in page.locator(".chat__fault").inner_text()
    assert page.locator("#chat-text").input_value() == "没有同意"
    assert page.context.cookies() == []
    page.keyboard.press("Escape")
    assert not page.locator(".chat").is_visible()
    send_the_first_line_without_a_connection(page)
    see_an_answer_in_a_later_session(site, page)


def send_the_first_line_without_a_connection(page):
    """It goes out by itself, from the next page, too."""
    page.locator("[data-chat]").click()
    cut_line(page)
    agree_and_say(page, "第一句")
    page.locator(".chat__link", has_text="会自动发出").wait_for()
    page.keyboard.press("Escape")
    mend_line(page)
    page.locator(".contact-bar__item--chat").wait_for()
    page.goto(page.url.replace("/1/", "/2/"))
    page.locator(".chat__mark", has_text="已送达").wait_for(state="attached", timeout=20_000)


def see_an_answer_in_a_later_session(site, page):
    """Its tab is new: the badge and the title say that there is something to read."""
    site.shell(
        "import uuid; from contact import chat; from contact.models import Agent; user = Agent.objects.first().user; "
        "chat.take(user, 1); chat.post_from_staff(user, 1, uuid.uuid4(), '晚了一点')"
    )
    later = page.context.new_page()
    page.close()
    later.goto(f"{site.address}/news/1/")
    badge = later.locator(".contact-bar__badge")
    badge.get_by_text("1", exact=True).wait_for()
    assert later.title().startswith("(1)")
    assert not later.locator(".chat").is_visible()
    later.locator("[data-chat]").click()
    wait_for_line(later, "晚了一点")
    wait_for(lambda: badge.inner_text() == "")


def reach_consent_and_composer_on_low_screens(page):
    """By scrolling, as a finger or a wheel does: on a phone in landscape, and under a zoom of 400 %."""
    before = page.viewport_size
    for width, height in ((780, 360), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(width / 2, 20)  # on the head
        for selector in ("[data-chat-close]", "[name=agree]", ".chat__send"):
            wait_for(
                lambda selector=selector, height=height: (
                    is_on_screen(page, selector, height) or page.mouse.wheel(0, 40)
                )
            )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size(before)


def is_on_screen(page, selector, height):
    box = page.locator(selector).bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= height


def tap_the_button_without_a_connection(page):
    """The page stays, says so, and the panel opens by itself afterwards."""
    cut_line(page)
    page.locator("[data-chat]").click()
    page.locator("[data-chat-unreachable]").wait_for()
    mend_line(page)
    page.locator(".chat__composer").wait_for(timeout=20_000)
    assert page.url.endswith("/news/1/")
    assert not page.locator("[data-chat-unreachable]").is_visible()


def test_the_panel_is_used_by_keyboard_and_fits_a_small_phone(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    open_browser.expected.append(OFFLINE)
    page = open_browser(**{**PHONE, "viewport": {"width": 320, "height": 480}})
    page.goto(f"{site.address}/news/1/")
    tap_the_button_without_a_connection(page)
    reach_consent_and_composer_on_low_screens(page)
    page.keyboard.press("Escape")
    page.locator("[data-chat]").focus()
    page.keyboard.press("Enter")
    page.locator(".chat__composer").wait_for()
    assert page.evaluate("document.activeElement.name") == "agree"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.type") == "file":
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "chat-text"
    page.keyboard.type("键盘打的")
    page.keyboard.press("Enter")
    wait_for_line(page, "键盘打的")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    box = page.locator("#chat-text").bounding_box()
    assert box["y"] + box["height"] <= 480
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('.chat').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hasAttribute('data-chat')")


def test_back_on_a_phone_puts_the_chat_away_and_leaves_the_page(make_site, open_browser):
    """It covers the page there: who presses Back means the chat. The next page comes without it."""
    site = fill_site(make_site("sqlite"))
    page = open_browser(**PHONE)
    page.goto(f"{site.address}/news/1/")
    page.goto(f"{site.address}/news/2/")
    panel = page.locator(".chat")
    open_chat(page)
    page.evaluate("history.back()")
    panel.wait_for(state="hidden")
    assert page.url.endswith("/news/2/")
    page.evaluate("history.forward()")
    panel.wait_for(state="visible")
    page.reload()
    panel.wait_for(state="visible")
    page.locator("[data-chat-close]").tap()
    panel.wait_for(state="hidden")
    page.evaluate("history.back()")
    page.wait_for_url("**/news/1/")
    stays(lambda: not panel.is_visible(), 0.5)
    open_chat(page)
    page.goto(f"{site.address}/news/2/")
    stays(lambda: not panel.is_visible(), 0.5)


def test_axe_finds_nothing_in_the_panel_and_at_the_desk(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    visitor, desk = start_conversation(site, open_browser)
    answer(desk, "您好")
    wait_for_line(visitor, "您好")
    visitor.locator("[data-chat-menu]").click()
    desk.locator("[data-transfer]").click()
    found = {}
    for scheme in ("light", "dark"):
        for name, page in (("panel", visitor), ("desk", desk)):
            page.emulate_media(color_scheme=scheme)
            found[name, scheme] = violations(page, context={"panel": None, "desk": ".desk"}[name])
    visitor.locator("[data-chat-menu]").click()
    desk.locator("[data-verb=close]").click()
    visitor.locator(".chat__rating").wait_for()
    found["rating"] = violations(visitor)
    visitor.locator("[data-chat-menu]").click()
    visitor.locator("#chat-menu [data-chat-form]").click()
    found["form"] = violations(visitor)
    desk.goto(f"{site.address}/admin/chat/reports/")
    found["reports"] = violations(desk, context="#content")
    assert {where: what for where, what in found.items() if what} == {}
