"""Ways of visitors through the demo site: from page to page, in the dark, in large print, in English, without scripts."""

import re

import pytest

from tests.browser.devices import DESKTOP, PHONE
from tests.browser.styles import brightness, font_size

pytestmark = [pytest.mark.server, pytest.mark.browser]


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_visitor_goes_from_the_home_page_through_the_whole_site(shared_site, open_browser, device):
    page = open_browser(**device)
    page.goto(shared_site.address)
    if device is PHONE:
        page.locator(".menu-button").tap()
    page.locator(".site-nav").get_by_role("link", name="行业资讯").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/news/industry/")
    page.locator(".article-card__title a").first.click()
    page.wait_for_url(re.compile(r"/news/\d+/$"))
    title = page.locator("h1").inner_text()
    tag = page.locator(".article__tags .tag").first
    name = tag.inner_text()
    tag.click()
    page.wait_for_url("**/news/tags/*/")
    assert name in page.locator("h1").inner_text()
    assert page.get_by_role("link", name=title).count() >= 1

    page.locator("#header-search").fill("光伏")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert "光伏" in page.locator("main mark").first.inner_text()
    page.locator(".article-card__title a").first.click()
    page.wait_for_url(re.compile(r"/news/\d+/$"))
    first = page.url
    there, back = ("prev", "next") if page.locator(".neighbours a[rel=prev]").count() else ("next", "prev")
    page.locator(f".neighbours a[rel={there}]").click()
    page.wait_for_url(lambda url: url != first)
    page.locator(f".neighbours a[rel={back}]").click()
    page.wait_for_url(first)

    page.get_by_role("link", name="联系我们").last.click()
    page.wait_for_url("**/contact/")
    assert page.locator("main a[href='tel:13860100641']").count() >= 1
    assert page.locator("main .codes img:visible").count() == 1


def test_the_page_follows_the_system_into_the_dark(shared_site, open_browser):
    page = open_browser(color_scheme="dark")
    page.goto(shared_site.address + shared_site.pages["article"])
    assert brightness(page, "body") < 40
    assert brightness(page, "h1", "color") > 200
    page.emulate_media(color_scheme="light")
    assert brightness(page, "body") > 230
    assert brightness(page, "h1", "color") < 60


def test_the_care_version_is_remembered_and_left_again(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    size = font_size(page, ".rich-text p")
    page.get_by_role("button", name="关怀版").tap()
    page.get_by_role("button", name="退出关怀版").wait_for()
    assert page.url == shared_site.address + shared_site.pages["article"]  # the same page, as it looks now
    assert font_size(page, ".rich-text p") >= 1.2 * size
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(shared_site.address)
    page.get_by_role("button", name="退出关怀版").tap()
    page.get_by_role("button", name="关怀版", exact=True).wait_for()


def test_the_interface_speaks_english_and_the_article_stays_as_it_is(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address + shared_site.pages["article"])
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="中文").wait_for()
    assert page.locator("h1").inner_text() == shared_site.facts["title"]
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Home" in page.locator(".breadcrumb").inner_text()


def test_without_scripts_everything_is_in_reach(shared_site, open_browser):
    page = open_browser(**PHONE, java_script_enabled=False)
    page.goto(shared_site.address)
    slides = page.locator(".carousel__slide")
    assert slides.count() >= 2
    slides.last.scroll_into_view_if_needed()
    assert 0 <= slides.last.bounding_box()["x"] < 60
    page.locator(".menu-button").tap()
    page.locator(".site-nav").get_by_role("link", name="行业资讯").tap()
    page.wait_for_url("**/news/industry/")
    page.locator(".contact-bar__item--wechat a").first.tap()
    assert page.locator(".contact-bar img:visible").count() == 1
    page.locator(".contact-bar__close").tap()
    assert page.locator(".contact-bar img:visible").count() == 0
    page.locator("#header-search").fill("储能")
    page.locator(".search-form__button").first.tap()
    page.wait_for_url("**/search/?q=*")
    assert page.locator("main mark").count() >= 1
    page.get_by_role("button", name="关怀版").tap()
    page.get_by_role("button", name="退出关怀版").wait_for()
    assert "q=" in page.url

    page.goto(shared_site.address + shared_site.pages["article"])
    assert (
        page.locator("[data-text-size]:visible, [data-copy]:visible").count() == 0
    )  # nothing that would not work
    page.locator(".contents a").last.tap()
    assert "#s-" in page.url
    assert page.locator("a.zoom").first.get_attribute("href").startswith("/media/")
    page.goto(shared_site.address + "/contact/")
    assert page.locator("main .codes img:visible").count() == 1
    desktop = open_browser(java_script_enabled=False)
    desktop.goto(shared_site.address + shared_site.pages["article"])
    desktop.locator(".share__code summary").click()
    assert desktop.locator(".share__code img").is_visible()
