"""What happens to lines, servers, phones and logins in the middle of a conversation: no line is lost, none goes astray."""

import time
from itertools import pairwise

import pytest

from tests.browser.chat import (
    OFFLINE,
    REFUSED,
    agree_and_say,
    answer,
    cut_line,
    fill_site,
    lines_of,
    log_in,
    mend_line,
    open_desk,
    open_phone_with_chat,
    say,
    sequence_numbers,
    start_conversation,
    stored_lines,
    take_first_waiting,
    wait_for_line,
    wait_until_connected,
    waiting_chats,
)
from tests.browser.events import wait_for_events
from tests.servers import stays, wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_a_conversation_goes_on_after_cut_lines_a_restart_and_a_sleeping_phone(make_site, open_browser):
    site = fill_site(make_site("postgresql"))
    open_browser.expected.append(OFFLINE)
    visitor, desk = start_conversation(site, open_browser)
    go_on_after_the_visitors_line_was_cut(visitor, desk)
    go_on_after_the_agents_line_was_cut(visitor, desk)
    go_on_after_a_restart_of_the_server(site, visitor, desk)
    go_on_after_the_phone_has_slept(visitor, desk)
    numbers = sequence_numbers(site)
    assert numbers == list(range(1, len(numbers) + 1))
    see_the_last_answer_of_a_conversation_that_was_closed_meanwhile(visitor, desk)


def see_the_last_answer_of_a_conversation_that_was_closed_meanwhile(visitor, desk):
    """The line is cut while the agent answers and closes, and the visitor's own next line begins a new conversation."""
    cut_line(visitor)
    answer(desk, "最后的回答")
    wait_for_line(desk, "最后的回答")
    desk.locator("[data-verb=close]").click()
    wait_for_line(desk, "对话已结束，谢谢您的咨询。")
    say(visitor, "线断了，刚才您说什么？")
    mend_line(visitor)
    wait_for_line(visitor, "最后的回答", 20_000)
    waiting_chats(desk).wait_for(timeout=20_000)
    last = ["最后的回答", "对话已结束，谢谢您的咨询。", "线断了，刚才您说什么？"]
    wait_for(lambda: lines_of(visitor)[-3:] == last)
    visitor.reload()
    wait_for_line(visitor, "线断了，刚才您说什么？")
    assert lines_of(visitor)[-3:] == last


def go_on_after_the_visitors_line_was_cut(visitor, desk):
    """What was typed stays, goes out once and in order, and what was missed comes in."""
    cut_line(visitor)
    say(visitor, "断线时第一句")
    say(visitor, "断线时第二句")
    visitor.locator(".chat__link", has_text="网络断开").wait_for()
    assert visitor.locator(".chat__mark", has_text="发送中").count() == 2
    answer(desk, "断线时的回答")
    wait_for_line(desk, "断线时的回答")
    mend_line(visitor)
    wait_for_line(visitor, "断线时的回答", 20_000)
    wait_for_line(desk, "断线时第二句", 20_000)
    visitor.locator(".chat__link").wait_for(state="hidden")
    for page in (desk, visitor):
        assert lines_of(page, "断线时") == ["断线时的回答", "断线时第一句", "断线时第二句"]


def go_on_after_the_agents_line_was_cut(visitor, desk):
    cut_line(desk)
    answer(desk, "客服断线时说的")
    desk.locator(".thread__mark", has_text="发送中").wait_for()
    desk.locator(".desk__link", has_text="已连接").wait_for(state="hidden")
    mend_line(desk)
    wait_for_line(visitor, "客服断线时说的", 20_000)


def go_on_after_a_restart_of_the_server(site, visitor, desk):
    site.terminate()
    say(visitor, "重启时说的")
    site.start()
    wait_for_line(desk, "重启时说的", 30_000)
    answer(desk, "回来了")
    wait_for_line(visitor, "回来了", 30_000)


def go_on_after_the_phone_has_slept(visitor, desk):
    session = visitor.context.new_cdp_session(visitor)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    answer(desk, "睡着时说的")
    wait_for_line(desk, "睡着时说的")
    session.send("Page.setWebLifecycleState", {"state": "active"})
    wait_for_line(visitor, "睡着时说的", 20_000)


