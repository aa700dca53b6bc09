"""A visitor in the chat's panel and an agent at the desk: what they do, and what they wait for."""

import json

from django.core import signing

from contact.enquiries.forms import MIN_SECONDS
from tests.browser.devices import DESKTOP, PHONE
from tests.servers import wait_until

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
# Complaints of Chromium that tests cause on purpose, for `open_browser.expected`.
OFFLINE = "Failed to load resource: net::ERR_"
REFUSED = "Failed to load resource: the server responded with a status of 403"


def fill_site(site, **rules):
    """Two articles, a hotline, two agents; `rules` are fields of ContactSettings."""
    site.shell(
        FILL
        + (
            f"from contact.models import ContactSettings; ContactSettings(**{rules!r}).save()"
            if rules
            else ""
        )
    )
    return site


def log_in(page, site, name, then="/admin/chat/"):
    page.goto(f"{site.address}/admin/login/?next={then}")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill("secret-words-1")
    page.locator("[type=submit]").click()


def wait_until_connected(desk):
    desk.locator(".desk__link", has_text="已连接").wait_for()


def open_desk(open_browser, site, name="xiaoli"):
    """The desk of an agent who has logged in, and who says yes to every question."""
    desk = open_browser(**DESKTOP)
    log_in(desk, site, name)
    wait_until_connected(desk)
    desk.on("dialog", lambda dialog: dialog.accept())
    return desk


def open_chat(page):
    page.locator("[data-chat]").click()
    page.locator(".chat__composer").wait_for()


def open_phone_with_chat(open_browser, site, path="/news/1/"):
    """A new visitor on a phone, who has opened the panel."""
    visitor = open_browser(**PHONE)
    visitor.goto(f"{site.address}{path}")
    open_chat(visitor)
    return visitor


def say(visitor, text):
    visitor.locator("#chat-text").fill(text)
    visitor.locator("#chat-text").press("Enter")


def agree_and_say(visitor, text):
    visitor.locator("[name=agree]").check()
    say(visitor, text)


def answer(desk, text):
    desk.locator("#desk-text").fill(text)
    desk.locator("#desk-text").press("Enter")


def wait_for_line(page, text, timeout=10_000):
    """In the panel or at the desk."""
    page.locator(".chat__bubble, .thread__bubble").get_by_text(text, exact=True).first.wait_for(
        timeout=timeout
    )


def lines_of(page, beginning=""):
    """The lines in the panel or at the desk that begin so."""
    texts = page.locator(".chat__lines .chat__words, .thread__lines .thread__bubble").all_inner_texts()
    return [text for text in texts if text.startswith(beginning)]


def waiting_chats(desk):
    return desk.locator("[data-list=waiting] .desk__entry")


def own_chats(desk):
    return desk.locator("[data-list=mine] .desk__entry")


def take_first_waiting(desk):
    waiting_chats(desk).first.click()
    desk.locator("[data-verb=take]").click()


def start_conversation(site, open_browser):
    """A visitor and the agent who has taken the conversation after its first line."""
    desk = open_desk(open_browser, site)
    visitor = open_phone_with_chat(open_browser, site)
    agree_and_say(visitor, "请问屋顶光伏怎么收费？")
    take_first_waiting(desk)
    wait_for_line(visitor, "客服小李 为您服务。")
    return visitor, desk


def cut_line(page):
    page.context.set_offline(True)
    # The page learns it before the network does, on a busy machine: a line sent between the two would still arrive.
    page.wait_for_function("!navigator.onLine && fetch('/healthz').then(() => false, () => true)")


def mend_line(page):
    page.context.set_offline(False)


def stored_lines(site):
    """Kind and text of every line."""
    return site.shell(
        "from contact.models import Message; print(*(f'{m.kind} {m.text}' for m in Message.objects.order_by('sequence')), sep='\\n')"
    ).split("\n")


def sequence_numbers(site):
    """Of the lines of the only conversation."""
    numbers = site.shell(
        "from contact.models import Message; print(*Message.objects.order_by('sequence').values_list('sequence', flat=True))"
    )
    return [int(number) for number in numbers.split()]


def wait_until_form_is_old_enough(form):
    """The message form refuses whoever sends it sooner than a person could: its stamp says when it was made."""
    stamp = form.locator("[name=stamp]").input_value()
    made_at = json.loads(signing.b64_decode(stamp.split(":")[0].encode()))
    wait_until(made_at + MIN_SECONDS)
