"""An agent goes to another conversation while something is still meant for the one before."""

import re

import pytest

from tests.browser.chat import (
    agree_and_say,
    fill_site,
    lines_of,
    open_desk,
    open_phone_with_chat,
    wait_for_line,
)
from tests.browser.events import wait_for_events
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

LABELS = """
from contact.models import Conversation
print([[label.name for label in conversation.labels.all()] for conversation in Conversation.objects.order_by("pk")])
"""
MORE_THAN_A_PAGE_OF_NOTES = """
import uuid
from contact import chat
from contact.chat import limits
from contact.models import Agent
user = Agent.objects.get(user__username="xiaoli").user
for number in range(limits.LINES_OF_A_THREAD + 5):
    chat.note(user, 1, uuid.uuid4(), f"备注 {number}")
"""


@pytest.fixture
def site(make_site):
    site = fill_site(make_site("sqlite"))
    site.shell("from contact.models import Label; Label.objects.create(name='投诉')")
    return site


@pytest.fixture
def desk(site, open_browser):
    """A desk with two conversations that wait, the first of them opened."""
    agree_and_say(open_phone_with_chat(open_browser, site), "屋顶光伏怎么收费？")
    desk = open_desk(open_browser, site)
    desk.locator("[data-chat='1']").click()
    wait_for_line(desk, "屋顶光伏怎么收费？")
    agree_and_say(open_phone_with_chat(open_browser, site, "/news/2/"), "储能怎么并网？")
    desk.locator("[data-chat='2']").wait_for()
    return desk


def test_a_label_is_set_on_the_conversation_that_it_is_shown_for(site, desk):
    desk.get_by_label("询价").check()
    wait_for(lambda: "[['询价'], []]" in site.shell(LABELS))
    # As a click on a notification does: what has the focus keeps it.
    desk.locator("[data-chat='2']").evaluate("(entry) => entry.click()")
    wait_for_line(desk, "储能怎么并网？")
    desk.get_by_label("投诉").check()
    wait_for(lambda: "投诉" in site.shell(LABELS))
    assert "[['询价'], ['投诉']]" in site.shell(LABELS)


def test_a_label_that_was_ticked_just_before_stays_with_its_conversation(site, desk):
    """The next conversation is asked for, and not there yet."""
    held = []
    desk.route(re.compile(r"/chat/2/$"), lambda route: held.append(route))
    desk.locator("[data-chat='2']").evaluate("(entry) => entry.click()")
    wait_for_events(desk, lambda: held)
    desk.get_by_label("询价").check()
    held[0].continue_()
    wait_for_line(desk, "储能怎么并网？")
    wait_for(lambda: "询价" in site.shell(LABELS))
    assert "[['询价'], []]" in site.shell(LABELS)
    assert not desk.get_by_label("询价").is_checked()


def test_older_lines_come_into_no_other_conversation(site, desk):
    site.shell(MORE_THAN_A_PAGE_OF_NOTES)
    older = desk.locator("[data-older]")
    desk.locator("[data-chat='1']").click()
    held = []
    desk.route(re.compile(r"/chat/1/\?before="), lambda route: held.append(route))
    older.click()
    wait_for_events(desk, lambda: held)
    desk.locator("[data-chat='2']").click()
    wait_for_line(desk, "储能怎么并网？")
    with desk.expect_response(re.compile(r"/chat/1/\?before=")) as answer:
        held[0].continue_()
    assert "屋顶光伏怎么收费？" in answer.value.text()
    desk.evaluate("fetch(location.href).then((answer) => answer.text())")  # the page has had its turn
    assert lines_of(desk) == ["储能怎么并网？"]
