"""Staff write articles: type, paste, upload, save a draft, publish; and what they have typed is not lost."""

import re

import pytest

from tests.browser.article_form import (
    CLIPBOARD,
    body_html,
    drop_file,
    editor_frame,
    fill_site,
    log_in,
    open_editors_page,
    open_new_article,
    paste,
    png,
    wait_for_body,
)
from tests.browser.events import wait_for_events
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

TITLE = "美国总统气候特使克里访华，中美双方就合作气候变化深入交流"
# What Word puts on the clipboard: classes, fonts, comments, empty paragraphs.
WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font-family:宋体}</style></head><body>
<!--StartFragment--><h2 style="color:red">中美双方或将携手共赢</h2>
<p class=MsoNormal style="text-indent:24pt"><span style="font-family:宋体">近几年来，<b>中美双方</b>关系正处于低谷。</span><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table border=1><tr><td>年份</td><td>装机</td></tr><tr><td>2022</td><td>250 吉瓦</td></tr></table>
<p><img src="https://elsewhere.invalid/photo.jpg" alt="外面的图"></p><script>alert(1)</script><!--EndFragment--></body></html>
"""


def test_the_old_article_is_written_by_hand_and_read_by_a_visitor(
    make_site, open_browser, screenshot, tmp_path
):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site, permissions=CLIPBOARD)
    visitor = open_browser()
    page.get_by_role("link", name="文章", exact=True).first.click()
    page.get_by_role("link", name="增加 文章").last.click()
    editor_frame(page)
    page.get_by_label("标题", exact=False).first.fill(TITLE)
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    page.locator("#id_tag_line").type("光伏，碳中和、COP28；储能")
    page.fill("#id_initial_views", "428")
    type_a_paragraph_and_paste_from_word(page)
    add_a_picture_by_the_button(page, tmp_path / "solar.png", screenshot)
    add_a_picture_by_paste_and_one_by_drag(page)
    screenshot(page, "editor")
    url = save_as_a_draft(page, site)
    assert visitor.goto(url).status == 404
    assert TITLE not in visitor.goto(f"{site.address}/news/").text()
    publish(page)
    assert visitor.goto(url).status == 200
    article = visitor.locator("article")
    read_the_text(article)
    see_the_pictures(article)
    screenshot(visitor, "written-article", full_page=True)


def type_a_paragraph_and_paste_from_word(page):
    editor_frame(page).locator("body").click()
    page.keyboard.type("据生态环境部今天消息，经中美双方商定，约翰·克里于7月16日至19日访华。")
    page.keyboard.press("Enter")
    paste(page, "text/html", WORD.encode())
    wait_for_body(page, lambda html: "250 吉瓦" in html)
    page.get_by_text(re.compile("有 1 张外站图片")).first.wait_for()
    page.keyboard.press("Control+End")


def add_a_picture_by_the_button(page, file, screenshot):
    """With a caption and an alternative text."""
    file.write_bytes(png((200, 160, 40)))
    page.locator("a.cke_button__image").click()
    dialog = page.locator(".cke_dialog:visible")
    dialog.frame_locator("iframe").locator("input[type=file]").set_input_files(file)
    dialog.get_by_label("图片说明（显示在图片下面，可以不写）").fill("屋顶电站")
    dialog.get_by_label(re.compile("替代文字")).fill("一片屋顶上的光伏组件")
    screenshot(page, "editor-dialog")
    dialog.get_by_title("确定").click()
    dialog.wait_for(state="detached")
    wait_for_body(page, lambda html: html.count("<figure") == 1)


def add_a_picture_by_paste_and_one_by_drag(page):
    page.keyboard.press("ArrowRight")
    page.keyboard.type("图后面的一段。")
    paste(page, "image/png", png((40, 160, 90)))
    wait_for_body(page, lambda html: html.count("<figure") == 2)
    drop_file(page, "wind.png", "image/png", png((40, 90, 200)))
    wait_for_body(page, lambda html: html.count("<figure") == 3)
    assert body_html(page).count('src="/media/pictures/') == 3


def save_as_a_draft(page, site):
    """The URL of the article for visitors."""
    page.get_by_role("button", name="保存并继续编辑").first.click()
    page.locator(".messagelist .success").wait_for()
    pk = re.search(r"/article/(\d+)/change/", page.url)[1]
    return f"{site.address}/news/{pk}/"


def publish(page):
    page.get_by_label("状态").select_option(label="发布")
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.wait_for_url("**/admin/news/article/")


def read_the_text(article):
    """Clean: nothing of Word's is left."""
    assert article.locator("h1").inner_text() == TITLE
    assert article.locator("h2").all_inner_texts() == ["中美双方或将携手共赢"]
    assert article.locator("td").all_inner_texts() == ["年份", "装机", "2022", "250 吉瓦"]
    assert article.locator("strong").all_inner_texts() == ["中美双方"]
    assert set(article.locator(".tag").all_inner_texts()) == {"光伏", "碳中和", "COP28", "储能"}
    assert int(article.locator(".views__number").inner_text()) == 428
    html = article.locator(".rich-text").inner_html()
    assert not re.search(r"style=|class=\"Mso|<script|<o:p|宋体", html)
    assert "<p>&nbsp;</p>" not in html
    assert "<p></p>" not in html


