"""Markup of blocks: a paragraph while it is read, lists, tables, pictures."""

import re
from html import escape
from urllib.parse import urlsplit

from .characters import CJK, SPACES, one_line
from .tree import BLOCKS, INLINE, Node, find

# A line break in the source of a paragraph.
_WRAPPED = re.compile(rf"(?<=[{CJK}，。、；：？！”])[ \t]*\n\s*(?=[{CJK}“])")
_EMPTY_INLINE = re.compile(r"<(strong|em|sub|sup|u|code)></\1>")
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_REPEATED_BREAKS = re.compile(r"<br>(?:\s?<br>)+")
_PLACEHOLDER = re.compile(r"loading|lazy|blank|placeholder|spacer|grey\.|gray\.", re.IGNORECASE)


def scheme_of(url: str) -> str:
    """The scheme of a URL in lower case; '' for a relative or malformed one."""
    try:
        return urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return ""


class Line:
    """The paragraph that is being read: its text, and its markup, which is always balanced."""

    def __init__(self):
        self.breaks = 0  # <br>s since the last text
        self._open = []  # the inline elements that are open here: (opening tag, closing tag, name)
        self._html, self._text, self._links = [], [], []
        self._bold = self._plain = 0

    def open(self, node: Node):
        opening, closing = _inline_tags(node)
        name = "a" if node.tag == "a" else INLINE[node.tag]
        if name == "a":
            self._links.append("")
        self._open.append((opening, closing, name))
        self._html.append(opening)

    def close(self):
        self._html.append(self._open.pop()[1])

    def add(self, text: str):
        text = re.sub(r"\s+", " ", _WRAPPED.sub("", text))
        if not self._text or self._text[-1].endswith(("\n", " ")):
            text = text.lstrip()
        if not text:
            return
        self._html.append(escape(text, quote=False))
        self._text.append(text)
        names = {name for _opening, _closing, name in self._open}
        if "a" in names:
            self._links[-1] += text
        if "strong" in names:
            self._bold += len(text.strip())
        else:
            self._plain += len(text.strip())

    def add_break(self):
        self._html.append("<br>")
        self._text.append("\n")
        self.breaks = 0

    def take(self) -> tuple[str, str, tuple[str, ...], bool]:
        """End the paragraph: (its markup, its text, the texts of its links, whether all of it is bold).

        Open elements are closed in it, and opened again in the next paragraph.
        """
        closings = "".join(closing for _opening, closing, _name in reversed(self._open))
        html = _tidy("".join(self._html) + closings)
        text = "\n".join(line.strip() for line in "".join(self._text).split("\n")).strip()
        links = tuple(link.strip() for link in self._links if link.strip())
        bold = bool(self._bold) and not self._plain
        self._html = [opening for opening, _closing, _name in self._open]
        self._text, self._links = [], [""] if self._open else []
        self._bold = self._plain = self.breaks = 0
        return html, text, links, bold


def _inline_tags(node):
    if node.tag != "a":
        return f"<{INLINE[node.tag]}>", f"</{INLINE[node.tag]}>"
    href = node.attributes.get("href", "").strip()
    if scheme_of(href) in ("http", "https", "mailto", "tel"):
        return f'<a href="{escape(href)}">', "</a>"
    return "", ""  # a relative URL leads to a page of the old site


def _tidy(html):
    html = _REPEATED_BREAKS.sub("<br>", _EMPTY_INLINE.sub("", html))
    return _EDGE_BREAKS.sub("", html.strip(SPACES + "\n"))


def picture_html(node: Node) -> str:
    """<img> in the one form that body_html() matches; '' for a picture without a URL."""
    source = node.attributes.get("src", "").strip()
    if not source or _PLACEHOLDER.search(source):
        later = (node.attributes.get(name, "").strip() for name in ("data-original", "data-src"))
        source = next(filter(None, later), source)
    if not source:
        return ""
    return f'<img src="{escape(source)}" alt="{escape(one_line(node.attributes.get("alt", "")))}">'


def list_html(node: Node) -> str:
    items = (_flat(item) for item in node.children if isinstance(item, Node))
    return f"<{node.tag}>" + "".join(f"<li>{item}</li>" for item in items if item) + f"</{node.tag}>"


def table_html(node: Node) -> str:
    rows = []
    for row in find(node, "tr"):
        cells = (cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th"))
        rows.append("<tr>" + "".join(_cell_html(cell) for cell in cells) + "</tr>")
    captions = "".join(f"<caption>{_flat(caption)}</caption>" for caption in find(node, "caption"))
    return f"<table>{captions}<tbody>" + "".join(rows) + "</tbody></table>"


def _cell_html(cell):
    spans = "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if re.fullmatch(r"[0-9]{1,3}", value := cell.attributes.get(name, ""))
    )
    return f"<{cell.tag}{spans}>{_flat(cell)}</{cell.tag}>"


def _flat(node):
    """The content of a list item or table cell: inline markup, nested lists, pictures; blocks become line breaks."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(escape(re.sub(r"\s+", " ", child), quote=False))
        elif child.tag == "br":
            parts.append("<br>")
        elif child.tag == "img":
            parts.append(picture_html(child))
        elif child.tag in ("ul", "ol"):
            parts.append(list_html(child))
        elif child.tag in BLOCKS:
            parts += ["<br>", _flat(child), "<br>"]
        else:
            opening, closing = _inline_tags(child)
            parts += [opening, _flat(child), closing]
    return _tidy("".join(parts))