def test_an_agent_stays_online_at_the_desk_while_a_visitor_writes_without_a_pause(make_site, open_browser):
    """A heartbeat comes only where nothing else does: the desk has to report its presence all the same."""
    site = fill_site(make_site("sqlite"))
    visitor, desk = start_conversation(site, open_browser)
    reports = []
    desk.on(
        "request", lambda request: reports.append(time.monotonic()) if "presence" in request.url else None
    )
    begun = time.monotonic()
    for number in range(14):
        say(visitor, f"第 {number} 句")
        pause_as_a_writer_does(desk)
    moments = [begun, *reports, time.monotonic()]
    assert max(later - earlier for earlier, later in pairwise(moments)) < 20


def pause_as_a_writer_does(page):
    """Shorter than the stream's heartbeat, long enough for the limit of lines a minute. The pace is what is tested."""
    page.wait_for_timeout(2000)


def test_a_reply_never_goes_to_the_visitor_who_was_open_before(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    open_browser.expected.append(OFFLINE)
    _first, desk = start_conversation(site, open_browser)
    agree_and_say(open_phone_with_chat(open_browser, site, "/news/2/"), "储能怎么并网？")
    waiting_chats(desk).wait_for()
    cut_line(desk)
    waiting_chats(desk).click()
    desk.keyboard.type("给第二位的回答")
    desk.keyboard.press("Enter")
    desk.locator(".desk__fault", has_text="网络断开了").wait_for()
    mend_line(desk)
    desk.locator(".desk__fault").wait_for(state="hidden", timeout=30_000)
    assert "给第二位的回答" not in str(stored_lines(site))


def test_a_login_that_ends_loses_no_answer_and_after_a_new_one_in_another_tab_the_desk_goes_on(
    make_site, open_browser
):
    site = fill_site(make_site("sqlite"))
    open_browser.expected.append(REFUSED)
    visitor, desk = start_conversation(site, open_browser)
    site.shell("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    answer(desk, "登录失效时写的")
    desk.locator(".desk__fault", has_text="登录已失效").wait_for()
    wait_for_line(desk, "登录失效时写的")
    desk.context.clear_cookies()
    answer(desk, "没有登录时写的")
    again = desk.context.new_page()
    log_in(again, site, "xiaoli")
    wait_until_connected(again)
    again.close()
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for_line(visitor, "没有登录时写的", 20_000)
    assert lines_of(visitor)[-2:] == ["登录失效时写的", "没有登录时写的"]
    answer(desk, "又在了")
    wait_for_line(visitor, "又在了")
    assert not desk.locator(".desk__fault").is_visible()


def test_an_answer_that_is_being_written_never_becomes_a_note_by_itself(make_site, open_browser):
    """The conversation is taken away meanwhile: the agent is told, and the text stays."""
    site = fill_site(make_site("sqlite"))
    _visitor, desk = start_conversation(site, open_browser)
    desk.locator("#desk-text").fill("正在写的回答")
    site.shell("from contact import chat; from contact.models import Agent; "
               "chat.release(Agent.objects.get(user__username='xiaoli').user, 1)")  # fmt: skip
    desk.locator(".desk__fault", has_text="现在不由您接待").wait_for()
    desk.locator("#desk-text").press("Enter")
    stays(lambda: desk.locator("#desk-text").input_value() == "正在写的回答", 0.5)
    assert "正在写的回答" not in str(stored_lines(site))
    desk.locator("[data-verb=take]").click()
    wait_for(lambda: desk.locator("[name=kind][value=staff]").is_enabled())
    desk.locator("#desk-text").press("Enter")
    wait_for(lambda: "staff 正在写的回答" in stored_lines(site))


def test_what_is_typed_while_a_take_is_on_its_way_is_an_answer_and_no_note(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    desk = open_desk(open_browser, site)
    visitor = open_phone_with_chat(open_browser, site)
    agree_and_say(visitor, "请问屋顶光伏怎么收费？")
    held = []
    desk.route("**/take/", lambda route: held.append(route))
    take_first_waiting(desk)
    answer(desk, "您好")
    wait_for_events(desk, lambda: held)
    stays(lambda: desk.locator(".thread__line--note").count() == 0, 0.3)
    held[0].continue_()
    wait_for_line(visitor, "您好")
    assert lines_of(desk)[-1] == "您好"
    assert "staff 您好" in stored_lines(site)
