"""A conversation in two real browsers, from the first line to the rating; and what a visitor does when nobody is there."""

import re

import pytest

from tests.browser.chat import (
    agree_and_say,
    answer,
    fill_site,
    lines_of,
    log_in,
    open_chat,
    open_desk,
    open_phone_with_chat,
    own_chats,
    say,
    sequence_numbers,
    start_conversation,
    wait_for_line,
    wait_until_form_is_old_enough,
)
from tests.browser.devices import DESKTOP, PHONE
from tests.factories import make_picture_file
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]


def test_a_conversation_from_the_first_line_to_the_rating(make_site, open_browser, screenshot):
    site = fill_site(make_site("postgresql"))
    visitor, desk = start_conversation(site, open_browser)
    assert "储能" not in desk.locator("[data-about=page]").inner_text()
    assert "屋顶光伏怎么选" in desk.locator("[data-about=page]").inner_text()
    see_typing_and_read_marks_on_both_sides(visitor, desk)
    see_a_picture_of_the_visitor_at_the_desk(visitor, desk)
    screenshot(visitor, "chat-visitor")
    screenshot(desk, "chat-desk")
    find_thread_and_draft_again_after_a_reload(visitor, last_line="客服的最后一句", desk=desk)
    go_on_in_a_second_tab(site, visitor, desk)
    other = hand_over_with_a_note(open_browser, site, visitor, desk)
    close_and_rate(visitor, other)
    numbers = sequence_numbers(site)
    assert numbers == list(range(1, len(numbers) + 1))
    save_the_transcript_and_end_the_chat(visitor, a_line="第二个标签页里说的")


def see_typing_and_read_marks_on_both_sides(visitor, desk):
    visitor.locator("#chat-text").press_sequentially("大概一百")
    desk.locator(".thread__typing", has_text="大概一百").wait_for()
    visitor.locator("#chat-text").fill("")
    desk.locator("#desk-text").press_sequentially("/热")
    desk.locator("#desk-text").press("Enter")  # the canned reply is filled in
    visitor.locator(".chat__typing", has_text="正在输入").wait_for()
    desk.locator("#desk-text").press("Enter")
    name = desk.locator(".thread__name").inner_text()
    wait_for_line(visitor, f"{name}，请拨打 400-123-4567，我是客服小李。")
    visitor.locator(".chat__mark", has_text="已读").wait_for()
    desk.locator(".thread__mark", has_text="已读").wait_for()


def see_a_picture_of_the_visitor_at_the_desk(visitor, desk):
    picture = make_picture_file("屋顶.png", size=(600, 400))
    visitor.locator(".chat [type=file]").set_input_files(
        {"name": "屋顶.png", "mimeType": "image/png", "buffer": picture.read()}
    )
    desk.locator(".thread__bubble img").wait_for()
    wait_for(lambda: desk.eval_on_selector(".thread__bubble img", "(image) => image.naturalWidth") == 600)


def find_thread_and_draft_again_after_a_reload(visitor, last_line, desk):
    answer(desk, last_line)
    wait_for_line(visitor, last_line)
    visitor.locator("#chat-text").fill("还没写完")
    before = lines_of(visitor)
    visitor.reload()
    wait_for_line(visitor, last_line)
    assert lines_of(visitor) == before
    assert visitor.locator("#chat-text").input_value() == "还没写完"
    visitor.locator("#chat-text").fill("")


def go_on_in_a_second_tab(site, visitor, desk):
    """On another page: the same thread in both tabs, and the desk hears of the page."""
    second = visitor.context.new_page()
    second.goto(f"{site.address}/news/2/")
    open_chat(second)
    wait_for_line(second, "客服的最后一句")
    say(second, "第二个标签页里说的")
    wait_for_line(visitor, "第二个标签页里说的")
    wait_for_line(desk, "第二个标签页里说的")
    wait_for(lambda: "储能电站并网" in desk.locator("[data-about=page]").inner_text())
    second.close()


def hand_over_with_a_note(open_browser, site, visitor, desk):
    """The desk of the other agent, who has the conversation then. The visitor never sees the note."""
    other = open_desk(open_browser, site, "xiaowang")
    desk.locator("[data-transfer]").click()
    desk.locator(".thread__transfer option", has_text="客服小王").wait_for(state="attached")
    desk.locator(".thread__transfer [name=note]").fill("老客户，给九折")
    desk.locator(".thread__transfer [type=submit]").click()
    wait_for_line(visitor, "已为您转接，客服小王 为您服务。")
    own_chats(other).click()
    wait_for_line(other, "老客户，给九折")
    answer(other, "您好，我是小王")
    wait_for_line(visitor, "您好，我是小王")
    assert "老客户，给九折" not in visitor.content()
    assert own_chats(desk).count() == 0
    return other


def close_and_rate(visitor, desk):
    desk.locator("[data-verb=close]").click()
    wait_for_line(visitor, "对话已结束，谢谢您的咨询。")
    visitor.locator(".chat__rating [value='5']").check()
    visitor.locator(".chat__rating [name=comment]").fill("很快")
    visitor.locator(".chat__rating [type=submit]").click()
    visitor.locator(".chat__rating").wait_for(state="hidden")
    desk.reload()
    desk.locator(".desk__search [type=submit]").click()
    desk.locator(".desk__found .desk__entry").first.click()
    wait_for(lambda: "★★★★★ 很快" in desk.locator("[data-about=rating]").inner_text())


