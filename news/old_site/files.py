"""Which files the import reads, and what is in one: a page, or the rows of a table."""

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from .characters import PageError
from .pages import OldPage, looks_like_page, read_page
from .records import read_csv, read_json, read_json_lines
from .sheets import read_sheet

LARGEST_PAGE = 5_000_000  # bytes of a saved page

# Suffix: whether it is HTML. The suffixes of programs are those of the pages that they made.
PAGES = {".txt": False} | dict.fromkeys(
    [
        ".html",
        ".htm",
        ".xhtml",
        ".shtml",
        ".shtm",
        ".asp",
        ".aspx",
        ".php",
        ".jsp",
        ".jspx",
        ".do",
        ".action",
        ".cfm",
    ],
    True,
)
RECORDS = {
    ".csv": read_csv, ".tsv": read_csv, ".jsonl": read_json_lines, ".ndjson": read_json_lines, ".json": read_json,
    ".xls": read_sheet,
}  # fmt: skip
_FOLDERS_OF_PAGES = ("_files", ".files", "_文件")  # how browsers name the folder beside a saved page
_READ_TO_TELL = 4096  # bytes of a file without a suffix


@dataclass(frozen=True)
class FoundFile:
    """A file to read, or the reason why it cannot be. `root` is the folder that was named on the command line."""

    path: Path
    root: Path
    reason: str = ""


def find_files(paths: Iterable[str], unread: Counter[str] | None = None) -> Iterator[FoundFile]:
    """All files that can be read, in order, and the paths that cannot.

    `unread` counts the other files of the folders by type, among them those that belong to pages.
    """
    unread = Counter() if unread is None else unread
    for path in map(Path, paths):
        if path.is_dir():
            yield from _files_below(path, unread)
        elif not path.exists():
            yield FoundFile(path, path.parent, _("没有这个文件或文件夹。"))
        elif _is_read(path):
            yield FoundFile(path, path.parent)
        else:
            yield FoundFile(path, path.parent, _remedy(path))


def _files_below(folder, unread):
    problems = []
    for parent, folders, names in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in sorted(names):
            path = Path(parent, name)
            if name[0] == ".":
                continue
            if not _is_part_of_site(path.relative_to(folder)) and _is_read(path) and not _is_attachment(path):
                yield FoundFile(path, folder, _("是符号链接，没有跟随。") if path.is_symlink() else "")
            else:
                unread[path.suffix.lower() or _("没有扩展名")] += 1
    for problem in problems:
        yield FoundFile(
            Path(problem.filename), folder, _("无法打开文件夹：%(error)s") % {"error": problem.strerror}
        )


def _is_part_of_site(path):
    """Whether a file is for machines, or belongs to a page that a browser saved."""
    return path.name == "robots.txt" or any(part.endswith(_FOLDERS_OF_PAGES) for part in path.parts[:-1])


def _is_attachment(path):
    """Whether a file of a folder is a true Excel file, which articles offer for download."""
    return path.suffix.lower() == ".xls" and b"<table" not in _beginning(path).lower()


def _is_read(path):
    suffix = path.suffix.lower()
    if suffix in PAGES or suffix in RECORDS:
        return True
    # Servers write pages without a suffix, and copiers save /news/show.php?id=12 under that name.
    is_name_of_page = not suffix or "?" in suffix or suffix.strip(".").isdecimal()
    return is_name_of_page and path.is_file() and looks_like_page(_beginning(path))


def _beginning(path):
    try:
        with path.open("rb") as file:
            return file.read(_READ_TO_TELL)
    except OSError:
        return b""


def _remedy(path):
    """Why a file that was named on the command line cannot be read, and what to do."""
    suffix = path.suffix.lower()
    if suffix in (".doc", ".docx", ".wps", ".rtf", ".mht", ".mhtml", ".md", ".pdf"):
        return _("不认识的文件类型 %(suffix)s，请另存为网页（.html）或纯文本（.txt）。") % {"suffix": suffix}
    if suffix in (".xlsx", ".et", ".sql", ".xml", ".db", ".mdb"):
        return _("不认识的文件类型 %(suffix)s，请另存为或导出为 CSV。") % {"suffix": suffix}
    if suffix in (".zip", ".rar", ".7z", ".gz", ".tar"):
        return _("不认识的文件类型 %(suffix)s，请先解压。") % {"suffix": suffix}
    return _("不认识的文件类型，可以是网页（.html .htm .txt 等）、.csv 和 .json。")


def read_file(
    path: Path, encoding: str | None, sections: Collection[str] = ()
) -> Iterator[tuple[str, OldPage | PageError]]:
    """(place, page) for the page of the file or for each of its rows; an error in place of a row that has no article.

    `sections` are the names of sections that the site has. Raises PageError, UnicodeError or OSError, perhaps after some
    rows, where the file cannot be read on.
    """
    _check_file(path)
    suffix = path.suffix.lower()
    if suffix in RECORDS:
        for number, row in RECORDS[suffix](path, encoding):
            yield _("%(file)s 第 %(number)d 行") % {"file": path, "number": number}, row
    else:
        with path.open("rb") as file:
            data = file.read(LARGEST_PAGE + 1)
        yield (
            str(path),
            read_page(data, is_html=PAGES.get(suffix, True), encoding=encoding, sections=sections),
        )


def _check_file(path):
    """Raises PageError for anything but a regular file (a pipe would never end), and for a page that is too large."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise PageError(_("不是普通文件。"))
    if path.suffix.lower() not in RECORDS and status.st_size > LARGEST_PAGE:
        raise PageError(
            _("文件太大：%(size)d MB，最多 %(limit)d MB。")
            % {"size": -(-status.st_size // 1_000_000), "limit": LARGEST_PAGE // 1_000_000}
        )
