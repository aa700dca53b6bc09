"""What visitors do, on the demo site that gunicorn serves: read, look for, ask, choose how it looks; by hand and by keyboard."""

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

WALK = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])


def color(page, selector, name="background-color"):
    return page.eval_on_selector(selector, f"(element) => getComputedStyle(element)['{name}']")


def brightness(css_color):
    return sum(map(int, re.findall(r"\d+", css_color)[:3])) / 3


@WALK
def test_from_the_home_page_through_the_site(shared_site, open_browser, device):
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


def test_the_bar_on_a_phone(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=shared_site.address)
    page.goto(shared_site.address + shared_site.pages["article"])
    items = page.locator(".contact-bar__item")
    left = {item.inner_text().strip(): item.bounding_box()["x"] for item in items.all()}
    assert sorted(left, key=left.get) == ["电话", "微信", "客服", "顶部"]
    box = page.locator(".contact-bar").bounding_box()
    assert box["y"] + box["height"] == 740
    assert box["width"] * box["height"] < 0.1 * 360 * 740
    for button in page.locator(".contact-bar__button").all():
        assert button.bounding_box()["height"] >= 44

    wechat = page.locator(".contact-bar__item--wechat .contact-bar__button")
    before = page.url
    wechat.tap()
    assert wechat.get_attribute("aria-expanded") == "true"
    assert page.url == before
    assert page.locator(".contact-bar img:visible").count() == 1
    copy = page.locator(".contact-bar [data-copy]:visible").first
    copy.tap()
    wait_for(lambda: "已复制" in copy.inner_text())
    assert page.evaluate("navigator.clipboard.readText()") == copy.get_attribute("data-copy")
    page.touchscreen.tap(180, 100)  # beside the panel
    assert page.locator(".contact-bar img:visible").count() == 0

    page.evaluate("scrollTo(0, 1500)")
    page.locator(".contact-bar__item--top a").tap()
    wait_for(lambda: page.evaluate("scrollY") == 0)


def test_the_bar_covers_under_a_tenth_of_a_desktop_and_shows_one_code(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address)
    box = page.locator(".contact-bar").bounding_box()
    assert box["x"] > 1300
    assert box["width"] * box["height"] < 0.1 * 1440 * 900
    page.locator(".contact-bar__item--wechat").hover()
    assert page.locator(".contact-bar img:visible").count() == 1
    page.locator(".contact-bar__item--phone").hover()
    assert page.locator(".contact-bar img:visible").count() == 0
    assert page.locator(".contact-bar__number").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".contact-bar__number").first.is_visible()


