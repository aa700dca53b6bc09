"""The old site's article, written by hand: log in, type, paste, upload, save a draft, publish, read it as a visitor."""

import base64
import io
import re

import pytest
from PIL import Image

from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

TITLE = "美国总统气候特使克里访华，中美双方就合作气候变化深入交流"
PREPARE = (
    "from django.contrib.auth.models import User; from greenenergy.models import *; "
    "SiteSettings(company_name='新能绿源能源科技集团有限公司').save(); Section.objects.create(name='行业资讯', slug='industry'); "
    "User.objects.create_superuser('editor', password='Green-Energy-1')"
)
# What Word puts on the clipboard: classes, fonts, comments, empty paragraphs.
WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font-family:宋体}</style></head><body>
<!--StartFragment--><h2 style="color:red">中美双方或将携手共赢</h2>
<p class=MsoNormal style="text-indent:24pt"><span style="font-family:宋体">近几年来，<b>中美双方</b>关系正处于低谷。</span><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table border=1><tr><td>年份</td><td>装机</td></tr><tr><td>2022</td><td>250 吉瓦</td></tr></table>
<p><img src="https://elsewhere.invalid/photo.jpg" alt="外面的图"></p><script>alert(1)</script><!--EndFragment--></body></html>
"""


def picture(color, size=(640, 400)):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def log_in(page, site):
    page.goto(f"{site.address}/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "Green-Energy-1")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="首页").wait_for()


def editor_frame(page):
    frame = page.frame_locator("iframe.cke_wysiwyg_frame")
    frame.locator("body[contenteditable=true]").wait_for()
    return frame


def body_html(page):
    return page.evaluate("CKEDITOR.instances.id_body.getData()")


def to_clipboard(page, kind, data):
    page.evaluate(
        """async ([kind, data]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            await navigator.clipboard.write([new ClipboardItem({ [kind]: new Blob([bytes], { type: kind }) })]);
        }""",
        [kind, base64.b64encode(data).decode()],
    )


def drop_file(page, name, kind, data):
    """What a file manager does; Playwright cannot hold one."""
    page.evaluate(
        """([name, kind, data]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type: kind }));
            const frame = document.querySelector("iframe.cke_wysiwyg_frame");
            const target = [...frame.contentDocument.querySelectorAll("body > p")].filter((p) => p.textContent.trim()).pop();
            target.scrollIntoView({ block: "center" });
            const { left, bottom } = target.getBoundingClientRect();
            const options = { dataTransfer: transfer, bubbles: true, cancelable: true, clientX: left + 5, clientY: bottom - 5 };
            for (const type of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(type, options));
        }""",
        [name, kind, base64.b64encode(data).decode()],
    )


def new_article(page, site):
    page.goto(f"{site.address}/admin/news/article/add/")
    return editor_frame(page)


def test_the_old_article_is_written_by_hand(make_site, open_browser, screenshot, tmp_path):
    site = make_site()
    site.shell(PREPARE)
    page = open_browser(permissions=["clipboard-read", "clipboard-write"])
    visitor = open_browser()
    log_in(page, site)
    page.get_by_role("link", name="文章", exact=True).first.click()
    page.get_by_role("link", name="增加 文章").last.click()
    frame = editor_frame(page)

    page.get_by_label("标题", exact=False).first.fill(TITLE)
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    page.locator("#id_tag_line").type("光伏，碳中和、COP28；储能")
    page.fill("#id_initial_views", "428")

    # Type.
    frame.locator("body").click()
    page.keyboard.type("据生态环境部今天消息，经中美双方商定，约翰·克里于7月16日至19日访华。")
    page.keyboard.press("Enter")

    # Paste from Word.
    to_clipboard(page, "text/html", WORD.encode())
    frame.locator("body").press("Control+v")
    wait_for(lambda: "250 吉瓦" in body_html(page), 10, lambda: body_html(page))
    page.get_by_text(re.compile("有 1 张外站图片")).first.wait_for()
    page.keyboard.press("Control+End")

    # A picture by the button, with a caption.
    file = tmp_path / "solar.png"
    file.write_bytes(picture((200, 160, 40)))
    page.locator("a.cke_button__image").click()
    dialog = page.locator(".cke_dialog:visible")
    dialog.frame_locator("iframe").locator("input[type=file]").set_input_files(file)
    dialog.get_by_label("图片说明（显示在图片下面，可以不写）").fill("屋顶电站")
    dialog.get_by_label(re.compile("替代文字")).fill("一片屋顶上的光伏组件")
    screenshot(page, "editor-dialog")
    dialog.get_by_title("确定").click()
    dialog.wait_for(state="detached")
    wait_for(lambda: body_html(page).count("<figure") == 1, 10, lambda: body_html(page))

    # One by paste, one by drag.
    page.keyboard.press("ArrowRight")
    page.keyboard.type("图后面的一段。")
    to_clipboard(page, "image/png", picture((40, 160, 90)))
    frame.locator("body").press("Control+v")
    wait_for(lambda: body_html(page).count("<figure") == 2, 10, lambda: body_html(page))
    drop_file(page, "wind.png", "image/png", picture((40, 90, 200)))
    wait_for(lambda: body_html(page).count("<figure") == 3, 10, lambda: body_html(page))
    assert body_html(page).count('src="/media/pictures/') == 3
    screenshot(page, "editor")

    # A draft is nobody's but ours.
    page.get_by_role("button", name="保存并继续编辑").first.click()
    page.locator(".messagelist .success").wait_for()
    number = re.search(r"/article/(\d+)/change/", page.url)[1]
    address = f"{site.address}/news/{number}/"
    assert visitor.goto(address).status == 404
    assert TITLE not in visitor.goto(f"{site.address}/news/").text()

    # Published, it is everybody's.
    page.get_by_label("状态").select_option(label="发布")
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.wait_for_url("**/admin/news/article/")
    assert visitor.goto(address).status == 200
    article = visitor.locator("article")
    assert article.locator("h1").inner_text() == TITLE
    assert article.locator("h2").all_inner_texts() == ["中美双方或将携手共赢"]
    assert article.locator("td").all_inner_texts() == ["年份", "装机", "2022", "250 吉瓦"]
    assert article.locator("strong").all_inner_texts() == ["中美双方"]
    assert set(article.locator(".tag").all_inner_texts()) == {"光伏", "碳中和", "COP28", "储能"}
    assert article.locator("figcaption").all_inner_texts() == ["屋顶电站"]
    assert article.get_by_text("外站图片：外面的图").count() == 1
    assert int(article.locator(".views__number").inner_text()) == 428
    html = article.locator(".rich-text").inner_html()
    assert not re.search(r"style=|class=\"Mso|<script|<o:p|宋体", html)
    assert "<p>&nbsp;</p>" not in html
    assert "<p></p>" not in html
    for image in article.locator("figure img").all():
        image.scroll_into_view_if_needed()
        # Which of the renditions is the browser's choice; that one came is ours.
        wait_for(lambda image=image: image.evaluate("(image) => image.naturalWidth") > 0)
    widths = article.locator("figure img").evaluate_all(
        "all => all.map((each) => each.getAttribute('width'))"
    )
    assert widths == ["640"] * 3
    assert article.locator("figure img").first.get_attribute("alt") == "一片屋顶上的光伏组件"
    screenshot(visitor, "written-article", full_page=True)


def test_a_file_that_is_no_picture_is_refused_in_words(make_site, open_browser):
    site = make_site()
    site.shell(PREPARE)
    page = open_browser()
    log_in(page, site)
    frame = new_article(page, site)
    frame.locator("body").click()
    page.keyboard.type("正文")
    drop_file(page, "fake.png", "image/png", b"<script>alert(1)</script>")
    page.get_by_text("这不是能用的图片").first.wait_for()
    assert "<img" not in body_html(page)
    assert "正文" in body_html(page)
    page.evaluate("window.onbeforeunload = null")


def test_too_large_a_file_is_told_of_before_it_is_sent(make_site, open_browser, tmp_path):
    """Else the server's refusal would stand where the form was, and the tags would be gone."""
    site = make_site()
    site.shell(PREPARE)
    page, said = open_browser(), []
    log_in(page, site)
    new_article(page, site)
    page.get_by_label("标题", exact=False).first.fill("大文件")
    page.locator("#id_tag_line").fill("光伏")
    file = tmp_path / "large.jpg"
    with open(file, "wb") as large:
        large.truncate(40 * 1024 * 1024)
    page.locator("#id_cover").set_input_files(file)
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.accept())
    page.get_by_role("button", name="保存并继续编辑").first.click()
    wait_for(lambda: said)
    assert "超过 31 MB" in said[0]
    assert page.locator("#id_tag_line").input_value() == "光伏"
    assert site.shell("from news.models import Article; print(Article.objects.count())") == "0"


