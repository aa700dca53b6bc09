"""Which files the import reads, and what is in one: a page, or the rows of a table."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from .characters import PageError
from .pages import OldPage, read_page
from .records import read_csv, read_json, read_json_lines

LARGEST_PAGE = 5_000_000  # bytes of a saved page

PAGES = {".txt": False, ".html": True, ".htm": True}  # suffix: whether it is HTML
RECORDS = {".csv": read_csv, ".jsonl": read_json_lines, ".ndjson": read_json_lines, ".json": read_json}
_FOLDERS_OF_PAGES = ("_files", ".files", "_文件")  # how browsers name the folder beside a saved page


def find_files(paths: list[str]) -> Iterator[tuple[Path, str]]:
    """(file, '') for all files that can be read, in order; (path, reason) for a path that cannot."""
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


def read_file(path: Path, encoding: str | None) -> Iterator[tuple[str, OldPage | PageError]]:
    """(place, page) for the page of the file or for each of its rows; an error in place of a row that has no article.

    Raises PageError, UnicodeError or OSError, perhaps after some rows, where the file cannot be read on.
    """
    _check_file(path)
    suffix = path.suffix.lower()
    if suffix in PAGES:
        with path.open("rb") as file:
            data = file.read(LARGEST_PAGE + 1)
        yield str(path), read_page(data, is_html=PAGES[suffix], encoding=encoding)
    else:
        for number, row in RECORDS[suffix](path, encoding):
            yield _("%(file)s 第 %(number)d 行") % {"file": path, "number": number}, row


def _check_file(path):
    """Raises PageError for anything but a regular file (a pipe would never end), and for a page that is too large."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise PageError(_("不是普通文件。"))
    if path.suffix.lower() in PAGES and status.st_size > LARGEST_PAGE:
        raise PageError(
            _("文件太大：%(size)d MB，最多 %(limit)d MB。")
            % {"size": -(-status.st_size // 1_000_000), "limit": LARGEST_PAGE // 1_000_000}
        )
