"""OldPages to articles: one transaction for each, so that an error costs one article only."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenenergy.models import Redirect, Section
from greenenergy.richtext.sanitizer import RichTextError
from news.models import Article, Tag

from .blocks import body_html
from .characters import PageError
from .fields import article_of, tag_names_of
from .files import FoundFile, read_file
from .identity import Identity, identity_of
from .pages import OldPage
from .saved_attachments import SavedAttachments
from .saved_pictures import SavedPictures
from .saved_site import SavedSite
from .sections import Sections

DEFAULT_SECTION = "行业资讯"


class Outcome(enum.Enum):
    IMPORTED = "imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What happened to one page or row; `place` is its file, and its row in it."""

    outcome: Outcome
    place: str
    title: str
    note: str


class _Skipped(Exception):
    """The article exists already; the message says where."""


class Importer:
    """Imports files, one after the other.

    publish   articles with a date are published, otherwise all are drafts
    section   the name of the section for pages that name none
    dry_run   everything is tried and nothing is stored
    encoding  of all files; detected for each where it is None
    """

    def __init__(
        self,
        *,
        publish: bool = False,
        section: str = DEFAULT_SECTION,
        dry_run: bool = False,
        encoding: str | None = None,
    ):
        self.publish = publish
        self.section = section
        self.dry_run = dry_run
        self.encoding = encoding
        self.sections = Sections()
        self.used: set[Path] = set()  # pictures and attachments that came along with a page
        self._first_new_pk: int | None = None  # of the first article of this run
        self._tried: set[str] = set()  # keys of a dry run, which leaves no rows to find them in

    def take(self, found: FoundFile) -> Iterator[Result]:
        """Import one file: a result for its page, or for each of its rows."""
        path = found.path
        try:
            for place, page in read_file(path, self.encoding, self.sections.names):
                if isinstance(page, PageError):
                    yield Result(Outcome.REFUSED, place, "", str(page))
                else:
                    yield self._take_page(page, place, SavedSite(found.root, path, page.url, self.used))
        except PageError as error:
            yield Result(Outcome.REFUSED, str(path), "", str(error))
        except UnicodeError:
            yield Result(Outcome.REFUSED, str(path), "", _("文字编码有误，可用 --encoding 指定。"))
        except OSError as error:
            yield Result(Outcome.REFUSED, str(path), "", _("无法读取：%(error)s") % {"error": error.strerror})

    def _take_page(self, page: OldPage, place: str, site: SavedSite) -> Result:
        try:
            note = self._store(page, site)
        except _Skipped as reason:
            return Result(Outcome.SKIPPED, place, page.title, str(reason))
        except ValidationError as error:
            return Result(Outcome.REFUSED, place, page.title, _reason(error))
        except DatabaseError as error:
            return Result(
                Outcome.REFUSED, place, page.title, _("数据库没有接受：%(error)s") % {"error": error}
            )
        return Result(Outcome.IMPORTED, place, page.title, note)

    def _store(self, page, site):
        """Store the page as an article; the result is a note for the operator."""
        identity = identity_of(page)
        self._skip_if_known(identity, page.url)
        article = article_of(page)
        article.import_key, article.import_text = identity.import_key, identity.import_text
        tags = tag_names_of(page)
        if self.publish and article.published_at is None:
            page.notes.append(_("没有发布时间，存为草稿"))
        elif self.publish and page.is_draft:
            page.notes.append(_("旧网站上是草稿，存为草稿"))
        elif self.publish:
            article.status = Article.Status.PUBLISHED
        pictures = SavedPictures(site, dry_run=self.dry_run)
        article.body = body_html(page.blocks, pictures.html)
        attachments = SavedAttachments(page.blocks, site)
        if not article.body:
            raise ValidationError(_("没有找到正文。"))
        attachments.check()
        article.clean_fields(exclude=["section", "body", "body_text", "body_excerpt", "body_picture"])
        self._save(article, identity, tags, page, attachments)
        page.notes += pictures.notes() + attachments.notes()
        return self._note(article, page)

    def _skip_if_known(self, identity: Identity, url: str) -> None:
        """Raises _Skipped where the article exists. Its other old URL then leads to it, too."""
        if self._tried & {identity.import_key, identity.import_text, identity.text}:
            raise _Skipped(_("与本次的另一篇相同"))
        known = identity.find()
        if known is None:
            return
        article, reason = known
        if url and not self.dry_run:
            Redirect.objects.add_if_missing(url, article.get_absolute_url())
        words = {"number": article.pk, "reason": reason}
        if self._first_new_pk is not None and article.pk >= self._first_new_pk:
            raise _Skipped(_("与本次导入的文章 #%(number)d 相同（%(reason)s）") % words)
        raise _Skipped(_("已导入过（文章 #%(number)d，%(reason)s）") % words)

    def _save(self, article, identity, tags, page, attachments):
        name = page.section or self.section
        try:
            with transaction.atomic():
                section = self.sections.get(name)
                article.section = section
                article.save(force_insert=True)
                article.set_tags(Tag.objects.for_names(tags))
                if page.url:
                    Redirect.objects.add_if_missing(page.url, article.get_absolute_url())
                if not self.dry_run:
                    attachments.store(article)
                transaction.set_rollback(self.dry_run)
        except IntegrityError:
            self.sections.forget(name)  # an editor may have deleted the cached section
            self._skip_if_known(identity, page.url)  # a concurrent import may have stored the same page
            raise
        self.sections.took(section)
        if self.dry_run:
            self._tried |= {article.import_key, identity.import_text} - {""}
        else:
            self.sections.keep(section)
            self._first_new_pk = self._first_new_pk or article.pk

    def _note(self, article, page):
        parts = []
        if not self.dry_run:
            parts.append(_("文章 #%(number)d") % {"number": article.pk})
        parts.append(str(article.get_status_display()))
        if article.published_at:
            parts.append(f"{timezone.localtime(article.published_at):%Y-%m-%d}")
        if page.views is not None:
            parts.append(_("人气 %(views)d") % {"views": article.initial_views})
        return "，".join(parts) + "".join("；" + note for note in page.notes)


def _reason(error):
    """A ValidationError in one line that names the fields."""
    if isinstance(error, RichTextError):
        return (
            _("正文太大，请分成几篇。")
            if error.code == "too_large"
            else _("正文的格式太复杂，无法安全地保存。")
        )
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    names = {
        field.name: str(field.verbose_name) for model in (Article, Section) for field in model._meta.fields
    }
    return " ".join(
        f"{names[name]}：{' '.join(messages)}" if name in names else " ".join(messages)
        for name, messages in error.message_dict.items()
    )
