"""Files that visitors download with an article: PDF, Office and ZIP."""

import os
import secrets
import zipfile

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.media.fields import UploadField
from greenenergy.text.fields import CharField

from .articles import Article

MAX_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007
SIGNATURES = {
    ".pdf": b"%PDF-", ".doc": _OLE, ".xls": _OLE, ".ppt": _OLE, ".docx": b"PK", ".xlsx": b"PK", ".pptx": b"PK", ".zip": b"PK",
}  # fmt: skip


def _stored_name(attachment, name):
    """A random name: the file of a withdrawn article must not have a URL that can be guessed."""
    return f"attachments/{secrets.token_urlsafe(16)}{os.path.splitext(name)[1].lower()}"


def check_file(file) -> None:
    """Raise ValidationError, with a message for editors, if the file is too large or not of the kind its suffix says."""
    extension = os.path.splitext(file.name)[1].lower()
    if extension not in SIGNATURES:
        raise ValidationError(
            gettext("不能上传 %(kind)s 文件；可以上传 PDF、Word、Excel、PPT 和 ZIP。")
            % {"kind": extension or gettext("这种")}
        )
    if file.size > MAX_BYTES:
        raise ValidationError(
            gettext("文件太大：%(size).1f MB，最多 %(limit)d MB。")
            % {"size": file.size / 1024 / 1024, "limit": MAX_BYTES // 1024 // 1024}
        )
    file.seek(0)
    is_right = file.read(8).startswith(SIGNATURES[extension])
    if is_right and extension in (".docx", ".xlsx", ".pptx"):
        file.seek(0)
        is_right = zipfile.is_zipfile(file)
    file.seek(0)
    if not is_right:
        raise ValidationError(
            gettext("文件的内容和扩展名 %(kind)s 不符，可能已经损坏。") % {"kind": extension}
        )


class Attachment(models.Model):
    """附件: one file of an article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="attachments", verbose_name=_("文章"))
    file = UploadField(
        _("文件"), upload_to=_stored_name, validators=[check_file],
        help_text=_("PDF、Word、Excel、PPT 或 ZIP，最多 20 MB。"),
    )  # fmt: skip
    name = CharField(
        _("名称"), max_length=100, blank=True, help_text=_("读者看到的名字；留空则用文件自己的名字。")
    )
    size = models.PositiveIntegerField(_("大小"), default=0, editable=False)
    downloads = models.PositiveIntegerField(_("下载次数"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["id"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self.size = self.file.size
            self.name = self.name or os.path.splitext(os.path.basename(self.file.name))[0][:100]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("news:attachment", args=[self.pk])

    @property
    def extension(self) -> str:
        return os.path.splitext(self.file.name)[1].lstrip(".").upper()

    @property
    def download_name(self) -> str:
        """The file name on the visitor's device: `name`, with the suffix of the file's kind."""
        suffix = os.path.splitext(self.file.name)[1]
        return self.name if self.name.lower().endswith(suffix) else self.name + suffix

    def count_download(self) -> None:
        Attachment.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1)
