"""OldPages to articles: one transaction for each, so that a bad one spoils nothing."""

import enum
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import URLValidator
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenenergy.media.stored_pictures import store_picture
from greenenergy.models import Redirect, Section
from greenenergy.richtext.sanitizer import RichTextError
from news.models import Article, Tag
from news.models.tag_names import MAX_LENGTH, MAX_TAGS, normalize_name

from .blocks import body_html
from .characters import PageError
from .fragments import scheme_of
from .pages import OldPage, read_page
from .records import read_csv, read_json, read_json_lines

LARGEST_PAGE = 5_000_000  # bytes of a saved page
DEFAULT_SECTION = "行业资讯"

PAGES = {".txt": False, ".html": True, ".htm": True}  # ending: is it HTML
RECORDS = {".csv": read_csv, ".jsonl": read_json_lines, ".ndjson": read_json_lines, ".json": read_json}
_FOLDERS_OF_PAGES = ("_files", ".files", "_文件")  # what browsers put beside a saved page

_check_url = URLValidator(schemes=["http", "https"])


class Outcome(enum.Enum):
    IMPORTED = "imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What became of one page or row; `place` is its file, and its row in it."""

    outcome: Outcome
    place: str
    title: str
    note: str


class _Skipped(Exception):
    """The article is here already; the text says where."""


