"""A visitor on a phone and agents on desktops, in real browsers, through whatever happens to lines and people."""

import re
import time
from itertools import pairwise

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import violations
from tests.factories import make_picture_file
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

FILL = """
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from contact.models import Agent, CannedReply, Channel, Label
from greenenergy.models import Section, SiteSettings
from news.models import Article
SiteSettings(company_name="新能绿源").save()
section = Section.objects.create(name="行业资讯", slug="industry")
for title in ("屋顶光伏怎么选", "储能电站并网"):
    Article.objects.create(title=title, section=section, status="published", published_at=timezone.now(), body="<p>正文。</p>" * 30)
Channel.objects.create(kind="hotline", value="400-123-4567")
CannedReply.objects.create(shortcut="热线", text="{访客}，请拨打 {热线}，我是{客服}。")
Label.objects.create(name="询价")
for name, shown in (("xiaoli", "客服小李"), ("xiaowang", "客服小王")):
    user = User.objects.create_user(name, password="secret-words-1", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="contact"))
    Agent.objects.create(user=user, display_name=shown)
"""
OFFLINE = "Failed to load resource: net::ERR_"
REFUSED = "Failed to load resource: the server responded with a status of 403"
ALL_LINES = "from contact.models import Message; print([f'{m.kind} {m.text}' for m in Message.objects.all()])"


def fill(site, **rules):
    site.shell(
        FILL
        + (
            f"from contact.models import ContactSettings; ContactSettings(**{rules!r}).save()"
            if rules
            else ""
        )
    )
    return site