def test_a_picture_of_wechat_that_was_not_scrolled_to_is_not_lost(make_site, open_browser):
    site = make_site()
    site.shell(PREPARE)
    page = open_browser(permissions=["clipboard-read", "clipboard-write"])
    log_in(page, site)
    frame = new_article(page, site)
    frame.locator("body").click()
    html = (
        "<section><p>公众号的一段。</p><p><img data-src='https://mmbiz.qpic.cn/a.jpg' alt='电站' "
        "src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'></p></section>"
    )
    to_clipboard(page, "text/html", html.encode())
    frame.locator("body").press("Control+v")
    page.get_by_text(re.compile("有 1 张外站图片")).first.wait_for()
    wait_for(lambda: 'href="https://mmbiz.qpic.cn/a.jpg"' in body_html(page), 10, lambda: body_html(page))
    assert "外站图片：电站" in body_html(page)
    assert "data:image" not in body_html(page)


def test_leaving_with_unsaved_text_asks_first(make_site, open_browser):
    site = make_site()
    site.shell(PREPARE)
    page = open_browser()
    log_in(page, site)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    new_article(page, site)
    page.goto(f"{site.address}/admin/")
    assert asked == []
    frame = new_article(page, site)
    frame.locator("body").click()
    page.keyboard.type("还没有保存的一段话")
    page.goto(f"{site.address}/admin/")
    assert asked == ["beforeunload"]


def test_an_expired_login_loses_nothing(make_site, open_browser):
    site = make_site()
    site.shell(PREPARE)
    page = open_browser()
    log_in(page, site)
    frame = new_article(page, site)
    page.get_by_label("标题", exact=False).first.fill("登录过期以后")
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    frame.locator("body").click()
    page.keyboard.type("写了很久的正文")
    site.shell("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="保存", exact=True).first.click()
    wait_for(lambda: page.evaluate("1") and told, 10)
    assert "登录已过期" in told[0]
    other = page.context.new_page()
    log_in(other, site)
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()
    assert (
        site.shell("from news.models import Article; print(Article.objects.get().body)")
        == "<p>写了很久的正文</p>"
    )