def save_the_transcript_and_end_the_chat(visitor, a_line):
    """Nothing of it is left on this phone."""
    visitor.on("dialog", lambda dialog: dialog.accept())
    visitor.locator("[data-chat-menu]").click()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="保存聊天记录").click()
    assert a_line in download.value.path().read_text(encoding="utf-8-sig")
    second = visitor.context.new_page()
    second.goto(visitor.url)
    open_chat(second)
    wait_for_line(second, a_line)
    say(second, "粘贴的长文。" * 434)  # 2,604 characters
    wait_for(lambda: [len(line) for line in lines_of(second)[-2:]] == [1998, 606])
    visitor.locator("[data-chat-menu]").click()
    visitor.locator("[data-chat-end]").click()
    visitor.locator(".chat").wait_for(state="hidden")
    second.locator(".chat__fault", has_text="已在别处结束").wait_for(timeout=20_000)
    assert not second.locator(".chat__link").is_visible()
    assert lines_of(second) == []
    second.close()
    wait_for(lambda: not visitor.context.cookies())
    visitor.reload()
    open_chat(visitor)
    assert lines_of(visitor) == []


def test_polling_brings_the_same_lines_where_no_stream_can_be(make_site, open_browser):
    site = fill_site(make_site("sqlite", CHAT_STREAMS=0))
    visitor, desk = start_conversation(site, open_browser)
    for number in range(3):
        answer(desk, f"轮询 {number}")
        say(visitor, f"回 {number}")
        wait_for_line(visitor, f"轮询 {number}", 20_000)
        wait_for_line(desk, f"回 {number}", 20_000)
    said = lines_of(visitor, ("轮询", "回"))
    assert sorted(said) == sorted({*said})
    assert len(said) == 6


def test_a_visitors_message_at_night_becomes_an_enquiry_that_is_answered(make_site, open_browser, screenshot):
    site = fill_site(make_site("sqlite"))
    site.shell(
        "from contact.models import SpecialDay; from django.utils import timezone; from datetime import timedelta\n"
        "for day in range(-1, 2): SpecialDay.objects.create(day=timezone.localdate() + timedelta(days=day), name='放假')"
    )
    visitor = open_browser(**PHONE)
    visitor.goto(f"{site.address}/news/1/")
    visitor.locator("[data-chat]").click()
    form = visitor.locator(".chat__form")
    form.wait_for()
    assert "下班" in visitor.locator(".chat__opening").inner_text()
    form.get_by_label("怎么称呼您").fill("王先生")
    form.get_by_label("电话").fill("1386010064")
    form.get_by_label("想了解什么").fill("半夜想到的：屋顶能装多少？")
    visitor.reload()  # in WeChat, one pull too many
    form.wait_for()
    assert form.get_by_label("怎么称呼您").input_value() == "王先生"
    assert form.get_by_label("想了解什么").input_value() == "半夜想到的：屋顶能装多少？"
    form.locator("[name=consent]").check()
    wait_until_form_is_old_enough(form)
    form.locator("[type=submit]").click()
    wait_for(lambda: "11 位数字，您填了 10 位" in form.locator("[data-fault=phone]").inner_text())
    assert visitor.evaluate("document.activeElement.name") == "phone"
    screenshot(visitor, "chat-night")
    form.get_by_label("电话").fill("138 6010 0641")
    form.locator("[type=submit]").click()
    visitor.locator(".chat__receipt").wait_for()
    receipt = visitor.locator(".chat__number").inner_text()
    assert re.fullmatch(r"\d{4}-\w{6}", receipt)
    assert visitor.context.cookies() == []  # a message form needs none

    staff = open_browser(**DESKTOP)
    log_in(staff, site, "xiaoli", then="/admin/contact/enquiry/")
    staff.get_by_role("link", name=receipt).click()
    assert "屋顶光伏怎么选" in staff.locator(".field-page").inner_text()
    assert "13860100641" in staff.locator(".field-phone").inner_text()
    staff.locator("#id_status").select_option("answered")
    staff.locator("#id_notes-0-text").fill("已回电，周五上门")
    staff.locator("[name=_save]").click()
    staff.locator("tr", has_text=receipt).get_by_text("已回复").wait_for()


def test_when_nobody_answers_the_words_go_into_the_message_form(make_site, open_browser):
    site = fill_site(make_site("sqlite"), answer_seconds=10)
    open_desk(open_browser, site)
    visitor = open_phone_with_chat(open_browser, site)
    assert visitor.locator(".chat__opening").inner_text() == "在线"
    agree_and_say(visitor, "第一句")
    wait_for_line(visitor, "第一句")
    assert not visitor.locator(".chat__offer").is_visible()
    visitor.locator("#chat-text").fill("还没发的")
    visitor.locator(".chat__offer").wait_for(timeout=25_000)
    visitor.locator(".chat__offer button").click()
    assert visitor.locator(".chat__form [name=text]").input_value() == "第一句\n还没发的"
    visitor.get_by_role("button", name="返回对话").first.click()
    assert visitor.locator("#chat-text").input_value() == "还没发的"


def test_without_scripts_the_button_leads_to_the_message_form(make_site, open_browser):
    site = fill_site(make_site("sqlite"))
    page = open_browser(**PHONE, java_script_enabled=False)
    page.goto(f"{site.address}/news/1/")
    page.locator(".contact-bar__item--chat a").click()
    page.wait_for_url("**/contact/#message")
    page.get_by_label("怎么称呼您").fill("李女士")
    page.get_by_label("电话").fill("1380")
    page.get_by_label("想了解什么").fill("没有脚本也能留言")
    page.locator("[name=consent]").check()
    wait_until_form_is_old_enough(page)
    page.get_by_role("button", name="提交").click()
    assert "11 位数字" in page.locator("main").inner_text()
    assert page.get_by_label("想了解什么").input_value() == "没有脚本也能留言"
    page.get_by_label("电话").fill("13860100641")
    page.locator("[name=consent]").check()
    wait_until_form_is_old_enough(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/contact/receipt/**")
    assert "回执号" in page.locator("main").inner_text()
