"""What scripts are to a page: one request more, names that say so with DEBUG=1, and nothing that an old WebView would miss."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.browser.chat import agree_and_say, fill_site, open_chat, open_desk, wait_for_line, waiting_chats
from tests.browser.devices import PHONE

pytestmark = [pytest.mark.server, pytest.mark.browser]

TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def scripts_asked(page):
    """The paths of the scripts that the page asks for from now on."""
    paths = []
    page.on(
        "request",
        lambda request: (
            paths.append(urlsplit(request.url).path) if request.resource_type == "script" else None
        ),
    )
    return paths


def as_in_an_old_webview(page):
    """Let the page's browser know no modules: it takes their <script> for data."""

    def without_modules(route):
        response = route.fetch()
        html = response.text()
        assert 'type="module"' in html
        route.fulfill(response=response, body=html.replace('type="module"', 'type="unknown"'))

    page.route(lambda url: not re.search(r"/(static|media)/", url), without_modules)


def test_a_page_asks_for_one_script_and_for_more_when_it_is_used(shared_site, open_browser):
    page = open_browser(**PHONE)
    asked = scripts_asked(page)
    page.goto(shared_site.address + shared_site.pages["article"], wait_until="networkidle")
    assert [re.sub(r"\.\w{12}\.", ".", path) for path in asked] == ["/static/js/site.js"]
    page.locator("a.zoom").first.tap()
    page.locator(".lightbox").wait_for()
    assert re.fullmatch(r"/static/js/site/lightbox\.\w{12}\.js", asked[1])
    assert len(asked) == 2


def test_an_old_webview_without_modules_keeps_the_message_form(shared_site, open_browser):
    page = open_browser(**PHONE)
    as_in_an_old_webview(page)
    asked = scripts_asked(page)
    page.goto(shared_site.address + shared_site.pages["article"])
    assert page.locator("[data-text-size]:visible, [data-copy]:visible").count() == 0
    page.locator(".contact-bar__item--chat a").click()
    page.wait_for_url("**/contact/#message")
    assert page.get_by_label("想了解什么").is_visible()
    assert asked == []


@pytest.mark.parametrize("fault", ["too new", "missing"])
def test_a_browser_that_cannot_load_the_chat_is_led_to_the_message_form(shared_site, open_browser, fault):
    open_browser.expected.append("Failed to load resource: net::ERR_FAILED")
    page = open_browser(**PHONE)

    def answer(route):
        if fault == "missing":
            route.abort()
        else:
            route.fulfill(
                content_type="text/javascript", body="export function openChat() { syntax of 2040 }"
            )

    page.route("**/js/chat/*.js", answer)
    page.goto(shared_site.address + shared_site.pages["article"])
    page.locator("[data-chat]").click()
    page.wait_for_url("**/contact/#message")


def test_with_debug_the_sources_are_served_by_their_own_names(make_site, open_browser):
    site = fill_site(make_site("sqlite", DEBUG=1))
    visitor = open_browser(**PHONE)
    asked = scripts_asked(visitor)
    visitor.goto(f"{site.address}/news/1/")
    open_chat(visitor)
    agree_and_say(visitor, "没有构建也能用")
    desk = open_desk(open_browser, site)
    waiting_chats(desk).click()
    wait_for_line(desk, "没有构建也能用")
    sources = Path(settings.BASE_DIR)
    assert {"/static/js/site.js", "/static/js/site/text-size.js", "/static/js/chat/outbox.js"} <= {*asked}
    assert all((sources / path.lstrip("/")).exists() for path in asked)


def test_no_top_level_name_is_one_of_the_browsers_own(shared_site, open_browser):
    """Joined into one file, it would hide that of the browser from the other modules."""
    names = {
        name
        for path in (Path(settings.BASE_DIR) / "static" / "js").rglob("*.js")
        for name in TOP_LEVEL.findall(path.read_text())
    }
    assert len(names) > 100
    page = open_browser()
    page.goto(shared_site.address)
    assert page.evaluate("(names) => names.filter((name) => name in window)", sorted(names)) == []
