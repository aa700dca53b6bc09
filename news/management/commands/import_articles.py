"""python manage.py import_articles PATH …: the articles of an old site, from files saved on this machine."""

import tempfile
import time
import unicodedata
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db import reset_queries
from django.utils.translation import gettext as _

from greenenergy.content_version import batched_changes
from greenenergy.database.analyze import analyze_tables
from greenenergy.media.errors import StorageUnavailable
from news.old_site.files import find_files
from news.old_site.importing import DEFAULT_SECTION, Importer, Outcome, Result

LINES_EVERY = 500  # articles, where the output is no terminal
PLACE_WIDTH, TITLE_WIDTH = 40, 44
MANY = 1000  # articles, after which the planner needs new statistics


class Command(BaseCommand):
    help = "导入旧网站的文章：保存的网页（.html .txt 等）、CSV、JSON。默认存为草稿；重复运行不会重复导入。"

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="文件或文件夹")
        parser.add_argument("--publish", action="store_true", help="有发布时间的文章直接发布")
        parser.add_argument(
            "--section", default=DEFAULT_SECTION, help="没有写明栏目的文章放进这个栏目（默认：%(default)s）"
        )
        parser.add_argument("--dry-run", action="store_true", help="只试一遍，什么也不保存")
        parser.add_argument("--encoding", help="文件的文字编码，例如 gb18030、big5；默认自动识别")

    def handle(self, *args, **options):
        _check_encoding(options["encoding"])
        importer = Importer(
            publish=options["publish"],
            section=options["section"].strip() or DEFAULT_SECTION,
            dry_run=options["dry_run"],
            encoding=options["encoding"],
        )
        unread = Counter()
        progress = Progress(self.stdout, sum(1 for _found in find_files(options["paths"], unread)))
        # The table's lines are spooled to disk, so that memory does not grow with their number.
        with tempfile.SpooledTemporaryFile(1_000_000, "w+", encoding="utf-8", errors="replace") as lines:
            counts = Counter()
            try:
                with batched_changes():
                    for result in results_of(options["paths"], importer, progress):
                        counts[result.outcome] += 1
                        lines.write(table_line(result) + "\n")
            except StorageUnavailable as error:
                raise CommandError(
                    _("存放图片的对象存储没有回答，导入停在这里：%(reason)s。再运行一次会接着导入。")
                    % {"reason": error}
                ) from None
            finally:  # also after Ctrl+C
                progress.end()
                self._show(lines, counts, dry_run=options["dry_run"])
                self._show_unread(unread, importer.used)
                self._show_new_sections(importer.sections.new)
        if counts[Outcome.IMPORTED] >= MANY:
            analyze_tables()
        if not counts:
            raise CommandError(_("没有读到任何文章。"))
        if counts[Outcome.REFUSED]:
            raise CommandError(
                _("有 %(count)d 项没有导入，原因见上表。") % {"count": counts[Outcome.REFUSED]}
            )

    def _show(self, lines, counts, *, dry_run):
        heading = padded(_("结果"), 6) + padded(_("文件"), PLACE_WIDTH) + padded(_("标题"), TITLE_WIDTH)
        self.stdout.write(heading + _("说明"))
        lines.seek(0)
        for line in lines:
            self.stdout.write(line, ending="")
        total = _("合计：导入 %(imported)d，跳过 %(skipped)d，拒绝 %(refused)d。") % {
            outcome.value: counts[outcome] for outcome in Outcome
        }
        self.stdout.write(total + (_("这是试运行，什么也没有保存。") if dry_run else ""))

    def _show_unread(self, unread, used):
        """What the folders hold beside pages and tables, without the pictures and attachments that came along."""
        unread = unread - Counter(path.suffix.lower() for path in used)
        if unread:
            kinds = "，".join(
                _("%(kind)s %(count)d 个") % {"kind": kind, "count": count}
                for kind, count in unread.most_common()
            )
            self.stdout.write(_("文件夹里没有读取的文件：%(kinds)s。") % {"kinds": printable(kinds)})

    def _show_new_sections(self, new):
        if new:
            names = "，".join(
                _("%(name)s（%(count)d 篇）") % {"name": name, "count": count} for name, count in new.items()
            )
            self.stdout.write(
                _("新建的栏目：%(names)s。它们不在导航和首页里；要显示或合并，请到后台“栏目”里改。")
                % {"names": printable(names)}
            )


def results_of(paths, importer, progress):
    for found in find_files(paths):
        refused = Result(Outcome.REFUSED, str(found.path), "", found.reason)
        for result in [refused] if found.reason else importer.take(found):
            yield result
            progress.article()
        progress.file()
        reset_queries()  # with DEBUG, Django keeps every query in memory


def _check_encoding(name):
    try:
        "a".encode(name or "utf-8")
    except (LookupError, UnicodeError):
        raise CommandError(_("不认识的文字编码：%(name)s") % {"name": name}) from None


class Progress:
    """One line that is rewritten on a terminal; elsewhere a new line every LINES_EVERY articles."""

    def __init__(self, stdout, files):
        self._stdout = stdout
        self._files = files
        self._files_done = self._articles = 0
        self._is_terminal = stdout.isatty()
        self._shown_at = 0.0
        self._stdout.write(_("共 %(count)d 个文件。") % {"count": files})

    def file(self):
        self._files_done += 1
        if self._is_terminal:
            self._show()

    def article(self):
        self._articles += 1
        if self._is_terminal or self._articles % LINES_EVERY == 0:
            self._show()

    def _show(self):
        now = time.monotonic()
        if self._is_terminal and now - self._shown_at < 0.1:
            return
        self._shown_at = now
        text = _("文件 %(done)d/%(files)d，已处理 %(articles)d 篇") % {
            "done": self._files_done,
            "files": self._files,
            "articles": self._articles,
        }
        self._stdout.write(
            ("\r" if self._is_terminal else "") + text, ending="" if self._is_terminal else "\n"
        )
        self._stdout.flush()

    def end(self):
        if self._is_terminal:
            self._stdout.write("\r" + " " * 60 + "\r", ending="")


def table_line(result: Result) -> str:
    word = {Outcome.IMPORTED: _("导入"), Outcome.SKIPPED: _("跳过"), Outcome.REFUSED: _("拒绝")}[
        result.outcome
    ]
    place = fitted(printable(result.place), PLACE_WIDTH - 2, keep_end=True)
    title = fitted(printable(result.title), TITLE_WIDTH - 2)
    return (
        padded(word, 6) + padded(place, PLACE_WIDTH) + padded(title, TITLE_WIDTH) + printable(result.note)
    ).rstrip()


def printable(text: str) -> str:
    """Without control characters, which file names may contain and terminals obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, columns: int) -> str:
    return text + " " * max(1, columns - width(text))


def fitted(text: str, columns: int, *, keep_end: bool = False) -> str:
    """The text, cut to this many columns: at its end, or at its beginning with `keep_end`."""
    if width(text) <= columns:
        return text
    letters, room = [], columns - 1
    for letter in reversed(text) if keep_end else text:
        room -= width(letter)
        if room < 0:
            break
        letters.append(letter)
    return "…" + "".join(reversed(letters)) if keep_end else "".join(letters) + "…"
