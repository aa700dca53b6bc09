"""CSV and JSON to OldPages, row by row: the file may be larger than memory."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from .characters import PageError, encoding_of
from .columns import header_columns, known_columns, names_an_article, page_of_cells, page_of_object
from .pages import OldPage

LONGEST_ROW = 5_000_000  # characters
LARGEST_JSON = 50_000_000  # bytes of a .json file, which is read as a whole; .jsonl has no limit

_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)
_DEEPEST = 5  # objects around the list of articles in a JSON file

# (number of the row, as a spreadsheet or editor counts; its page, or why it has none)
Row = tuple[int, OldPage | PageError]


def read_csv(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """The rows below a header line. Raises PageError, perhaps after some rows, where the rest cannot be read."""
    csv.field_size_limit(LONGEST_ROW)
    with _open(path, encoding) as file:
        header = file.readline(LONGEST_ROW)
        number = 0
        if named := _SEPARATOR.fullmatch(header):  # Excel writes and reads this line
            delimiter, number = named[1], 1
        else:
            delimiter = max(",;\t", key=lambda mark: len(known_columns(header.split(mark))))
            file.seek(0)
        rows = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        columns, width = None, 0
        while True:
            number += 1
            try:
                cells = next(rows, None)
            except csv.Error as error:
                raise PageError(
                    _("第 %(number)d 行的引号或分隔符有误，从这一行起没有读取（%(error)s）。")
                    % {"number": number, "error": error}
                ) from error
            if cells is None:
                return
            if columns is None:
                columns, width = header_columns(cells), len(cells)
            elif any(cell.strip() for cell in cells):
                yield number, _row(cells, columns, width)


def read_json_lines(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """One JSON object per line."""
    with _open(path, encoding) as file:
        for number, line in enumerate(_lines(file, keep_long=True), start=1):
            if line.strip():
                yield number, _from_json(line)


def read_json(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """A list of objects, or one object; also JSON lines in a file named .json."""
    if path.stat().st_size > LARGEST_JSON:
        raise PageError(
            _("JSON 文件超过 %(limit)d MB，请改成每行一个对象的 .jsonl。")
            % {"limit": LARGEST_JSON // 1_000_000}
        )
    with _open(path, encoding) as file:
        text = file.read()
    try:
        found = json.loads(text)
    except RecursionError:
        raise PageError(_("JSON 嵌套太深。")) from None
    except ValueError as error:
        if text.lstrip().startswith("{") and text.strip().count("\n"):
            yield from read_json_lines(path, encoding)
            return
        raise PageError(_("不是有效的 JSON（%(error)s）。") % {"error": error}) from error
    rows = _articles_in(found) or (found if isinstance(found, list) else [found])
    for number, item in enumerate(rows, start=1):
        yield number, _or_reason(page_of_object, item)


def _open(path, encoding):
    # Bytes that cannot be decoded cost their own row only: _clean() finds the surrogates.
    return path.open(encoding=encoding_of(path, encoding), errors="surrogateescape", newline="")


def _lines(file, *, keep_long=False):
    """Lines of LONGEST_ROW characters at most. A longer one raises PageError; with `keep_long` it is yielded cut short."""
    while line := file.readline(LONGEST_ROW + 1):
        if len(line) > LONGEST_ROW:
            if not keep_long:
                raise PageError(_("有一行太长，从这一行起没有读取。"))
            while (more := file.readline(LONGEST_ROW)) and not more.endswith("\n"):
                pass
        yield line


def _row(cells, columns, width):
    if any(cell.strip() for cell in cells[width:]):
        return PageError(_("这一行的列比标题行多，正文里的逗号和引号要放在引号内。"))
    return _or_reason(page_of_cells, cells, columns)


def _from_json(line):
    if len(line) > LONGEST_ROW:
        return PageError(_("这一行太长。"))
    try:
        return _or_reason(page_of_object, json.loads(line))
    except RecursionError:
        return PageError(_("JSON 嵌套太深。"))
    except ValueError as error:
        return PageError(_("不是有效的 JSON（%(error)s）。") % {"error": error})


def _or_reason(read, *arguments):
    try:
        return read(*arguments)
    except PageError as error:
        return error


def _articles_in(found, depth=0):
    """The rows of a JSON file: those of a list, of a list somewhere in an object such as {"data": {"list": […]}}, or the object."""
    if isinstance(found, list):
        is_list = depth == _DEEPEST or any(
            isinstance(item, dict) and names_an_article(item) for item in found
        )
        return found if is_list else [row for item in found for row in _articles_below(item, depth)]
    return [found] if isinstance(found, dict) and names_an_article(found) else _articles_below(found, depth)


def _articles_below(found, depth):
    if not isinstance(found, dict) or depth == _DEEPEST:
        return []
    inner = (_articles_in(value, depth + 1) for value in found.values() if isinstance(value, list | dict))
    return next(filter(None, inner), [])