def log_in(open_browser, site, name):
    page = open_browser(**DESKTOP)
    page.goto(f"{site.address}/admin/login/?next=/admin/chat/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill("secret-words-1")
    page.locator("[type=submit]").click()
    page.locator(".desk__link", has_text="已连接").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def open_chat(page):
    page.locator("[data-chat]").click()
    page.locator(".chat__composer").wait_for()


def say(page, text):
    page.locator("#chat-text").fill(text)
    page.locator("#chat-text").press("Enter")


def answer(desk, text):
    desk.locator("#desk-text").fill(text)
    desk.locator("#desk-text").press("Enter")


def sees(page, text, timeout=10_000):
    page.locator(".chat__bubble, .thread__bubble").get_by_text(text, exact=True).first.wait_for(
        timeout=timeout
    )


def lines(page):
    return page.locator(".chat__lines .chat__words, .thread__lines .thread__bubble").all_inner_texts()


def first_line(site, open_browser, path, text):
    """A new visitor on a phone, who has agreed and written that."""
    visitor = open_browser(**PHONE)
    visitor.goto(f"{site.address}{path}")
    open_chat(visitor)
    visitor.locator("[name=agree]").check()
    say(visitor, text)
    return visitor


def begin(site, open_browser, name="xiaoli"):
    """An agent at the desk and a visitor whose first line the agent has taken."""
    desk = log_in(open_browser, site, name)
    visitor = first_line(site, open_browser, "/news/1/", "请问屋顶光伏怎么收费？")
    desk.locator("[data-list=waiting] .desk__entry").click()
    desk.locator("[data-verb=take]").click()
    sees(visitor, "客服小李 为您服务。")
    return visitor, desk


def test_nothing_of_the_chat_before_it_is_opened_and_little_then(make_site, open_browser):
    site = fill(make_site("sqlite"))
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


def test_a_talk_through_cuts_reload_sleep_transfer_close_and_rating(make_site, open_browser, screenshot):
    site = fill(make_site("postgresql"))
    open_browser.expected.append(OFFLINE)
    visitor, desk = begin(site, open_browser)
    assert "储能" not in desk.locator("[data-about=page]").inner_text()
    assert "屋顶光伏怎么选" in desk.locator("[data-about=page]").inner_text()

    # To and fro: typing is seen on both sides, read marks come, canned replies are filled in.
    visitor.locator("#chat-text").press_sequentially("大概一百")
    desk.locator(".thread__typing", has_text="大概一百").wait_for()
    visitor.locator("#chat-text").fill("")
    desk.locator("#desk-text").press_sequentially("/热")
    desk.locator("#desk-text").press("Enter")
    visitor.locator(".chat__typing", has_text="正在输入").wait_for()
    desk.locator("#desk-text").press("Enter")
    name = desk.locator(".thread__name").inner_text()
    sees(visitor, f"{name}，请拨打 400-123-4567，我是客服小李。")
    visitor.locator(".chat__mark", has_text="已读").wait_for()
    desk.locator(".thread__mark", has_text="已读").wait_for()

    # A picture, shown to both.
    picture = make_picture_file("屋顶.png", size=(600, 400))
    visitor.locator(".chat [type=file]").set_input_files(
        {"name": "屋顶.png", "mimeType": "image/png", "buffer": picture.read()}
    )
    desk.locator(".thread__bubble img").wait_for()
    wait_for(lambda: desk.eval_on_selector(".thread__bubble img", "(image) => image.naturalWidth") == 600)
    screenshot(visitor, "chat-visitor")
    screenshot(desk, "chat-desk")

    # The line is cut: what was typed stays, goes out once and in order, and what was missed comes in.
    visitor.context.set_offline(True)
    wait_for(lambda: not visitor.evaluate("navigator.onLine"))
    say(visitor, "断线时第一句")
    say(visitor, "断线时第二句")
    visitor.locator(".chat__link", has_text="网络断开").wait_for()
    assert visitor.locator(".chat__mark", has_text="发送中").count() == 2
    answer(desk, "断线时的回答")
    sees(desk, "断线时的回答")
    visitor.context.set_offline(False)
    sees(visitor, "断线时的回答", 20_000)
    sees(desk, "断线时第二句", 20_000)
    visitor.locator(".chat__link").wait_for(state="hidden")
    assert [line for line in lines(desk) if line.startswith("断线时")] == [
        "断线时的回答",
        "断线时第一句",
        "断线时第二句",
    ]
    assert [line for line in lines(visitor) if line.startswith("断线时")] == [
        "断线时的回答",
        "断线时第一句",
        "断线时第二句",
    ]

    # The agent's line is cut, too.
    desk.context.set_offline(True)
    answer(desk, "客服断线时说的")
    visitor.wait_for_timeout(500)
    desk.context.set_offline(False)
    sees(visitor, "客服断线时说的", 20_000)

    # The server is restarted under both.
    site.terminate()
    say(visitor, "重启时说的")
    site.start()
    sees(desk, "重启时说的", 30_000)
    answer(desk, "回来了")
    sees(visitor, "回来了", 30_000)

    # Reload, another page, a second tab: the same thread; a draft is still there.
    visitor.locator("#chat-text").fill("还没写完")
    before = lines(visitor)
    visitor.reload()
    sees(visitor, "回来了")
    assert lines(visitor) == before
    assert visitor.locator("#chat-text").input_value() == "还没写完"
    visitor.locator("#chat-text").fill("")
    second = visitor.context.new_page()
    second.goto(f"{site.address}/news/2/")
    open_chat(second)
    sees(second, "回来了")
    say(second, "第二个标签页里说的")
    sees(visitor, "第二个标签页里说的")
    sees(desk, "第二个标签页里说的")
    wait_for(lambda: "储能电站并网" in desk.locator("[data-about=page]").inner_text())
    second.close()

    # The phone sleeps and wakes.
    session = visitor.context.new_cdp_session(visitor)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    answer(desk, "睡着时说的")
    sees(desk, "睡着时说的")
    session.send("Page.setWebLifecycleState", {"state": "active"})
    sees(visitor, "睡着时说的", 20_000)

    # Transfer with a note that the visitor never sees.
    other = log_in(open_browser, site, "xiaowang")
    desk.locator("[data-transfer]").click()
    desk.locator(".thread__transfer option", has_text="客服小王").wait_for(state="attached")
    desk.locator(".thread__transfer [name=note]").fill("老客户，给九折")
    desk.locator(".thread__transfer [type=submit]").click()
    sees(visitor, "已为您转接，客服小王 为您服务。")
    other.locator("[data-list=mine] .desk__entry").click()
    sees(other, "老客户，给九折")
    answer(other, "您好，我是小王")
    sees(visitor, "您好，我是小王")
    assert "老客户，给九折" not in visitor.content()
    assert desk.locator("[data-list=mine] .desk__entry").count() == 0

    # Close, rating, reopening by writing again.
    other.locator("[data-verb=close]").click()
    sees(visitor, "对话已结束，谢谢您的咨询。")
    visitor.locator(".chat__rating [value='5']").check()
    visitor.locator(".chat__rating [name=comment]").fill("很快")
    visitor.locator(".chat__rating [type=submit]").click()
    visitor.locator(".chat__rating").wait_for(state="hidden")
    other.reload()
    other.locator(".desk__search [type=submit]").click()
    other.locator(".desk__found .desk__entry").first.click()
    wait_for(lambda: "★★★★★ 很快" in other.locator("[data-about=rating]").inner_text())
    numbers = site.shell(
        "from contact.models import Message; print(*Message.objects.order_by('sequence').values_list('sequence', flat=True))"
    )
    assert numbers.split() == [str(number) for number in range(1, len(numbers.split()) + 1)]

    # The transcript, and the end of it all on this phone.
    visitor.on("dialog", lambda dialog: dialog.accept())
    visitor.locator("[data-chat-menu]").click()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="保存聊天记录").click()
    assert "断线时第二句" in download.value.path().read_text(encoding="utf-8-sig")
    visitor.locator("[data-chat-menu]").click()
    visitor.locator("[data-chat-end]").click()
    visitor.locator(".chat").wait_for(state="hidden")
    wait_for(lambda: not visitor.context.cookies())
    visitor.reload()
    open_chat(visitor)
    assert lines(visitor) == []


