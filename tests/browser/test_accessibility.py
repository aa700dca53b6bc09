"""axe finds nothing on any kind of page, in any of the dresses that a visitor can see it in."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.server, pytest.mark.browser]

# Rules whose answer depends on colours and sizes; the others are asked once.
LOOK = {"runOnly": ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]}


def violations(page, options=None, context=None):
    """[(rule, pieces of HTML)]; `context` is a selector where only a part of the page is ours."""
    # Within the test: the package is for development only.
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}, **(options or {})}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(shared_site, open_browser, device):
    page = open_browser(**device)
    found = {}
    for name, address in shared_site.pages.items():
        page.emulate_media(color_scheme="light")
        page.goto(shared_site.address + address)
        found[name, "light"] = violations(page)
        page.emulate_media(color_scheme="dark")
        found[name, "dark"] = violations(page, LOOK)
    page.goto(shared_site.address)
    page.get_by_role("button", name="关怀版").click()
    page.get_by_role("button", name="退出关怀版").wait_for()
    for name, address in shared_site.pages.items():
        page.goto(shared_site.address + address)
        found[name, "care dark"] = violations(page, LOOK)
        page.emulate_media(color_scheme="light")
        found[name, "care light"] = violations(page, LOOK)
        page.emulate_media(color_scheme="dark")
    assert {where: what for where, what in found.items() if what} == {}
