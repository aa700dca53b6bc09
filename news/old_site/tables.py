"""Tables: which hold data, and which only lay out a page."""

import re

from .characters import one_line
from .fragments import flat_html
from .labels import is_labelled
from .tree import Node, find, words

_LONG_CELL = 500  # characters
_MANY_PARAGRAPHS = 4
_SHORT_CELL = 60  # characters; most cells of a table of data are no longer


def is_layout(table: Node) -> bool:
    """Whether a table only lays out the page.

    It holds another table or the page's heading, has one column, or has a long cell or the meta line and does not look
    like data: headed or ruled, or three rows and more of mostly short cells.
    """
    rows = list(find(table, "tr"))
    cells = list(find(table, "td", "th"))
    if len(cells) <= len(rows) or next(find(table, "table", "h1", "h2"), None):
        return True
    if _is_headed(table) or (len(rows) > 2 and _is_mostly_short(cells)):
        return False
    return any(_is_long(cell) or is_labelled(one_line(words(cell))) or _has_heading(cell) for cell in cells)


def _is_headed(table):
    is_ruled = table.attributes.get("border", "0").strip("px ") not in ("", "0")
    return is_ruled or next(find(table, "th", "caption", "thead"), None) is not None


def _is_mostly_short(cells):
    short = sum(1 for cell in cells if len(one_line(words(cell))) <= _SHORT_CELL and not _has_heading(cell))
    return short * 4 >= len(cells) * 3


def _is_long(cell):
    return len(words(cell)) > _LONG_CELL or sum(1 for _part in find(cell, "p", "div")) > _MANY_PARAGRAPHS


def _has_heading(cell):
    return next(find(cell, "h3", "h4", "h5", "h6"), None) is not None


def table_html(node: Node) -> str:
    rows = []
    for row in find(node, "tr"):
        cells = (cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th"))
        rows.append("<tr>" + "".join(_cell_html(cell) for cell in cells) + "</tr>")
    captions = "".join(f"<caption>{flat_html(caption)}</caption>" for caption in find(node, "caption"))
    return f"<table>{captions}<tbody>" + "".join(rows) + "</tbody></table>"


def _cell_html(cell):
    spans = "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if re.fullmatch(r"[0-9]{1,3}", value := cell.attributes.get(name, ""))
    )
    return f"<{cell.tag}{spans}>{flat_html(cell)}</{cell.tag}>"
