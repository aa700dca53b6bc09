"""Tables that old sites export as .xls and that are HTML, or text with tabs, in truth."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from .characters import PageError, decode
from .columns import header_columns, known_columns, page_of_cells
from .records import Row, read_csv
from .tree import Node, find, read_tree, words

_LARGEST = 50_000_000  # bytes
_EXCEL = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04")


def read_sheet(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """The rows below the header of the table. Raises PageError for a true Excel file, and where there is no such table."""
    with path.open("rb") as file:
        data = file.read(_LARGEST)
    if data.startswith(_EXCEL):
        raise PageError(_("不能直接读取 Excel 文件，请另存为 CSV。"))
    if b"<table" not in data.lower():
        yield from read_csv(path, encoding)
        return
    table = max(find(read_tree(decode(data, encoding)), "table"), key=_known, default=Node("table", {}))
    rows = [[words(cell).strip() for cell in _cells(row)] for row in find(table, "tr")]
    columns = header_columns(rows[0] if rows else [])
    for number, cells in enumerate(rows[1:], start=2):
        if any(cells):
            try:
                yield number, page_of_cells(cells, columns)
            except PageError as error:
                yield number, error


def _known(table):
    first = next(find(table, "tr"), None)
    return len(known_columns([words(cell) for cell in _cells(first)])) if first else 0


def _cells(row):
    return [cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th")]