@pytest.mark.parametrize("width", [1000, 1024, 1180, 1280, 1366])
def test_the_bar_covers_nothing_of_a_page_beside_it(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    for name in ["home", "section", "article", "found", "contact"]:
        page.goto(shared_site.address + shared_site.pages[name])
        furthest = page.evaluate(
            """() => Math.max(...[...document.querySelectorAll("main *")]
                .filter((e) => !e.closest(".carousel__slides, .table-scroll *"))
                .map((e) => e.getBoundingClientRect().right))"""
        )
        assert furthest <= page.locator(".contact-bar").bounding_box()["x"], name


@pytest.mark.parametrize("width", [1000, 1200, 1280, 1359, 1360, 1440])
def test_the_contents_stand_above_or_beside_the_text(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    page.goto(shared_site.address + shared_site.pages["article"])
    contents = page.locator(".contents__box").bounding_box()
    for part in (".article__title", ".rich-text p"):
        box = page.locator(part).first.bounding_box()
        is_beside = contents["x"] + contents["width"] <= box["x"]
        is_apart = contents["y"] + contents["height"] <= box["y"] or box["y"] + box["height"] <= contents["y"]
        assert is_beside or is_apart, part


@pytest.mark.parametrize("width", [600, 1440])
def test_the_text_size_stands_below_a_title_of_the_whole_width(shared_site, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    page.goto(shared_site.address + shared_site.pages["article"])
    page.evaluate(
        """() => {
            document.querySelector(".article__title").textContent = "长".repeat(200);
            document.querySelectorAll(".article__facts li:not(:first-child)").forEach((item) => item.remove());
        }"""
    )
    title = page.locator(".article__title").bounding_box()
    assert title["y"] + title["height"] <= page.locator(".article__tools .button-row").bounding_box()["y"]


def test_a_phone_on_its_side_shows_the_whole_code(shared_site, open_browser):
    page = open_browser(**{**PHONE, "viewport": {"width": 740, "height": 360}})
    page.goto(shared_site.address)
    page.locator(".contact-bar__item--wechat .contact-bar__button").tap()
    code = page.locator(".contact-bar img:visible").bounding_box()
    panel = page.locator(".contact-bar__panel.is-open").bounding_box()
    assert panel["y"] >= 0
    assert panel["y"] <= code["y"]
    assert code["y"] + code["height"] <= page.locator(".contact-bar__list").bounding_box()["y"]
    assert code["width"] >= 120


def test_escape_puts_the_menu_away(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address)
    above = page.get_by_role("link", name="新闻中心", exact=True)
    above.focus()
    page.keyboard.press("Tab")
    entry = "document.activeElement.getBoundingClientRect().left"
    assert page.evaluate(entry) >= 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent.trim()") == "新闻中心"
    inner = page.locator(".site-nav__entries a").first
    assert inner.bounding_box()["x"] < 0
    page.locator("#header-search").focus()
    above.focus()
    assert inner.bounding_box()["x"] >= 0
    phone = open_browser(**PHONE)
    phone.goto(shared_site.address)
    phone.locator(".menu-button").tap()
    assert phone.locator(".site-nav").is_visible()
    phone.keyboard.press("Escape")
    assert not phone.locator(".site-nav").is_visible()


def test_the_page_follows_the_system_into_the_dark(shared_site, open_browser):
    page = open_browser(color_scheme="dark")
    page.goto(shared_site.address + shared_site.pages["article"])
    assert brightness(color(page, "body")) < 40
    assert brightness(color(page, "h1", "color")) > 200
    page.emulate_media(color_scheme="light")
    assert brightness(color(page, "body")) > 230
    assert brightness(color(page, "h1", "color")) < 60


def test_care_is_remembered_and_left_again(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    size = float(color(page, ".rich-text p", "font-size")[:-2])
    page.get_by_role("button", name="关怀版").tap()
    page.get_by_role("button", name="退出关怀版").wait_for()
    assert page.url == shared_site.address + shared_site.pages["article"]  # the same page, as it looks now
    assert float(color(page, ".rich-text p", "font-size")[:-2]) >= 1.2 * size
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


def test_an_article_on_paper_is_the_article(shared_site, open_browser):
    page = open_browser(color_scheme="dark")
    page.goto(shared_site.address + shared_site.pages["article"])
    page.emulate_media(media="print", color_scheme="dark")
    for gone in [
        ".site-nav",
        ".contact-bar",
        ".article__tools",
        ".contents",
        ".share",
        ".related",
        ".greeting",
    ]:
        assert page.locator(f"{gone}:visible").count() == 0, gone
    for kept in ["h1", ".article__facts", ".rich-text figure img", ".rich-text table"]:
        assert page.locator(f"{kept}:visible").count() >= 1, kept
    address = page.evaluate("getComputedStyle(document.querySelector('.article__column'), '::after').content")
    assert address == f'"{shared_site.address}{shared_site.pages["article"]}"'
    assert brightness(color(page, "body")) == 255
    assert brightness(color(page, "h1", "color")) < 60
    table = page.locator(".rich-text table").last.bounding_box()
    assert table["width"] <= page.locator(".rich-text").bounding_box()["width"]  # paper does not scroll


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


def test_an_article_weighs_little(shared_site, open_browser):
    page = open_browser(**PHONE)
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(shared_site.address + shared_site.pages["article"], wait_until="networkidle")
    sizes = {
        request.url: request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]
        for request in requests
        if "/media/" not in request.url
    }
    print(sizes)
    assert len(sizes) <= 8
    assert sum(sizes.values()) <= 40 * 1024
    assert any(url.endswith(".css") for url in sizes)
    assert any(url.endswith(".js") for url in sizes)


def test_every_page_by_keyboard_alone(shared_site, open_browser):
    """Tab goes to all that can be used, in sight and with a mark around it, and gets out of everything."""
    page = open_browser(reduced_motion="reduce")
    for name in ["home", "section", "article", "found", "contact"]:
        page.goto(shared_site.address + shared_site.pages[name])
        wanted = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((e) =>
                e.tabIndex >= 0 && e.type !== "hidden" && e.getClientRects().length &&
                !(e.type === "radio" && !e.checked)).length"""
        )
        met = 0
        for _ in range(wanted + 40):
            page.keyboard.press("Tab")
            state = page.evaluate(
                """() => {
                    const e = document.activeElement;
                    if (e === document.body || e.dataset.met === "1") return null;
                    e.dataset.met = "1";
                    const box = e.getBoundingClientRect();
                    let style = getComputedStyle(e);
                    const label = e.labels && e.labels[0];
                    if (e.classList.contains("visually-hidden") && label) style = getComputedStyle(label);
                    return { html: e.outerHTML.slice(0, 120), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                        inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
                }"""
            )
            if state is None:
                break
            met += 1
            assert state["outline"] and state["inSight"], (name, state)
        assert met >= wanted, (name, met, wanted)


def test_the_lightbox_by_keyboard(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address + shared_site.pages["article"])
    links = page.locator("a.zoom")
    assert links.count() == 2
    links.first.focus()
    page.keyboard.press("Enter")
    picture = page.locator(".lightbox__picture")
    picture.wait_for()
    first = picture.get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert picture.get_attribute("src") != first
    page.keyboard.press("ArrowRight")
    assert picture.get_attribute("src") == first
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.lightbox')")
    page.keyboard.press("Escape")
    assert picture.count() == 0
    assert page.evaluate("document.activeElement.matches('a.zoom')")


def test_the_text_size_is_remembered(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    size = float(color(page, ".rich-text p", "font-size")[:-2])
    page.get_by_role("button", name="A+").tap()
    assert float(color(page, ".rich-text p", "font-size")[:-2]) > size
    page.reload()
    assert float(color(page, ".rich-text p", "font-size")[:-2]) > size
    assert page.get_by_role("button", name="A+").get_attribute("aria-pressed") == "true"


def test_the_contents_lead_to_the_headings(shared_site, open_browser):
    page = open_browser(**PHONE)
    page.goto(shared_site.address + shared_site.pages["article"])
    page.locator(".contents a", has_text="一览表").tap()
    heading = page.locator(".rich-text h2", has_text="一览表")
    wait_for(lambda: 0 <= heading.bounding_box()["y"] < 120)
    table = page.locator(".table-scroll").last
    table.focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: table.evaluate("(box) => box.scrollLeft") > 0)


def test_the_carousel_by_keyboard_by_touch_and_at_rest(shared_site, open_browser):
    page = open_browser()
    page.goto(shared_site.address)
    row = page.locator(".carousel__slides")
    at = "(row) => Math.round(row.scrollLeft / row.clientWidth)"
    row.focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: row.evaluate(at) == 1)
    page.get_by_role("button", name="上一张").click()
    wait_for(lambda: row.evaluate(at) == 0)
    assert page.get_by_role("button", name="继续播放").count() == 1  # who takes it in hand stops it

    moving = open_browser()
    moving.goto(shared_site.address)
    assert moving.get_by_role("button", name="暂停播放").count() == 1
    wait_for(lambda: moving.locator(".carousel__slides").evaluate(at) == 1, 10)
    still = open_browser(reduced_motion="reduce")
    still.goto(shared_site.address)
    assert still.get_by_role("button", name="继续播放").count() == 1
