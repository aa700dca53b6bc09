"""Uploads on their way into a conversation: pictures are re-encoded, PDFs are recognised by their first bytes."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from greenenergy.media.pictures import clean_picture

PDF_BYTES = 10 * 1024 * 1024
_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be stored. `name` is for people; it never becomes a path."""

    file: File
    name: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None

    def fields(self) -> dict[str, Any]:
        """The values of the ChatFile row that stores it."""
        return dict(vars(self))


def check(upload: File) -> CheckedFile:
    """The upload, fit to be stored. Raises ValidationError in the sender's words."""
    name = plain_name(upload.name)
    upload.seek(0)
    if upload.read(5) == b"%PDF-":
        if upload.size > PDF_BYTES:
            raise ValidationError(
                _("文件太大：PDF 最多 %(limit)d MB。") % {"limit": PDF_BYTES // 1024 // 1024}
            )
        upload.seek(0)
        return CheckedFile(upload, _with_extension(name, "pdf"), "application/pdf", upload.size)
    if name.lower().endswith((".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".rar", ".mp4", ".txt")):
        raise ValidationError(_("这里只能发图片和 PDF 文件。"))
    picture = clean_picture(upload)
    extension = (picture.name or "").rpartition(".")[2]
    content = ContentFile(picture.read(), name=picture.name)
    return CheckedFile(
        content,
        _with_extension(name, extension),
        _CONTENT_TYPES[extension],
        content.size,
        picture.width,
        picture.height,
    )


def plain_name(name: str | None) -> str:
    """The name without paths, control characters, and characters that change the writing direction."""
    name = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable() and c not in '<>:"|?*')[-100:].strip(". ")


def _with_extension(name: str, extension: str) -> str:
    stem, _dot, old = name.rpartition(".")
    if old.lower() in (extension, "jpeg" if extension == "jpg" else extension):
        return name
    return f"{stem or name or _('文件')}.{extension}"
