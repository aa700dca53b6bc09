"""What stands on a phone, on paper and in high contrast: nothing is pushed off, hidden or lost."""

import pytest

from tests.browser.devices import PHONE
from tests.browser.styles import computed_style
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

# A URL in the place of every text: of a fact, a title, a name. Tables scroll, and a carousel too.
LONG_TEXTS = """() => {
  const leaves = [...document.querySelectorAll("main *, footer *, .site-header *")].filter((element) =>
    !element.children.length && element.textContent.trim() &&
    !element.closest("svg, script, option, textarea, .table-scroll, .carousel, .visually-hidden, .site-nav, .menu-button, .button-row"));
  for (const leaf of leaves) leaf.textContent = "https://www.example.com/" + "a".repeat(200);
  for (const list of document.querySelectorAll(".article__facts")) {
    const fact = document.createElement("li");
    fact.textContent = "来源：https://www.example.com/" + "b".repeat(200);
    list.append(fact);
  }
  const screen = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((element) =>
    element.getBoundingClientRect().right > screen + 1 && !element.closest(".table-scroll *, .carousel__slides *, .visually-hidden"));
  return [leaves.length, wide.map((element) => element.className || element.tagName)];
}"""
COVERED = """() => {
  const focused = document.activeElement, bar = document.querySelector(".contact-bar");
  if (bar.contains(focused) || focused === document.body) return "";
  return focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1 ? focused.outerHTML.slice(0, 80) : "";
}"""


@pytest.mark.parametrize("scale", ["", "care"])
def test_a_url_in_any_place_stays_on_a_phones_screen(shared_site, open_browser, scale):
    page = open_browser(**{**PHONE, "viewport": {"width": 360, "height": 740}})
    for name in ("home", "list", "cards", "article", "tags", "archive", "found", "page", "contact", "404"):
        page.goto(shared_site.address + shared_site.pages[name])
        page.evaluate("(name) => name && document.documentElement.classList.add(name)", scale)
        changed, wide = page.evaluate(LONG_TEXTS)
        assert changed > 10, name
        assert wide == [], name


def test_the_focus_never_hides_behind_a_phones_bar(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    for _ in range(45):
        page.keyboard.press("Tab")
        wait_for(
            lambda: page.evaluate(COVERED) == "", 5, lambda: page.evaluate(COVERED)
        )  # it scrolls smoothly


def test_paper_gets_the_article_and_no_notice(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address + shared_site.pages["section"])
    page.evaluate(
        """document.querySelector("header").insertAdjacentHTML("beforeend", '<p class="notice">公告</p>')"""
    )
    page.emulate_media(media="print")
    for selector in (".notice", ".contact-bar", ".site-nav", ".site-footer"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("main .article-card").first.is_visible()


def test_high_contrast_shows_the_current_page_and_the_pressed_button(shared_site, open_browser):
    page = open_browser()
    page.emulate_media(forced_colors="active")
    page.goto(shared_site.address + shared_site.pages["home"])
    current, other = ".site-nav__link[aria-current]", ".site-nav__link:not([aria-current])"
    assert computed_style(page, current, "textDecorationLine") == "underline"
    assert computed_style(page, other, "textDecorationLine") == "none"
    page.goto(shared_site.address + shared_site.pages["article"])
    pressed, not_pressed = (
        '.button-row__button[aria-pressed="true"]',
        '.button-row__button[aria-pressed="false"]',
    )
    widths = [computed_style(page, selector, "borderBottomWidth") for selector in (pressed, not_pressed)]
    assert widths == ["3px", "1px"]
    assert computed_style(page, ".article__title", "textWrap") != "balance"  # it breaks Chinese inside words