def see_the_pictures(article):
    assert article.locator("figcaption").all_inner_texts() == ["屋顶电站"]
    assert article.get_by_text("外站图片：外面的图").count() == 1
    images = article.locator("figure img")
    for image in images.all():
        image.scroll_into_view_if_needed()
        # Which of the renditions is the browser's choice; that one came is ours.
        wait_for(lambda image=image: image.evaluate("(image) => image.naturalWidth") > 0)
    widths = images.evaluate_all("all => all.map((each) => each.getAttribute('width'))")
    assert widths == ["640"] * 3
    assert images.first.get_attribute("alt") == "一片屋顶上的光伏组件"


def test_a_file_that_is_no_picture_is_refused_in_words(make_site, open_browser):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site)
    frame = open_new_article(page, site)
    frame.locator("body").click()
    page.keyboard.type("正文")
    drop_file(page, "fake.png", "image/png", b"<script>alert(1)</script>")
    page.get_by_text("这不是能用的图片").first.wait_for()
    assert page.locator(".cke_notification_message").count() == 1  # and none of success
    assert "<img" not in body_html(page)
    assert "正文" in body_html(page)
    page.evaluate("window.onbeforeunload = null")


def test_the_browser_refuses_too_large_a_file_before_it_is_sent(make_site, open_browser, tmp_path):
    """The server's refusal would replace the form, and the tags that were typed would be gone."""
    site = fill_site(make_site())
    page, said = open_editors_page(open_browser, site), []
    open_new_article(page, site)
    page.get_by_label("标题", exact=False).first.fill("大文件")
    page.locator("#id_tag_line").fill("光伏")
    file = tmp_path / "large.jpg"
    with open(file, "wb") as large:
        large.truncate(40 * 1024 * 1024)
    page.locator("#id_cover").set_input_files(file)
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.accept())
    page.get_by_role("button", name="保存并继续编辑").first.click()
    wait_for_events(page, lambda: said)
    assert "超过 31 MB" in said[0]
    assert page.locator("#id_tag_line").input_value() == "光伏"
    assert site.shell("from news.models import Article; print(Article.objects.count())") == "0"


