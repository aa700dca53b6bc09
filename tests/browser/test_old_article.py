"""The old site's saved page, imported and read by a visitor on a phone and on a desktop."""

import re
import shutil

import pytest

from tests.browser.devices import DESKTOP, PHONE
from tests.servers import ROOT, Site, wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

PAGE = ROOT / "tests" / "data" / "old-site-article.txt"
TITLE = "美国总统气候特使克里访华，中美双方就合作气候变化深入交流"
HEADINGS = [
    "中美双方或将携手共赢",
    "中国稳步推进绿色低碳发展，加快能源转型",
    "我国坚定推进双碳战略",
    "“双碳”对贯彻落实“三新一高”具有重要意义",
]


@pytest.fixture(scope="module")
def imported(demo_site, tmp_path_factory):
    """The files of the demo site after the import."""
    data_dir = tmp_path_factory.mktemp("imported") / "site"
    shutil.copytree(demo_site.data_dir, data_dir)
    Site(data_dir, "").manage("import_articles", "--publish", str(PAGE))
    return data_dir


@pytest.fixture
def site(imported, tmp_path):
    shutil.copytree(imported, tmp_path / "site")
    site = Site(tmp_path / "site", "").start()
    yield site
    site.kill()


def address_of_old_article(site):
    return site.address + site.shell(
        "from news.models import Article; print(Article.objects.get(title__startswith='美国总统').get_absolute_url())"
    )


def half_width(text):
    return text.replace("，", ",")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_old_page_lives_on(site, open_browser, screenshot, device):
    page = open_browser(**device)
    address = address_of_old_article(site)
    page.goto(address)
    article = page.locator("article")

    # What every page has.
    assert page.locator(".greeting").inner_text().startswith("您好，欢迎访问新能绿源能源科技集团有限公司")
    assert page.locator(".breadcrumb").inner_text().split()[0] == "首页"
    assert "行业资讯" in page.locator(".breadcrumb").inner_text()
    assert page.locator(".site-footer").get_by_role("link", name="闽ICP备00000000号-1").count() == 1

    # What the old page had.
    assert article.locator(".article__section").inner_text() == "行业资讯"
    assert half_width(article.locator("h1").inner_text()) == half_width(TITLE)
    time = article.locator("time").first
    assert time.inner_text() == "2023-07-18"
    assert time.get_attribute("datetime").startswith("2023-07-18T")
    assert "人气：428" in article.locator(".article__facts").inner_text()
    headings = article.locator(".rich-text h2, .rich-text h3").all_inner_texts()
    assert list(map(half_width, headings)) == list(map(half_width, HEADINGS))
    body = article.locator(".rich-text").inner_text()
    assert "据生态环境部今天消息" in body
    assert "中华民族伟大复兴的重要一环" in body
    for leftover in ["欢迎访问", "在线客服", "13860100641", "返回顶部", "标签", "发布时间", "人气"]:
        assert leftover not in body
    assert article.locator(".rich-text p").count() == 14
    assert "下一篇" in page.locator(".neighbours").inner_text()
    screenshot(page, f"old-article-{page.viewport_size['width']}", full_page=True)

    # The bar.
    bar = page.locator(".contact-bar")
    labels = (
        ["客服", "电话", "微信", "顶部"]
        if device is PHONE
        else ["在线客服", "服务热线", "微信咨询", "返回顶部"]
    )
    page.evaluate("window.scrollTo(0, 1500)")
    bar.get_by_text(labels[-1]).locator("visible=true").first.wait_for()  # at the top it would lead nowhere
    assert [
        re.sub(r"\s", "", text) for text in bar.locator(".contact-bar__button").all_inner_texts()
    ] == labels
    assert bar.locator("a[href='tel:13860100641']").count() >= 1
    assert bar.locator("img").count() == 1

    # A reader, and the number rises by one; HeadlessChrome is none.
    open_browser(user_agent="Mozilla/5.0 (Linux; Android 9) MicroMessenger/8.0").goto(address)
    first = 428 + 1

    def views():
        page.reload()
        return int(article.locator(".views__number").inner_text()) == first

    wait_for(views, 10, lambda: article.locator(".views__number").inner_text())


def test_without_scripts_and_styles_the_text_is_all_there(site, open_browser):
    page = open_browser(java_script_enabled=False)
    page.route("**/*.css", lambda route: route.fulfill(content_type="text/css", body=""))
    page.goto(address_of_old_article(site))
    text = page.locator("body").inner_text()
    for part in [
        "您好，欢迎访问",
        "首页",
        "2023-07-18",
        "428",
        "在线客服",
        "13860100641",
        "微信咨询",
        "返回顶部",
    ]:
        assert part in text


def test_the_bar_covers_no_text_on_a_phone_and_shows_the_code(site, open_browser, screenshot):
    page = open_browser(**PHONE)
    page.goto(address_of_old_article(site))
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator(".site-footer__legal > *").last.bounding_box()
    bar = page.locator(".contact-bar").bounding_box()
    assert last["y"] + last["height"] <= bar["y"]
    assert bar["width"] * bar["height"] < 0.1 * 360 * 740
    code = page.locator(".contact-bar img")
    assert not code.is_visible()
    page.locator(".contact-bar__button", has_text="微信咨询").tap()
    code.wait_for(state="visible")
    wait_for(lambda: code.evaluate("(image) => image.naturalWidth") >= 300)
    assert code.evaluate("(image) => image.getBoundingClientRect().width") >= 160
    screenshot(page, "phone-wechat")
    page.locator(".contact-bar__close").first.tap()
    code.wait_for(state="hidden")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_page_is_wider_than_the_screen(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 740})
    for name, path in shared_site.pages.items():
        page.goto(shared_site.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_navigation_opens_by_keyboard_on_a_desktop_and_by_touch_on_a_phone(shared_site, open_browser):
    desktop = open_browser()
    desktop.goto(shared_site.address)
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.textContent") == "跳到正文"
    desktop.get_by_role("link", name="新闻中心", exact=True).focus()
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.textContent") == "公司新闻"
    assert desktop.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/news/company/")
    phone = open_browser(**PHONE)
    phone.goto(shared_site.address)
    link = phone.get_by_role("link", name="工程案例", exact=True).first
    assert not link.is_visible()
    phone.locator(".menu-button").tap()
    link.tap()
    phone.wait_for_url("**/news/cases/")
