"""Ten thousand hostile strings, wherever a visitor can write one: no script of theirs runs on either side."""

import itertools
import json

import pytest

from tests.browser.chat import fill_site, open_desk, own_chats, say, take_first_waiting, waiting_chats
from tests.browser.devices import DESKTOP
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

COUNT = 10_000
CALL = "window.hacked=1"
SHELLS = [
    "<script>{}</script>", "<img src=x onerror={}>", '"><svg onload={}>', "'><body onload={}>", "javascript:{}",
    '<a href="javascript:{}">x</a>', "<iframe srcdoc='<script>parent.{}</script>'>", "</textarea><script>{}</script>",
    "</script><script>{}</script>", "<!--><script>{}</script>-->", "{{{{constructor.constructor('{}')()}}}}", "${{{}}}",
    "<math><mtext></p><style><img src onerror={}>", "<details open ontoggle={}>", "<input autofocus onfocus={}>",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e", "&lt;img src=x onerror={}&gt;", "data:text/html,<script>{}</script>",
    "<style>@import 'javascript:{}'</style>", "<object data='javascript:{}'>", "\u2028{}\u2029", "\x00<script>{}</script>",
    "event: update\ndata: {}\n\n", "\r\nSet-Cookie: x={}", "=cmd|' /C {}'!A0", "%3Cscript%3E{}%3C/script%3E",
]  # fmt: skip
TWISTS = ["{}", "\u202e{}", "{}\ufeff", "<b>{}</b>", "{} ' \" ` \\", "光伏{}储能", "😀{}", "\t{}\n"]


def hostile_strings():
    made = (twist.replace("{}", shell.format(CALL)) for shell, twist in itertools.product(SHELLS, TWISTS))
    return [
        f"{text}{number}" for number, text in zip(range(COUNT), itertools.cycle(list(made)), strict=False)
    ]


# As they are stored: past every check at the door, so that what is tested is what is shown.
STORE = """
import json
from contact.chat.browser_input import clean_text
from contact.chat.locked_conversation import save
from contact.models import ChatFile, Conversation, Message, Visitor
texts = json.load(open({path!r}))
conversation = Conversation.objects.get()
files = ChatFile.objects.bulk_create(
    ChatFile(conversation=conversation, name=text[:120], content_type="application/pdf", size=1) for text in texts[:500])
clean = [clean_text(text) for text in texts]
first = conversation.last_sequence + 1
Message.objects.bulk_create(Message(conversation=conversation, sequence=number, kind=("visitor", "staff")[number % 2], text=text,
    author_name=text[:60], file=files[number - first] if number - first < len(files) else None) for number, text in enumerate(clean, first))
Visitor.objects.update(name=texts[1][:30], user_agent=texts[2][:300])
conversation.last_sequence = first + len(clean) - 1
conversation.page_title, conversation.referrer = texts[3][:200], texts[4][:500]
conversation.page_url = texts[8][:500]
conversation.pages = [{{"url": text, "title": text}} for text in texts[:300]]
save(conversation)
# One waiting conversation for each of so many names and titles, in the lists of the desk.
for number in range(100):
    visitor = Visitor.objects.create(token_hash=str(number), name=texts[number * 7][:30], user_agent=texts[number], consent_version=1)
    Conversation.objects.create(visitor=visitor, page_title=texts[number * 11][:200], referrer=texts[number * 13][:500])
"""


def test_no_hostile_string_runs_on_either_side(make_site, open_browser, tmp_path):
    site = fill_site(make_site("sqlite", CHAT_MESSAGES_PER_MINUTE=1000))
    path = tmp_path / "texts.json"
    path.write_text(json.dumps(hostile_strings()))
    visitor = open_browser(**DESKTOP)
    visitor.goto(f"{site.address}/news/1/")
    visitor.locator("[data-chat]").click()
    visitor.locator("[name=agree]").check()
    # By the front door, too: as a message, a title, a name.
    visitor.locator("#chat-name").fill(hostile_strings()[0][:30])
    visitor.evaluate("document.title = '</title><script>window.hacked=1</script>'")
    for text in hostile_strings()[: len(SHELLS)]:
        say(visitor, text)
    wait_for(lambda: visitor.locator(".chat__mark", has_text="已送达").count() >= len(SHELLS) - 1)
    desk = open_desk(open_browser, site)
    take_first_waiting(desk)
    own_chats(desk).wait_for()

    site.shell(STORE.format(path=str(path)))
    wait_for(lambda: visitor.locator(".chat__lines li").count() > COUNT, 60)
    desk.reload()
    own_chats(desk).click()
    desk.locator(".thread__lines li").first.wait_for()
    assert waiting_chats(desk).count() == 100
    for number in range(0, 100, 10):
        waiting_chats(desk).nth(number).click()
        desk.locator(".thread__name").wait_for()
    own_chats(desk).click()
    older = desk.locator("[data-older]")
    shown = 200
    while shown < COUNT:
        older.click()
        wait_for(lambda shown=shown: desk.locator(".thread__lines li").count() > shown, 20)
        shown = desk.locator(".thread__lines li").count()
    assert desk.locator("[data-about=pages] li").count() == 300
    for page in (visitor, desk):
        assert page.evaluate("window.hacked") is None
        scripts = page.evaluate(
            "[...document.scripts].filter((script) => !script.src && !script.type.includes('json')).length"
        )
        inside = ".chat__lines" if page is visitor else ".thread__lines"
        assert scripts == 0
        assert (
            page.locator(
                f"{inside} script, {inside} iframe, {inside} svg, {inside} object, {inside} b"
            ).count()
            == 0
        )
        hrefs = page.evaluate("[...document.links].map((link) => link.protocol)")
        assert set(hrefs) <= {"http:", "https:", "tel:", "mailto:"}