def find_files(paths: list[str]) -> Iterator[tuple[Path, str]]:
    """(file, '') for all that may be read, in order; (path, reason) for a path that cannot."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from _files_below(path)
        elif not path.exists():
            yield path, _("没有这个文件或文件夹。")
        elif path.suffix.lower() not in PAGES | RECORDS:
            yield path, _("不认识的文件类型，可以是 .txt .html .htm .csv .jsonl .ndjson .json。")
        else:
            yield path, ""


def _files_below(folder):
    problems = []
    for parent, folders, names in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(
            name for name in folders if not name.endswith(_FOLDERS_OF_PAGES) and name[0] != "."
        )
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix.lower() in PAGES | RECORDS and name[0] != ".":
                yield path, _("是符号链接，没有跟随。") if path.is_symlink() else ""
    for problem in problems:
        yield Path(problem.filename), _("无法打开文件夹：%(error)s") % {"error": problem.strerror}


class Importer:
    """Takes files in, one after the other.

    publish   articles with a date are published, otherwise all are drafts
    section   the name of the section for pages that name none
    dry_run   everything is tried and nothing is kept
    """

    def __init__(self, *, publish=False, section=DEFAULT_SECTION, dry_run=False, encoding=None):
        self.publish = publish
        self.section = section
        self.dry_run = dry_run
        self.encoding = encoding
        self._sections = {}
        self._first_new = None  # number of the first article of this run
        self._tried = set()  # keys of a dry run, which leaves no rows to find them by

    def take(self, path: Path) -> Iterator[Result]:
        """Import one file: a result for its page, or for each of its rows."""
        place = str(path)
        try:
            _check_file(path)
            if path.suffix.lower() in PAGES:
                with path.open("rb") as file:
                    data = file.read(LARGEST_PAGE + 1)
                page = read_page(data, is_html=PAGES[path.suffix.lower()], encoding=self.encoding)
                yield self._take_page(page, place, path.parent)
            else:
                for number, row in RECORDS[path.suffix.lower()](path, self.encoding):
                    yield self._take_row(
                        row, _("%(file)s 第 %(number)d 行") % {"file": place, "number": number}, path
                    )
        except PageError as error:
            yield Result(Outcome.REFUSED, place, "", str(error))
        except UnicodeError:
            yield Result(Outcome.REFUSED, place, "", _("文字编码有误，可用 --encoding 指定。"))
        except OSError as error:
            yield Result(Outcome.REFUSED, place, "", _("无法读取：%(error)s") % {"error": error.strerror})

    def _take_row(self, row, place, path):
        if isinstance(row, PageError):
            return Result(Outcome.REFUSED, place, "", str(row))
        return self._take_page(row, place, path.parent)

    def _take_page(self, page, place, folder):
        try:
            note = self._store(page, folder)
        except _Skipped as reason:
            return Result(Outcome.SKIPPED, place, page.title, str(reason))
        except ValidationError as error:
            return Result(Outcome.REFUSED, place, page.title, _reason(error))
        except DatabaseError as error:
            return Result(
                Outcome.REFUSED, place, page.title, _("数据库没有接受：%(error)s") % {"error": error}
            )
        return Result(Outcome.IMPORTED, place, page.title, note)

    def _store(self, page, folder):
        """Store the page as an article; the note says what became of it."""
        key = import_key(page)
        self._look_for(key)
        article = _article(page)
        article.import_key = key
        tags = _tag_names(page)
        if self.publish and article.published_at is None:
            page.notes.append(_("没有发布时间，存为草稿"))
        elif self.publish:
            article.status = Article.Status.PUBLISHED
        pictures = _Pictures(folder, keep=not self.dry_run)
        article.body = body_html(page.blocks, pictures.html)
        if not article.body:
            raise ValidationError(_("没有找到正文。"))
        article.clean_fields(exclude=["section", "body", "body_text", "body_excerpt", "body_picture"])
        self._save(article, tags, page.section or self.section, page.url)
        page.notes += pictures.notes()
        return self._note(article, page)

    def _look_for(self, key):
        if key in self._tried:
            raise _Skipped(_("与本次的另一篇相同"))
        number = Article.objects.filter(import_key=key).values_list("pk", flat=True).first()
        if number is not None and self._first_new is not None and number >= self._first_new:
            raise _Skipped(_("与本次导入的文章 #%(number)d 相同") % {"number": number})
        if number is not None:
            raise _Skipped(_("已导入过（文章 #%(number)d）") % {"number": number})

    def _save(self, article, tags, section_name, old_address):
        try:
            with transaction.atomic():
                section = self._sections.get(section_name) or self._find_or_make_section(section_name)
                article.section = section
                article.save(force_insert=True)
                article.tags.add(*Tag.objects.for_names(tags))
                if old_address:
                    Redirect.objects.learn(old_address, article.get_absolute_url())
                transaction.set_rollback(self.dry_run)
        except IntegrityError:
            self._sections.pop(section_name, None)  # an editor may have deleted it
            self._look_for(article.import_key)  # somebody else's import was faster
            raise
        if self.dry_run:
            self._tried.add(article.import_key)
        else:
            self._sections[section_name] = section
            self._first_new = self._first_new or article.pk

    def _find_or_make_section(self, name):
        section = Section.objects.lists().filter(name=name).order_by("pk").first()
        if section is None:
            # Visitors meet a new section in the navigation only once it has something for them.
            section = Section(name=name, kind=Section.Kind.LIST, in_navigation=self.publish)
            section.full_clean()
            section.save()
        return section

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


def _check_file(path):
    """Raises PageError for what is no regular file (a pipe would never end), and for a page that is too large."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise PageError(_("不是普通文件。"))
    if path.suffix.lower() in PAGES and status.st_size > LARGEST_PAGE:
        raise PageError(
            _("文件太大：%(size)d MB，最多 %(limit)d MB。")
            % {"size": -(-status.st_size // 1_000_000), "limit": LARGEST_PAGE // 1_000_000}
        )


def import_key(page: OldPage) -> str:
    """What makes a page the same when it comes again: its old address, or else title, day and section.

    Only what the page itself says goes in: the same page under another --section is still the same.
    """
    if page.url:
        words = ["url", page.url]
    else:
        moment = page.published_at
        if moment and moment.tzinfo:
            moment = timezone.localtime(moment)
        day = f"{moment:%Y-%m-%d}" if moment else ""
        words = ["page", _same(page.title), day, _same(page.section)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _same(text):
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _article(page):
    """The unsaved article, without body and section; what is too long for a field is cut and noted."""
    if len(page.title) > 200:
        raise ValidationError(_("标题太长：%(length)d 个字，最多 200 个。") % {"length": len(page.title)})
    moment = page.published_at
    if moment and not moment.tzinfo:
        moment = timezone.make_aware(moment)
    article = Article(title=page.title, published_at=moment, initial_views=page.views or 0)
    for name in ("summary", "source", "author", "editor"):
        field = Article._meta.get_field(name)
        text = getattr(page, name)
        if len(text) > field.max_length:
            page.notes.append(
                _("%(field)s太长，只留前 %(limit)d 个字")
                % {"field": field.verbose_name, "limit": field.max_length}
            )
        setattr(article, name, text[: field.max_length])
    if page.source_url:
        try:
            _check_url(page.source_url)
        except ValidationError:
            page.notes.append(_("来源网址不是网址，没有保留"))
        else:
            article.source_url = page.source_url
    return article


def _tag_names(page):
    names = list(dict.fromkeys(filter(None, map(normalize_name, page.tags))))
    fitting = [name for name in names if len(name) <= MAX_LENGTH][:MAX_TAGS]
    if len(fitting) < len(names):
        page.notes.append(_("%(count)d 个标签太长或太多，没有保留") % {"count": len(names) - len(fitting)})
    return fitting


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


class _Pictures:
    """The pictures of one page: those saved beside it come along, nothing is fetched."""

    def __init__(self, folder, *, keep):
        self._folder = folder
        self._keep = keep
        self._known = {}
        self._missing = self._elsewhere = 0
        self._refused = []

    def html(self, source, alt):
        if source not in self._known:
            self._known[source] = self._attributes(source)
        attributes = self._known[source]
        return f'<img {attributes} alt="{escape(alt)}">' if attributes else ""

    def notes(self):
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

    def _attributes(self, source):
        if scheme_of(source) in ("http", "https") or source.startswith("//"):
            self._elsewhere += 1
            return f'src="{escape(source)}"'  # which the sanitiser makes a link
        path = self._path(source)
        if path is None:
            self._missing += 1
            return ""
        if not self._keep:
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

    def _path(self, source):
        """The file inside the page's folder that a relative address means, or None."""
        with suppress(OSError, ValueError):  # ValueError: a null byte, or an address that is none
            folder = self._folder.resolve()
            path = (folder / unquote(urlsplit(source.replace("\\", "/")).path)).resolve(strict=True)
            if path.is_relative_to(folder) and path.is_file():
                return path
        return None
