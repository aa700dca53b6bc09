"""The rich-text editor: its widget and its configuration.

To replace CKEditor 4 write another `RichTextWidget` here, with another picture_upload.py; fields,
forms and stored HTML stay. CKEditor 4 gets no more fixes, so little of it is enabled: no dialog that
calls a service, no iframe, no form. What it sends is cleaned like any untrusted text
(richtext/sanitizer.py). Its own content filter is made from the same allow-list, so that what staff
see is what is stored.
"""

from typing import Any

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenenergy.media import pictures
from greenenergy.richtext.sanitizer import ATTRIBUTES, CLASSES, TAGS

from .losses import loss_texts

ALIGNMENTS = ["align-left", "align-center", "align-right"]
_REQUIRED = {"a": {"href"}, "img": {"src"}}  # without these the tag is useless


def _allowed_content() -> dict[str, dict[str, str]]:
    """The sanitizer's allow-list in the format of the editor's content filter."""

    def rule(tag: str) -> dict[str, str]:
        attributes = ATTRIBUTES.get(tag, set())
        names = sorted(
            "!" + name if name in _REQUIRED.get(tag, ()) else name for name in attributes - {"class"}
        )
        return {
            "attributes": ",".join(names),
            "classes": ",".join(sorted(CLASSES)) if "class" in attributes else "",
        }

    return {tag: rule(tag) for tag in sorted(TAGS)}


CONFIG = {
    "toolbar": "Custom",
    "toolbar_Custom": [
        ["Format", "Bold", "Italic", "Underline", "Strike", "RemoveFormat"],
        ["NumberedList", "BulletedList", "Blockquote"],
        ["JustifyLeft", "JustifyCenter", "JustifyRight"],
        ["Link", "Unlink"],
        ["Image", "Table", "HorizontalRule", "SpecialChar"],
        ["Undo", "Redo", "Find"],
        ["Maximize", "Source"],
    ],
    "format_tags": "p;h2;h3;h4",
    "extraPlugins": "image2,autogrow",
    "removePlugins": (
        "image,about,exportpdf,scayt,wsc,iframe,flash,forms,smiley,templates,newpage,print,save,preview,"
        "language,bidi,div,pagebreak,copyformatting,pastefromgdocs,resize,liststyle,elementspath,font,colorbutton,"
        "colordialog,stylescombo"
    ),
    "allowedContent": _allowed_content(),
    # Only while a picture is being uploaded: the sanitizer removes both attributes.
    "extraAllowedContent": "img[data-widget,data-cke-upload-id]",
    "pasteFilter": None,  # the rules above suffice; the default would drop the bold of a styled <span>
    "clipboard_handleImages": False,
    "filebrowserUploadMethod": "xhr",  # the "form" method cannot send the CSRF header
    "image2_captionedClass": "image",
    "image2_alignClasses": ALIGNMENTS,
    "image2_disableResizer": True,
    "justifyClasses": [*ALIGNMENTS, "align-justify"],  # four are required; the fourth is not allowed content
    "entities": False,
    "width": "100%",
    "height": 420,
    "autoGrow_minHeight": 420,
    "autoGrow_maxHeight": 900,
    "removeDialogTabs": "link:advanced;link:target;table:advanced",
    "title": gettext_lazy("正文"),
    "stylesSet": False,
    "defaultLanguage": "zh-cn",
}


def _texts() -> dict[str, str]:
    """The messages of static/js/admin/editor.js and of the modules that it imports."""
    limit = pictures.MAX_BYTES // 1024 // 1024
    return {
        "tooLarge": _("图片太大，最多 %(limit)d MB。请先压缩再上传。") % {"limit": limit},
        "proxyLimit": _(
            "没有上传：网站前面的代理不让传这么大的文件。请先压缩图片，并告诉管理员（nginx 的 client_max_body_size）。"
        ),
        "forbidden": _("没有上传：登录已过期，或者没有权限。请在新标签页里重新登录，再回到这里上传。"),
        "network": _("没有上传：网络不通。请检查网络后再试一次。"),
        "failed": _("没有上传：网站出了错（%1）。请稍后再试一次。"),
        "pending": _("图片还在上传，请等它传完再保存。"),
        "unsupported": _("这种文件不能放进正文。图片请用 JPG、PNG、WebP 或 GIF。"),
        "foreignLink": _("外站图片") + "：%1",
        "frameLink": _("视频或网页") + "：%1",
        "foreignAddress": _("这是外站图片的地址，读者看不到。请把图片下载下来，在“上传”里选这个文件。"),
        "titleMoved": _("文章标题“%1”已填到上面的“标题”里。"),
        "picture": _("图片"),
        "upload": _("上传"),
        "uploadHint": _("选好文件就开始上传"),
        "address": _("图片地址（上传后自动填写）"),
        "alt": _("替代文字（给看不见图片的读者和搜索引擎）"),
        "caption": _("图片说明（显示在图片下面，可以不写）"),
        "writeCaption": _("在这里写图片说明"),
        "missing": _("还没有图片，请先上传。"),
    }


class RichTextWidget(CKEditorWidget):
    """The editor in the admin, with upload of pictures by button, paste and drag."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs)
        self.config.update(CONFIG)

    @property
    def media(self) -> forms.Media:
        # A module runs after the package's own scripts, and before the package creates its editors on DOMContentLoaded.
        return super().media + forms.Media(js=[forms.Script("js/admin/editor.js", type="module")])

    def _set_config(self):
        super()._set_config()
        upload_url = reverse("editor_upload")
        self.config.update(
            uploadUrl=upload_url,  # for pictures pasted and dropped
            filebrowserUploadUrl=upload_url,  # for the picture dialog
            contentsCss=[static("css/editor.css"), static("css/admin-editor-frame.css")],
            pictureMaxBytes=pictures.MAX_BYTES,
            pictureTexts=_texts(),
            lossTexts=loss_texts(),
        )
