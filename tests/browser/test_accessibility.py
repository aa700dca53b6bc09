"""axe finds nothing on any kind of page, in any of the dresses that a visitor can see it in."""

import pytest

from tests.browser.axe import violations
from tests.browser.devices import DESKTOP, PHONE

pytestmark = [pytest.mark.server, pytest.mark.browser]

# Rules whose answer depends on colours and sizes; the others are asked once.
LOOK = {"runOnly": ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]}


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