def test_a_visitors_night_becomes_a_lead_that_is_answered(make_site, open_browser, screenshot):
    site = fill(make_site("sqlite"))
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
    form.locator("[name=consent]").check()
    time.sleep(2)  # the form looks at the clock
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
    staff.goto(f"{site.address}/admin/login/?next=/admin/contact/enquiry/")
    staff.locator("#id_username").fill("xiaoli")
    staff.locator("#id_password").fill("secret-words-1")
    staff.locator("[type=submit]").click()
    staff.get_by_role("link", name=receipt).click()
    assert "屋顶光伏怎么选" in staff.locator(".field-page").inner_text()
    assert "13860100641" in staff.locator(".field-phone").inner_text()
    staff.locator("#id_status").select_option("answered")
    staff.locator("#id_notes-0-text").fill("已回电，周五上门")
    staff.locator("[name=_save]").click()
    staff.locator("tr", has_text=receipt).get_by_text("已回复").wait_for()


def test_when_nobody_answers_the_words_go_into_the_form(make_site, open_browser):
    site = fill(make_site("sqlite"), answer_seconds=10)
    log_in(open_browser, site, "xiaoli")
    visitor = open_browser(**PHONE)
    visitor.goto(f"{site.address}/news/1/")
    open_chat(visitor)
    assert visitor.locator(".chat__opening").inner_text() == "在线"
    visitor.locator("[name=agree]").check()
    say(visitor, "第一句")
    sees(visitor, "第一句")
    assert not visitor.locator(".chat__offer").is_visible()
    visitor.locator("#chat-text").fill("还没发的")
    visitor.locator(".chat__offer").wait_for(timeout=25_000)
    visitor.locator(".chat__offer button").click()
    assert visitor.locator(".chat__form [name=text]").input_value() == "第一句\n还没发的"
    visitor.get_by_role("button", name="返回对话").first.click()
    assert visitor.locator("#chat-text").input_value() == "还没发的"


