"""What editors paste from Word, WPS, Google Docs, WeChat and 记事本, and what of it is saved. One page for all of it."""

import re

import pytest

from tests.browser.article_form import (
    CLIPBOARD,
    body_html,
    editor_frame,
    fill_site,
    open_dialogs,
    open_editors_page,
    open_new_article,
    paste,
    paste_text,
    png,
    png_url,
    wait_for_body,
)
from tests.servers import wait_for

pytestmark = [pytest.mark.server, pytest.mark.browser]

PICTURE = f'<img src="{png_url()}">'


def item(level, marker, text, font="Calibri", tag="p"):
    """A paragraph of a list as Word writes it."""
    return (
        f"<{tag} class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l{level} level{level} lfo1'>"
        f"<![if !supportLists]><span style='font-family:{font}'><span style='mso-list:Ignore'>{marker}"
        f"<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span></span></span><![endif]><span>{text}</span></{tag}>"
    )


def word(html):
    return f'<html><head><meta name=Generator content="Microsoft Word 15"></head><body><!--StartFragment-->{html}<!--EndFragment--></body></html>'


WORD = word(
    "<p class=MsoTitle>关于储能的通知</p>"
    + item(1, "第一章", "总则", tag="h1")
    + item(2, "1.1", "范围", tag="h2")
    + item(1, "一、", "孤立的一条")
    + "<p class=MsoNormal>隔开</p>"
    + item(1, "l", "圆点", font="Wingdings")
    + item(2, "o", "圆圈", font='"Courier New"')
    + "<p class=MsoNormal>隔开</p>"
    + item(1, "3.", "甲")
    + item(2, "a)", "子")
    + item(1, "4.", "乙")
    + "<p class=MsoNormal>隔开</p>"
    + item(1, "（一）", "培训")
    + item(1, "（二）", "<b>排查</b>")
    + "<p class=MsoNormal><img src='file:///C:/Temp/clip_image001.png'></p>"
)
WORD_CLEAN = (
    "<h2>第一章 总则</h2><h2>1.1 范围</h2><p>一、孤立的一条</p><p>隔开</p>"
    "<ul><li>圆点<ul><li>圆圈</li></ul></li></ul><p>隔开</p>"
    '<ol start="3"><li>甲<ol type="a"><li>子</li></ol></li><li>乙</li></ol><p>隔开</p>'
    '<ul class="written-numbers"><li>（一）培训</li><li>（二）<strong>排查</strong></li></ul>'
)
WPS = (
    '<html><head><meta name="Generator" content="Microsoft Word 14"></head><body><div class="Section0">'
    + item(1, "①", "培训").replace("<![", "<!--[").replace("]>", "]-->")
    + item(1, "②", "排查").replace("<![", "<!--[").replace("]>", "]-->")
    + "</div></body></html>"
)
WECHAT = (
    '<section style="text-align:center"><section><p><strong>01</strong></p></section></section><p><br></p>'
    "<section>甲</section><section>乙</section><p><mp-common-profile></mp-common-profile></p>"
    '<p><iframe data-src="https://v.qq.com/x"></iframe></p><p><iframe></iframe></p>'
    '<p><img data-src="https://mmbiz.qpic.cn/a.jpg" alt="电站" src="data:image/svg+xml,%3Csvg/%3E"></p>'
)
WECHAT_CLEAN = (
    '<p class="align-center"><strong>01</strong></p><p>甲</p><p>乙</p>'
    '<p><a href="https://v.qq.com/x">视频或网页：https://v.qq.com/x</a></p>'
    '<p><a href="https://mmbiz.qpic.cn/a.jpg">外站图片：电站</a></p>'
)
# What is pasted, what is then in the editor with each <img> as IMG, and what the editor is told.
PASTED = {
    "Word": ({"text/html": WORD}, WORD_CLEAN, ["有 1 张图片没有带过来", "“关于储能的通知”已填到"]),
    "WPS": (
        {"text/html": WPS},
        '<ul class="written-numbers"><li>①培训</li><li>②排查</li></ul>',
        [],
    ),
    "Google Docs": (
        {
            "text/html": '<b style="font-weight:normal" id="docs-internal-guid-1"><p><span style="font-weight:400">正文</span>'
            '<span style="font-weight:700">粗</span></p><ol start="1"><li style="list-style-type:lower-alpha">甲</li></ol>'
            "<p><span>　　缩进</span></p></b>"
        },
        '<p>正文<strong>粗</strong></p><ol type="a"><li>甲</li></ol><p>缩进</p>',
        [],
    ),
    "WeChat": (
        {"text/html": WECHAT},
        WECHAT_CLEAN,
        ["有 1 张外站图片", "有 1 个视频或嵌入的网页不能放进正文，已改为链接", "没有带过来", "有 1 张公众号名片"],
    ),
    "记事本": ({"text/plain": "　　第一行\r\n　　第二行\r\n\r\n第三行"}, "<p>第一行</p><p>第二行</p><p>第三行</p>", []),
    "a centred picture": (
        {"text/html": f'<p style="text-align:center">{PICTURE}</p><p>后</p><table><tr><td>格</td></tr></table>'},
        '<figure class="image align-center">IMG</figure><p>后</p><table><tbody><tr><td>格</td></tr></tbody></table>',
        ["文件上传成功"],
    ),
    "a picture in a link": (
        {"text/html": f'<p align=right><a href="/about/">{PICTURE}</a></p><p>后</p>'},
        '<figure class="image align-right"><a href="/about/">IMG</a></figure><p>后</p>',
        ["文件上传成功"],
    ),
    "a picture with its caption": (
        {"text/html": f'<figure class="image">{PICTURE}<figcaption>说明</figcaption></figure><p>后</p>'},
        '<figure class="image">IMG<figcaption>说明</figcaption></figure><p>后</p>',
        ["文件上传成功"],
    ),
}  # fmt: skip


