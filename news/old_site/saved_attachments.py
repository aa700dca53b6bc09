"""The attachments of one page: files saved with it are imported; of the others and of videos the operator is told."""

from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files import File as DjangoFile
from django.utils.translation import gettext as _

from news.models import Article, Attachment
from news.models.attachments import check_file

from .blocks import Block, File
from .fragments import scheme_of
from .saved_site import SavedSite

_LONGEST_NAME = 100


class SavedAttachments:
    """The files that the blocks of a page offer; `notes()` says which of them could not be imported, and of videos."""

    def __init__(self, blocks: list[Block], site: SavedSite):
        self._site = site
        self._files = list(dict.fromkeys(f for block in blocks if block.kind != "media" for f in block.files))
        self._videos = list(
            dict.fromkeys(f.url for block in blocks if block.kind == "media" for f in block.files)
        )
        self._found = [(file, path) for file in self._files if (path := site.find(file.url))]
        self._problems: list[str] = []

    def check(self) -> None:
        """Leave out, and note, what an article may not offer. Nothing is stored."""
        kept = []
        for file, path in self._found:
            try:
                with path.open("rb") as opened:
                    check_file(DjangoFile(opened, name=path.name))
            except ValidationError as error:
                self._problems.append(self._refusal(file, " ".join(error.messages)))
            except OSError as error:
                self._problems.append(self._refusal(file, error.strerror or ""))
            else:
                kept.append((file, path))
        self._found = kept

    def store(self, article: Article) -> None:
        for file, path in self._found:
            with path.open("rb") as opened:
                Attachment(
                    article=article, name=_title_of(file), file=DjangoFile(opened, name=path.name)
                ).save()

    def notes(self) -> list[str]:
        links = [file for file in self._files if not self._site.find(file.url)]
        away = [file for file in links if _is_away(file.url)]
        notes = [
            _("附件“%(name)s”没有找到") % {"name": _title_of(file)}
            for file in links
            if not _is_away(file.url)
        ]
        if away:
            notes.append(_("%(count)d 个附件在别的网站，留作链接") % {"count": len(away)})
        links = [url for url in self._videos if _is_away(url)]
        if links:
            notes.append(_("%(count)d 个视频留作链接") % {"count": len(links)})
        notes += [
            _("视频“%(name)s”没有导入") % {"name": _name_of(url)} for url in self._videos if not _is_away(url)
        ]
        return notes + self._problems

    def _refusal(self, file, reason):
        return _("附件“%(name)s”没有导入：%(reason)s") % {"name": _title_of(file), "reason": reason}


def _is_away(url):
    return scheme_of(url) in ("http", "https") or url.startswith("//")


def _name_of(url):
    try:
        return PurePath(unquote(urlsplit(url).path)).name or url
    except ValueError:
        return url


def _title_of(file: File) -> str:
    return (file.name or _name_of(file.url))[:_LONGEST_NAME]