def test_an_agents_day(make_site, open_browser, screenshot):
    """Five chats at once, unread numbers that survive a reload, stepping away, labels, search, a lost colleague."""
    site = fill(make_site("sqlite"))
    desk = log_in(open_browser, site, "xiaoli")
    visitors = []
    for number in range(3):
        visitor = open_browser(**PHONE)
        visitor.goto(f"{site.address}/news/1/")
        open_chat(visitor)
        visitor.locator("[name=agree]").check()
        visitor.locator("#chat-name").fill(f"客人{number}")
        say(visitor, f"问题 {number}")
        sees(visitor, f"问题 {number}")
        visitors.append(visitor)
    wait_for(lambda: desk.locator("[data-list=waiting] .desk__entry").count() == 3)
    assert desk.title().startswith("(3)")
    for number in range(3):
        desk.locator("[data-list=waiting] .desk__entry", has_text=f"客人{number}").click()
        desk.locator(".thread__name", has_text=f"客人{number}").wait_for()
        desk.locator("[data-verb=take]").click()
        desk.locator("[data-list=mine] .desk__entry", has_text=f"客人{number}").wait_for()
    desk.locator("#desk-text").fill("给客人2的草稿")
    say(visitors[0], "还有一个问题")
    row = desk.locator("[data-list=mine] .desk__entry", has_text="客人0")
    wait_for(
        lambda: row.locator(".desk__unread").count() and row.locator(".desk__unread").inner_text() == "1"
    )
    desk.reload()
    wait_for(
        lambda: row.locator(".desk__unread").count() and row.locator(".desk__unread").inner_text() == "1"
    )
    row.click()
    wait_for(lambda: row.locator(".desk__unread").count() == 0)
    visitors[0].locator(".chat__mark", has_text="已读").nth(1).wait_for()
    desk.locator("[data-list=mine] .desk__entry", has_text="客人2").click()
    wait_for(lambda: desk.locator("#desk-text").input_value() == "给客人2的草稿")
    desk.locator("#desk-text").press("Enter")
    sees(visitors[2], "给客人2的草稿")

    desk.get_by_label("询价").check()
    desk.locator("[value=note]").check()
    answer(desk, "要跟进")
    sees(desk, "要跟进")
    desk.reload()
    desk.locator("[data-list=mine] .desk__entry", has_text="客人2").click()
    sees(desk, "要跟进")
    assert desk.get_by_label("询价").is_checked()
    screenshot(desk, "chat-desk-day")

    desk.locator("[data-away]").click()
    late = open_browser(**PHONE)
    late.goto(f"{site.address}/news/1/")
    open_chat(late)
    assert "不在" in late.locator(".chat__opening").inner_text()
    desk.locator("[data-away]").click()

    desk.locator("#desk-q").fill("还有一个")
    desk.locator("#desk-q").press("Enter")
    assert "客人0" in desk.locator(".desk__found .desk__entry").inner_text()
    desk.locator("#desk-q").fill("没有这句")
    desk.locator("#desk-q").press("Enter")
    desk.locator(".desk__found", has_text="没有找到").wait_for()

    # The log-in ends: said clearly, and nothing typed is lost.
    desk.locator("#desk-text").fill("登录失效时写的")
    site.shell("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    desk.locator("#desk-text").press("Enter")
    desk.locator(".desk__fault", has_text="登录已失效").wait_for()
    sees(desk, "登录失效时写的")


def test_without_scripts_the_button_leads_to_the_form(make_site, open_browser):
    site = fill(make_site("sqlite"))
    page = open_browser(**PHONE, java_script_enabled=False)
    page.goto(f"{site.address}/news/1/")
    page.locator(".contact-bar__item--chat a").click()
    page.wait_for_url("**/contact/#message")
    page.get_by_label("怎么称呼您").fill("李女士")
    page.get_by_label("电话").fill("1380")
    page.get_by_label("想了解什么").fill("没有脚本也能留言")
    page.locator("[name=consent]").check()
    time.sleep(2)
    page.get_by_role("button", name="提交").click()
    assert "11 位数字" in page.locator("main").inner_text()
    assert page.get_by_label("想了解什么").input_value() == "没有脚本也能留言"
    page.get_by_label("电话").fill("13860100641")
    page.locator("[name=consent]").check()
    time.sleep(2)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/contact/receipt/**")
    assert "回执号" in page.locator("main").inner_text()


def test_polling_says_the_same_where_no_stream_can_be(make_site, open_browser):
    site = fill(make_site("sqlite", CHAT_STREAMS=0))
    visitor, desk = begin(site, open_browser)
    for number in range(3):
        answer(desk, f"轮询 {number}")
        say(visitor, f"回 {number}")
        sees(visitor, f"轮询 {number}", 20_000)
        sees(desk, f"回 {number}", 20_000)
    said = [line for line in lines(visitor) if line.startswith(("轮询", "回"))]
    assert sorted(said) == sorted({*said})
    assert len(said) == 6


def test_the_panel_by_keyboard_and_within_a_small_phone(make_site, open_browser):
    site = fill(make_site("sqlite"))
    page = open_browser(**{**PHONE, "viewport": {"width": 320, "height": 480}})
    page.goto(f"{site.address}/news/1/")
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
    sees(page, "键盘打的")
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
    site = fill(make_site("sqlite"))
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
    page.wait_for_timeout(500)
    assert not panel.is_visible()
    open_chat(page)
    page.goto(f"{site.address}/news/2/")
    page.wait_for_timeout(500)
    assert not panel.is_visible()


def test_an_agent_who_is_busy_stays_at_the_desk(make_site, open_browser):
    """A beat comes only where nothing else does: the desk has to say that it is there all the same."""
    site = fill(make_site("sqlite"))
    visitor, desk = begin(site, open_browser)
    signs = []
    desk.on("request", lambda request: signs.append(time.monotonic()) if "presence" in request.url else None)
    begun = time.monotonic()
    for number in range(14):
        say(visitor, f"第 {number} 句")
        desk.wait_for_timeout(2000)
    moments = [begun, *signs, time.monotonic()]
    assert max(later - earlier for earlier, later in pairwise(moments)) < 20


def test_a_reply_never_goes_to_the_visitor_who_was_open_before(make_site, open_browser):
    site = fill(make_site("sqlite"))
    open_browser.expected.append(OFFLINE)
    _first, desk = begin(site, open_browser)
    first_line(site, open_browser, "/news/2/", "储能怎么并网？")
    desk.locator("[data-list=waiting] .desk__entry").wait_for()
    desk.context.set_offline(True)
    wait_for(lambda: not desk.evaluate("navigator.onLine"))
    desk.locator("[data-list=waiting] .desk__entry").click()
    desk.keyboard.type("给第二位的回答")
    desk.keyboard.press("Enter")
    desk.locator(".desk__fault", has_text="网络断开了").wait_for()
    desk.context.set_offline(False)
    desk.locator(".desk__fault").wait_for(state="hidden", timeout=30_000)
    assert "给第二位的回答" not in site.shell(ALL_LINES)


def test_after_a_new_login_elsewhere_the_desk_goes_on(make_site, open_browser):
    site = fill(make_site("sqlite"))
    open_browser.expected.append(REFUSED)
    visitor, desk = begin(site, open_browser)
    desk.context.clear_cookies()
    answer(desk, "登录失效时说的")
    desk.locator(".desk__fault", has_text="登录已失效").wait_for()
    again = desk.context.new_page()
    again.goto(f"{site.address}/admin/login/?next=/admin/chat/")
    again.locator("#id_username").fill("xiaoli")
    again.locator("#id_password").fill("secret-words-1")
    again.locator("[type=submit]").click()
    again.locator(".desk__link", has_text="已连接").wait_for()
    again.close()
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    sees(visitor, "登录失效时说的", 20_000)
    answer(desk, "又在了")
    sees(visitor, "又在了")
    assert not desk.locator(".desk__fault").is_visible()


def test_an_answer_that_is_being_written_never_becomes_a_note_by_itself(make_site, open_browser):
    """The conversation is taken away meanwhile: the agent is told, and the text stays."""
    site = fill(make_site("sqlite"))
    _visitor, desk = begin(site, open_browser)
    desk.locator("#desk-text").fill("正在写的回答")
    site.shell("from contact import chat; from contact.models import Agent; "
               "chat.release(Agent.objects.get(user__username='xiaoli').user, 1)")  # fmt: skip
    desk.locator(".desk__fault", has_text="现在不由您接待").wait_for()
    desk.locator("#desk-text").press("Enter")
    desk.wait_for_timeout(500)
    assert desk.locator("#desk-text").input_value() == "正在写的回答"
    assert "正在写的回答" not in site.shell(ALL_LINES)
    desk.locator("[data-verb=take]").click()
    wait_for(lambda: desk.locator("[name=kind][value=staff]").is_enabled())
    desk.locator("#desk-text").press("Enter")
    wait_for(lambda: "staff 正在写的回答" in site.shell(ALL_LINES))


def test_what_is_typed_while_a_take_is_on_its_way_is_an_answer_and_no_note(make_site, open_browser):
    site = fill(make_site("sqlite"))
    desk, visitor = log_in(open_browser, site, "xiaoli"), open_browser(**PHONE)
    visitor.goto(f"{site.address}/news/1/")
    open_chat(visitor)
    visitor.locator("[name=agree]").check()
    say(visitor, "请问屋顶光伏怎么收费？")
    desk.locator("[data-list=waiting] .desk__entry").click()
    held = []
    desk.route("**/take/", lambda route: held.append(route))
    desk.locator("[data-verb=take]").click()
    answer(desk, "您好")
    wait_for(lambda: held or desk.wait_for_timeout(50))
    desk.wait_for_timeout(300)
    assert desk.locator(".thread__line--note").count() == 0
    held[0].continue_()
    sees(visitor, "您好")
    assert lines(desk)[-1] == "您好"


def test_the_desk_does_not_sound_before_the_first_click_in_its_tab(make_site, open_browser):
    """A restored tab has had none: a browser refuses the sound, and complains."""
    site = fill(make_site("sqlite"))
    desk = log_in(open_browser, site, "xiaoli")
    # What drives the browser counts as a click, so the test says itself whether there was one.
    desk.add_init_script("""
        window.sounds = 0;
        window.activation = {hasBeenActive: false};
        Object.defineProperty(navigator, "userActivation", {get: () => window.activation});
        window.AudioContext = class { constructor() { window.sounds += 1; } };
    """)
    desk.reload()
    desk.locator(".desk__link", has_text="已连接").wait_for()
    for is_active in (False, True):
        desk.evaluate(f"window.activation.hasBeenActive = {str(is_active).lower()}")
        visitor = open_browser(**PHONE)
        visitor.goto(f"{site.address}/news/1/")
        open_chat(visitor)
        visitor.locator("[name=agree]").check()
        say(visitor, "有人吗？")
        wait_for(lambda: desk.locator("[data-list=waiting] .desk__entry").count() == 1 + is_active)  # noqa: B023
        desk.wait_for_timeout(300)
        assert desk.evaluate("window.sounds") == is_active


def test_axe_finds_nothing_in_the_panel_and_at_the_desk(make_site, open_browser):
    site = fill(make_site("sqlite"))
    visitor, desk = begin(site, open_browser)
    answer(desk, "您好")
    sees(visitor, "您好")
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
