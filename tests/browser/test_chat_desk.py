"""An agent's day at the desk, in a real browser."""

import pytest

from tests.browser.chat import (
    agree_and_say,
    answer,
    fill_site,
    open_desk,
    open_phone_with_chat,
    own_chats,
    say,
    start_conversation,
    wait_for_line,
    wait_until_connected,
    waiting_chats,
)
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_several_chats_at_once_with_unread_numbers_and_drafts(make_site, open_browser):
    """Both survive a reload."""
    site = fill_site(make_site("sqlite"))
    desk = open_desk(open_browser, site)
    visitors = [named_visitor(open_browser, site, f"客人{number}") for number in range(3)]
    wait_for(lambda: waiting_chats(desk).count() == 3)
    assert desk.title().startswith("(3)")
    for number in range(3):
        take_chat_of(desk, f"客人{number}")
    desk.locator("#desk-text").fill("给客人2的草稿")
    say(visitors[0], "还有一个问题")
    first = own_chats(desk).filter(has_text="客人0")
    wait_for(lambda: first.locator(".desk__unread").all_inner_texts() == ["1"])
    desk.reload()
    wait_for(lambda: first.locator(".desk__unread").all_inner_texts() == ["1"])
    first.click()
    wait_for(lambda: first.locator(".desk__unread").count() == 0)
    visitors[0].locator(".chat__mark", has_text="已读").nth(1).wait_for()
    own_chats(desk).filter(has_text="客人2").click()
    wait_for(lambda: desk.locator("#desk-text").input_value() == "给客人2的草稿")
    desk.locator("#desk-text").press("Enter")
    wait_for_line(visitors[2], "给客人2的草稿")


def named_visitor(open_browser, site, name):
    visitor = open_phone_with_chat(open_browser, site)
    visitor.locator("#chat-name").fill(name)
    agree_and_say(visitor, f"我是{name}")
    wait_for_line(visitor, f"我是{name}")
    return visitor


def take_chat_of(desk, name):
    waiting_chats(desk).filter(has_text=name).click()
    desk.locator(".thread__name", has_text=name).wait_for()
    desk.locator("[data-verb=take]").click()
    own_chats(desk).filter(has_text=name).wait_for()


def test_an_agent_labels_writes_a_note_searches_and_steps_away(make_site, open_browser, screenshot):
    site = fill_site(make_site("sqlite"))
    _visitor, desk = start_conversation(site, open_browser)
    desk.get_by_label("询价").check()
    desk.locator("[value=note]").check()
    answer(desk, "要跟进")
    wait_for_line(desk, "要跟进")
    desk.reload()
    own_chats(desk).click()
    wait_for_line(desk, "要跟进")
    assert desk.get_by_label("询价").is_checked()
    screenshot(desk, "chat-desk-day")

    name = desk.locator(".thread__name").inner_text()
    search(desk, "怎么收费")
    assert name in desk.locator(".desk__found .desk__entry").inner_text()
    search(desk, "没有这句")
    desk.locator(".desk__found", has_text="没有找到").wait_for()

    desk.locator("[data-away]").click()
    late = open_phone_with_chat(open_browser, site)
    assert "不在" in late.locator(".chat__opening").inner_text()
    desk.locator("[data-away]").click()
    wait_for(lambda: "在线" in chat_opening_of_a_new_visitor(open_browser, site))


def chat_opening_of_a_new_visitor(open_browser, site):
    return open_phone_with_chat(open_browser, site).locator(".chat__opening").inner_text()


def search(desk, words):
    desk.locator("#desk-q").fill(words)
    desk.locator("#desk-q").press("Enter")


def test_the_desk_does_not_sound_before_the_first_click_in_its_tab(make_site, open_browser):
    """A restored tab has had none: a browser refuses the sound, and complains."""
    site = fill_site(make_site("sqlite"))
    desk = open_desk(open_browser, site)
    # What drives the browser counts as a click, so the test says itself whether there was one.
    desk.add_init_script("""
        window.sounds = [];
        window.activation = {hasBeenActive: false};
        Object.defineProperty(navigator, "userActivation", {get: () => window.activation});
        window.AudioContext = class { constructor() { window.sounds.push(document.title); } };
    """)
    desk.reload()
    wait_until_connected(desk)
    agree_and_say(open_phone_with_chat(open_browser, site), "有人吗？")
    wait_for(lambda: waiting_chats(desk).count() == 1)
    assert desk.evaluate("window.sounds") == []
    desk.evaluate("window.activation.hasBeenActive = true")
    agree_and_say(open_phone_with_chat(open_browser, site), "有人吗？")
    wait_for(lambda: desk.evaluate("window.sounds.length"))
    assert waiting_chats(desk).count() == 2
    assert len(desk.evaluate("window.sounds")) == 1
