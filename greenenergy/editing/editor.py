"""The rich-text editor: its widget, its settings, its upload. The one module that knows which editor it is.

To replace CKEditor 4 write another `RichTextWidget` here; fields, forms and stored HTML stay.
It gets no more fixes, so it is given little: no dialog that calls a service, no iframe, no form,
and what it sends is cleaned like any stranger's text (richtext.py). What it lets staff write is
made from the same allow-list, so that what they see is what is stored.
"""

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from greenenergy.media import pictures
from greenenergy.media.stored_pictures import store_picture
from greenenergy.richtext.sanitizer import ATTRIBUTES, CLASSES, TAGS, RichTextField, count_foreign_pictures

ALIGNMENTS = ["align-left", "align-center", "align-right"]
_NEEDED = {"a": {"href"}, "img": {"src"}}  # without these the tag says nothing


def _allowed_content():
    """The allow-list of richtext.py in the words of the editor's content filter."""

    def rule(tag):
        attributes = ATTRIBUTES.get(tag, set())
        names = sorted(
            "!" + name if name in _NEEDED.get(tag, ()) else name for name in attributes - {"class"}
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
    # Only while a picture travels: richtext.py knows neither attribute.
    "extraAllowedContent": "img[data-widget,data-cke-upload-id]",
    "pasteFilter": None,  # the rules above suffice; its own would drop the bold of a styled <span>
    "clipboard_handleImages": False,
    "filebrowserUploadMethod": "xhr",  # the form method cannot send the CSRF header
    "image2_captionedClass": "image",
    "image2_alignClasses": ALIGNMENTS,
    "image2_disableResizer": True,
    "justifyClasses": [*ALIGNMENTS, "align-justify"],  # the fourth must be named; it is not allowed
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


def _texts():
    """What our part of the editor says: static/js/editor-upload.js and admin-editor.js."""
    limit = pictures.MAX_BYTES // 1024 // 1024
    return {
        "tooLarge": _("图片太大，最多 %(limit)d MB。请先压缩再上传。") % {"limit": limit},
        "forbidden": _("没有上传：登录已过期，或者没有权限。请在新标签页里重新登录，再回到这里上传。"),
        "network": _("没有上传：网络不通。请检查网络后再试一次。"),
        "failed": _("没有上传：网站出了错（%1）。请稍后再试一次。"),
        "pending": _("图片还在上传，请等它传完再保存。"),
        "unsupported": _("这种文件不能放进正文。图片请用 JPG、PNG、WebP 或 GIF。"),
        "foreign": _("有 %1 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。"),
        "foreignLink": _("外站图片"),
        "foreignAddress": _("这是外站图片的地址，读者看不到。请把图片下载下来，在“上传”里选这个文件。"),
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

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs)
        self.config.update(CONFIG)

    @property
    def media(self):
        # The first name puts ours behind it, and before DOMContentLoaded, when the package makes its editors.
        ours = ["ckeditor/ckeditor/ckeditor.js", "js/admin-editor.js", "js/editor-upload.js"]
        return super().media + forms.Media(js=ours)

    def _set_config(self):
        super()._set_config()
        upload_url = reverse("editor_upload")
        self.config.update(
            uploadUrl=upload_url,  # pictures pasted and dropped
            filebrowserUploadUrl=upload_url,  # the picture dialog
            contentsCss=[static("css/editor.css"), static("css/admin-editor-frame.css")],
            pictureMaxBytes=pictures.MAX_BYTES,
            pictureTexts=_texts(),
        )


class ForeignPicturesMixin:
    """A ModelAdmin that tells the editor which pictures of a rich text readers would not see."""

    def save_model(self, request, instance, form, change):
        count = sum(
            count_foreign_pictures(form.cleaned_data[field.name])
            for field in instance._meta.fields
            if isinstance(field, RichTextField) and field.name in form.changed_data
        )
        super().save_model(request, instance, form, change)
        if count:
            text = ngettext(
                "正文里有 %d 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。",
                "正文里有 %d 张外站图片，读者看不到，已改为链接；请下载后用“图片”按钮上传。",
                count,
            )
            self.message_user(request, text % count, messages.WARNING)


def may_upload(user) -> bool:
    """Staff who may add or change something that has a rich text."""
    if not (user.is_active and user.is_staff):
        return False
    models = (m for m in apps.get_models() if any(isinstance(f, RichTextField) for f in m._meta.fields))
    return any(
        user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")
        for model in models
        for verb in ("add", "change")
    )


@require_POST
@csrf_protect
def upload(request):
    """Store one picture for a body. Answers in the form that CKEditor expects, errors included."""
    if not request.user.is_authenticated:
        return _refusal(_("登录已过期。请在新标签页里重新登录，再回到这里上传。"), status=403)
    if not may_upload(request.user):
        return _refusal(_("没有上传图片的权限，请联系管理员。"), status=403)
    file = request.FILES.get("upload")
    if file is None:
        return _refusal(_("没有收到图片，请再试一次。"), status=400)
    try:
        picture = store_picture(file)
    except ValidationError as error:
        return _refusal(
            " ".join(error.messages), status=200
        )  # an answer, not a fault, in CKEditor's protocol
    return JsonResponse(
        {
            "uploaded": 1,
            "fileName": file.name,
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
        }
    )


def _refusal(text, *, status):
    return JsonResponse({"uploaded": 0, "error": {"message": text}}, status=status)