def test_a_refused_form_keeps_the_files_that_were_chosen(make_site, open_browser, tmp_path):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site)
    frame = open_new_article(page, site)
    frame.locator("body").click()
    page.keyboard.type("text")
    file = tmp_path / "cover.png"
    file.write_bytes(png((200, 160, 40)))
    page.locator("#id_cover").set_input_files(file)
    page.locator("#id_source_url").fill("https://")
    page.evaluate("document.querySelector('#news_article_form, #article_form').noValidate = true")
    page.get_by_role("button", name="保存并继续编辑").first.click()
    page.locator(".errornote").wait_for()
    assert page.locator(".field-title .errorlist").count() == 1
    page.get_by_label("标题", exact=False).first.fill("有封面")
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    page.locator("#id_source_url").fill("")
    page.get_by_role("button", name="保存并继续编辑").first.click()
    page.locator(".messagelist .success").wait_for()
    assert site.shell(
        "from news.models import Article; a = Article.objects.get(); print(bool(a.cover), a.body)"
    ) == ("True <p>text</p>")


def test_leaving_with_unsaved_text_asks_first(make_site, open_browser):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_new_article(page, site)
    page.goto(f"{site.address}/admin/")
    assert asked == []
    frame = open_new_article(page, site)
    frame.locator("body").click()
    page.keyboard.type("还没有保存的一段话")
    page.goto(f"{site.address}/admin/")
    assert asked == ["beforeunload"]


def test_an_expired_login_loses_nothing(make_site, open_browser):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site)
    frame = open_new_article(page, site)
    page.get_by_label("标题", exact=False).first.fill("登录过期以后")
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    frame.locator("body").click()
    page.keyboard.type("写了很久的正文")
    site.shell("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="保存", exact=True).first.click()
    wait_for_events(page, lambda: told)
    assert "登录已过期" in told[0]
    other = page.context.new_page()
    log_in(other, site)
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()
    assert (
        site.shell("from news.models import Article; print(Article.objects.get().body)")
        == "<p>写了很久的正文</p>"
    )


def test_no_failed_save_loses_a_word(make_site, open_browser):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site)
    open_browser.expected.append("Failed to load resource: net::ERR_FAILED")
    told, held = [], []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.accept()))
    save = page.get_by_role("button", name="保存并继续编辑").first
    frame = open_new_article(page, site)
    page.get_by_label("标题", exact=False).first.fill("保存失败以后")
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    frame.locator("body").click()
    page.keyboard.type("a")
    for answer in (lambda route: route.fulfill(status=503), lambda route: route.abort()):
        page.route("**/article/add/", answer, times=1)
        save.click()
        wait_for_events(page, lambda: told)
        assert re.search("还没有保存：网站出了错（503）|不知道有没有保存", told.pop())
        frame.locator("body").press("End")
        page.keyboard.type("b")
    page.route("**/password_change/", lambda route: held.append(route), times=1)
    save.click()
    wait_for_events(page, lambda: held)
    frame.locator("body").press("End")
    page.keyboard.type("c")
    held[0].continue_()
    page.locator(".messagelist .success").wait_for()
    assert site.shell("from news.models import Article; print(Article.objects.get().body)") == "<p>abbc</p>"

    editor_frame(page).locator("body").press("End")
    page.keyboard.type("d")
    site.shell("from news.models import Article; Article.objects.get().delete()")
    save.click()
    page.get_by_text("删除了").first.wait_for()
    assert "abbcd" in body_html(page)
    save.click()
    page.locator(".messagelist .success").wait_for()
    assert (
        site.shell("from news.models import Article; a = Article.objects.get(); print(a.title, a.body)")
        == "保存失败以后 <p>abbcd</p>"
    )

    pk = site.shell("from news.models import Tag; print(Tag.objects.create(name='储能').pk)")
    page.goto(f"{site.address}/admin/news/tag/{pk}/change/")
    page.fill("#id_name", "储能系统")
    site.shell("from news.models import Tag; Tag.objects.all().delete()")
    told.clear()
    save.click()
    wait_for_events(page, lambda: told)
    assert "已经被别人删除了" in told[0]
    assert page.locator("#id_name").input_value() == "储能系统"
