"""The form of an article in the admin, with its editor: typing, pasting, dropping files."""

import base64
import io

from PIL import Image

from tests.servers import wait_for

PREPARE = (
    "from django.contrib.auth.models import User; from greenenergy.models import *; "
    "SiteSettings(company_name='新能绿源能源科技集团有限公司').save(); Section.objects.create(name='行业资讯', slug='industry'); "
    "User.objects.create_superuser('editor', password='Green-Energy-1')"
)
CLIPBOARD = ["clipboard-read", "clipboard-write"]  # Chromium's permissions


def fill_site(site):
    """A section, and a superuser who writes."""
    site.shell(PREPARE)
    return site


def open_editors_page(open_browser, site, **options):
    """A browser in which the editor has logged in."""
    page = open_browser(**options)
    log_in(page, site)
    return page


def png(color, size=(640, 400)):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def png_url(color=(40, 160, 90)):
    """A small picture as a data: URL, as other programs put it on the clipboard."""
    return f"data:image/png;base64,{base64.b64encode(png(color, (4, 3))).decode()}"


def log_in(page, site):
    """As the editor of `fill_site`."""
    page.goto(f"{site.address}/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "Green-Energy-1")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="首页").wait_for()


def editor_frame(page):
    """The document inside the editor, ready for typing."""
    frame = page.frame_locator("iframe.cke_wysiwyg_frame")
    frame.locator("body[contenteditable=true]").wait_for()
    return frame


def body_html(page):
    """What would be saved."""
    return page.evaluate("CKEDITOR.instances.id_body.getData()")


def put_on_clipboard(page, kind, data):
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


def paste(page, kind, data):
    put_on_clipboard(page, kind, data)
    editor_frame(page).locator("body").press("Control+v")


def paste_text(page, formats):
    """`formats`: type → text. Chromium's own clipboard would clean the HTML first."""
    page.evaluate(
        """(formats) => {
            const transfer = new DataTransfer();
            for (const [type, text] of Object.entries(formats)) transfer.setData(type, text);
            const editor = CKEDITOR.instances.id_body;
            editor.focus();
            const options = { clipboardData: transfer, bubbles: true, cancelable: true };
            editor.editable().$.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        formats,
    )


def wait_for_body(page, condition):
    """Until the condition holds for what would be saved."""
    wait_for(lambda: condition(body_html(page)), explain=lambda: body_html(page))


def open_new_article(page, site):
    page.goto(f"{site.address}/admin/news/article/add/")
    return editor_frame(page)


def open_dialogs(page):
    """Each dialog loads files of its own; one that is missing fails the test. Pictures have a dialog of another kind."""
    for name in ("link", "table", "specialchar", "find", "a11yHelp"):
        page.evaluate("(name) => { CKEDITOR.instances.id_body.execCommand(name) }", name)
        page.locator(".cke_dialog:visible").wait_for()
        page.evaluate("CKEDITOR.dialog.getCurrent().hide()")
