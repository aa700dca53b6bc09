"""HTML to blocks: a saved page, or the body in a CSV or JSON row."""

import re
from html import escape, unescape

from .blocks import Block, text_blocks
from .characters import one_line
from .fragments import Line, list_html, picture_html, table_html
from .meta import is_labelled
from .tree import BLOCKS, CONTAINERS, HEADINGS, Node, find, read_tree, words

_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|head|body|p|div|br|h[1-6]|ul|ol|table|img|a|strong|b|em|i|span|font|section|blockquote|figure|pre)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_WINDOW_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    return bool(_LOOKS_LIKE_HTML.search(text[:100_000]))


def window_title(markup: str) -> str:
    """The content of <title>, or ''."""
    match = _WINDOW_TITLE.search(markup[:200_000])
    return one_line(unescape(match[1])) if match else ""


def html_blocks(markup: str) -> list[Block]:
    """The blocks of a page in document order, without scripts, side columns and form fields.

    Raises PageError for markup that is too large or too deeply nested to be parsed safely.
    """
    reader = _Reader()
    reader.read_all(read_tree(markup), ())
    return reader.blocks


class _Reader:
    """Walks a tree and collects blocks; text between blocks becomes paragraphs."""

    def __init__(self):
        self.blocks = []
        self._line = Line()
        self._gap = 0
        self._containers = 0
        self._keeps_breaks = False  # in <p> a single <br> stays; elsewhere it ends a paragraph
        self._margins = self._crumbs = 0

    def read_all(self, node, path, kind="paragraph"):
        self._read(node, path)
        self._flush(path, kind)

    def _read(self, node, path):
        for child in node.children:
            if isinstance(child, str):
                self._words(child, path)
            elif child.tag == "br":
                self._line.breaks += 1
            elif child.tag in BLOCKS:
                self._flush(path)
                self._block(child, path)
            else:
                self._line.open(child)
                self._read(child, path)
                self._line.close()

    def _words(self, text, path):
        breaks = self._line.breaks if text.strip() else 0
        if breaks == 1 and self._keeps_breaks:
            self._line.add_break()
        elif breaks:
            self._flush(path)
            self._gap += breaks > 1
        self._line.add(text)

    def _flush(self, path, kind="paragraph"):
        html, text, links, bold = self._line.take()
        if text:
            start = '<p class="align-center">' if kind == "caption" else "<p>"
            self._add(kind, text, f"{start}{html}</p>", path, links=links, bold=bold)

    def _add(self, kind, text, html, path, **more):
        place = {"path": path, "gap": self._gap, "margin": self._margins > 0, "crumbs": self._crumbs > 0}
        self.blocks.append(Block(kind, text, html, **place, **more))
        self._gap = 0

    def _block(self, node, path):
        match node.tag:
            case "img":
                self._picture(node, path)
            case "ul" | "ol":
                self._list(node, path)
            case "table":
                self._table(node, path)
            case "blockquote":
                self._quote(node, path)
            case "nav":
                self._menu(node, path)
            case "pre":
                self.blocks += [block.placed(path) for block in text_blocks(words(node))]
            case tag if tag in HEADINGS:
                self._heading(node, path)
            case "hr" | "aside":
                pass
            case _:
                self._container(node, path)

    def _container(self, node, path):
        if node.tag in CONTAINERS:
            self._containers += 1
            path = (*path, self._containers)
        before = len(self.blocks)
        state = self._keeps_breaks, self._margins, self._crumbs
        self._keeps_breaks = node.tag in ("p", "dt", "dd")
        self._margins += node.tag == "footer"
        self._crumbs += "crumb" in node.names
        self.read_all(node, path, "caption" if node.tag in ("figcaption", "caption") else "paragraph")
        self._keeps_breaks, self._margins, self._crumbs = state
        if node.tag == "p" and len(self.blocks) == before:
            self._gap += 1

    def _heading(self, node, path):
        text = one_line(words(node))
        if text:
            html = f"<{node.tag}>{escape(text, quote=False)}</{node.tag}>"
            self._add("heading", text, html, path, level=HEADINGS[node.tag])
        for picture in find(node, "img"):
            self._picture(picture, path)

    def _picture(self, node, path):
        if html := picture_html(node):
            self._add("picture", "", html, path)

    def _menu(self, node, path):
        items = tuple(line for line in map(one_line, words(node).split("\n")) if line)
        within = any("crumb" in part.names for part in (node, *find(node, "ol", "ul", "div")))
        if items:
            self._crumbs += within
            self._add("menu", "\n".join(items), "", path, items=items)
            self._crumbs -= within

    def _list(self, node, path):
        texts = (one_line(words(item)) for item in node.children if isinstance(item, Node))
        items = tuple(filter(None, texts))
        if node.lays_out or not items:
            self._container(node, path)
            return
        self._crumbs += "crumb" in node.names
        self._add("list", "\n".join(items), list_html(node), path, items=items)
        self._crumbs -= "crumb" in node.names

    def _table(self, node, path):
        if node.lays_out or _is_layout(node):
            self._container(node, path)
            return
        rows = (one_line(words(row, " ")) for row in find(node, "tr"))
        self._add("table", "\n".join(filter(None, rows)), table_html(node), path)

    def _quote(self, node, path):
        if node.lays_out:
            self._container(node, path)  # old pages indent their whole content this way
            return
        inner = _Reader()
        inner.read_all(node, ())
        if inner.blocks:
            text = "\n".join(block.text for block in inner.blocks if block.text)
            html = "".join(block.html for block in inner.blocks)
            self._add("quote", text, f"<blockquote>{html}</blockquote>", path)


def _is_layout(table):
    """Whether a table only lays out the page: it has one column, long cells, or the meta line in a cell."""
    cells = list(find(table, "td", "th"))
    rows = sum(1 for _row in find(table, "tr"))
    return len(cells) <= rows or any(_is_long(cell) or is_labelled(one_line(words(cell))) for cell in cells)


def _is_long(cell):
    return len(words(cell)) > 500 or sum(1 for _part in find(cell, "p", "div")) > 4