def shown(page):
    """The body without line breaks, its pictures of this site as IMG."""
    return re.sub(r'<img [^>]*src="/media/pictures/[^>]*>', "IMG", re.sub(r"[\n\t]", "", body_html(page)))


def empty(page):
    page.evaluate("() => new Promise((done) => CKEDITOR.instances.id_body.setData('', done))")


def messages(page):
    return page.locator(".cke_notification_message").all_inner_texts()


def test_what_is_pasted_stays_what_it_was(make_site, open_browser):
    site = fill_site(make_site())
    page = open_editors_page(open_browser, site, permissions=CLIPBOARD)
    open_new_article(page, site)
    for clipboard, clean, told in PASTED.values():
        empty(page)
        paste_text(page, clipboard)
        wait_for(lambda clean=clean: shown(page) == clean, explain=lambda: shown(page))
        wait_for(
            lambda told=told: all(text in " ".join(messages(page)) for text in told),
            explain=lambda: messages(page),
        )
        assert len(messages(page)) <= len(told)
        page.evaluate(
            "document.querySelectorAll('.cke_notification_close').forEach((close) => close.click())"
        )
        wait_for(lambda: not messages(page))
    assert page.locator("#id_title").input_value() == "关于储能的通知"
    assert "data:" not in body_html(page)
    undo_and_redo_a_picture(page)
    open_dialogs(page)
    page.get_by_label("栏目", exact=False).first.select_option(label="行业资讯")
    page.evaluate("CKEDITOR.instances.id_body.setMode('source')")
    page.locator("textarea.cke_source").fill(f"<div>一</div><div>二</div>{PICTURE}<video></video>")
    page.get_by_role("button", name="保存并继续编辑").first.click()
    page.locator(".messagelist .warning").first.wait_for()
    told = page.locator(".messagelist").inner_text()
    assert "有 1 张图片没有带过来" in told
    assert "有 1 个视频" in told
    assert shown(page) == "<p>一</p><p>二</p>"


def undo_and_redo_a_picture(page):
    """After words that an input method wrote, whose keys are not those of the letters."""
    empty(page)
    body = editor_frame(page).locator("body")
    body.click()
    page.keyboard.insert_text("前面")
    paste(page, "image/png", png((40, 160, 90)))
    wait_for_body(page, lambda html: "<figure" in html)
    for key in ("z", "z", "y", "y"):
        body.press(f"Control+{key}")
    wait_for_body(page, lambda html: "前面" in html and 'src="/media/pictures/' in html)
