"""The pictures of one page: those saved beside it are imported, nothing is downloaded."""

from html import escape

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from greenenergy.media.stored_pictures import store_picture

from .fragments import scheme_of
from .saved_site import SavedSite


class SavedPictures:
    """`html()` gives the markup for each picture of a body; `notes()` says afterwards which pictures are missing."""

    def __init__(self, site: SavedSite, *, dry_run: bool):
        self._site = site
        self._dry_run = dry_run
        self._attributes: dict[str, str] = {}  # by the picture's URL on the old page
        self._missing = self._elsewhere = 0
        self._refused: list[tuple[str, str]] = []

    def html(self, source: str, alt: str) -> str:
        """'' for a picture that is left out."""
        if source not in self._attributes:
            self._attributes[source] = self._import(source)
        attributes = self._attributes[source]
        return f'<img {attributes} alt="{escape(alt)}">' if attributes else ""

    def notes(self) -> list[str]:
        notes = []
        if self._missing:
            notes.append(_("%(count)d 张图片没有找到") % {"count": self._missing})
        if self._elsewhere:
            notes.append(_("%(count)d 张图片在别的网站，留作链接") % {"count": self._elsewhere})
        notes += [
            _("图片 %(name)s 没有导入：%(reason)s") % {"name": name, "reason": why}
            for name, why in self._refused
        ]
        return notes

    def _import(self, source):
        """The attributes of its <img>, or ''."""
        path = self._site.find(source)
        if path is None and (scheme_of(source) in ("http", "https") or source.startswith("//")):
            self._elsewhere += 1
            return f'src="{escape(source)}"'  # the sanitizer turns it into a link
        if path is None:
            self._missing += 1
            return ""
        if self._dry_run:
            return f'src="{escape(source)}"'
        try:
            with path.open("rb") as file:
                picture = store_picture(File(file, name=path.name))
        except ValidationError as error:
            self._refused.append((path.name, " ".join(error.messages)))
            return ""
        except OSError:
            self._missing += 1
            return ""
        return f'src="{escape(picture.url)}" width="{picture.width}" height="{picture.height}"'
