"""HTML to blocks: a saved page, or the body in a CSV or JSON row."""

import re
from html import escape

from .blocks import Block, File, ends_a_sentence, paragraph, text_blocks
from .breadcrumbs import is_breadcrumb_line
from .characters import one_line
from .fragments import Line, files_in, list_html, media_html, media_in, media_source, picture_html
from .labels import is_meta_line
from .surroundings import is_aside
from .tables import is_layout, table_html
from .tree import BLOCKS, CONTAINERS, HEADINGS, MEDIA, Node, find, read_tree, words

_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|head|body|p|div|br|h[1-6]|ul|ol|table|img|a|strong|b|em|i|span|font|section|blockquote|figure|pre)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_LONGEST_HEADING = 120


def looks_like_html(text: str) -> bool:
    return bool(_LOOKS_LIKE_HTML.search(text[:100_000]))


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
        self._asides = ()

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
        html, text, links, files, bold = self._line.take()
        if text:
            start = '<p class="align-center">' if kind == "caption" else "<p>"
            self._add(kind, text, f"{start}{html}</p>", path, links=links, files=files, bold=bold)

    def _add(self, kind, text, html, path, **more):
        state = {
            "gap": self._gap,
            "margin": self._margins > 0,
            "crumbs": self._crumbs > 0,
            "asides": self._asides,
        }
        self.blocks.append(Block(kind, text, html, path=path, **state, **more))
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
            case tag if tag in MEDIA:
                self._media(node, path)
            case tag if tag in HEADINGS:
                self._heading(node, path)
            case "hr" | "aside":
                pass
            case _:
                self._container(node, path)

    def _container(self, node, path):
        before = len(self.blocks)
        state = self._keeps_breaks, self._margins, self._crumbs, self._asides
        if node.tag in CONTAINERS or is_aside(node.names):
            self._containers += 1
            path = (*path, self._containers)
            if is_aside(node.names):
                self._asides = (*self._asides, self._containers)
        self._keeps_breaks = node.tag in ("p", "dt", "dd")
        self._margins += node.tag == "footer"
        self._crumbs += node.is_breadcrumb
        self.read_all(node, path, "caption" if node.tag in ("figcaption", "caption") else "paragraph")
        self._keeps_breaks, self._margins, self._crumbs, self._asides = state
        if node.tag == "p" and len(self.blocks) == before:
            self._gap += 1

    def _heading(self, node, path):
        lines = [line for line in map(one_line, words(node).split("\n")) if line]
        if _are_text(lines) or (len(lines) > 1 and any(map(is_breadcrumb_line, lines))):
            self._container(node, path)
            return
        meta = next((at for at, line in enumerate(lines) if is_meta_line(line)), len(lines))
        if text := " ".join(lines[:meta]):
            html = f"<{node.tag}>{escape(text, quote=False)}</{node.tag}>"
            links = tuple(one_line(words(link)) for link in find(node, "a"))
            self._add("heading", text, html, path, level=HEADINGS[node.tag], links=links)
        for line in lines[meta:]:
            self._add("paragraph", line, paragraph(line).html, path)
        for picture in find(node, "img"):
            self._picture(picture, path)

    def _picture(self, node, path):
        if html := picture_html(node):
            self._add("picture", "", html, path)

    def _media(self, node, path):
        if source := media_source(node):
            self._add("media", "", media_html(source), path, files=(File(source, ""),))

    def _menu(self, node, path):
        items = tuple(line for line in map(one_line, words(node).split("\n")) if line)
        within = any(part.is_breadcrumb for part in (node, *find(node, "ol", "ul", "div")))
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
        if is_aside(node.names):
            self._containers += 1
            self._asides = (*self._asides, self._containers)
        self._crumbs += node.is_breadcrumb
        links = tuple(one_line(words(link)) for link in find(node, "a"))
        self._add(
            "list", "\n".join(items), list_html(node), path, items=items, links=links, files=files_in(node)
        )
        self._crumbs -= node.is_breadcrumb
        self._asides = self._asides[: len(self._asides) - is_aside(node.names)]
        self._media_in(node, path)

    def _table(self, node, path):
        if is_layout(node):
            self._container(node, path)
            return
        rows = (one_line(words(row, " ")) for row in find(node, "tr"))
        self._add("table", "\n".join(filter(None, rows)), table_html(node), path, files=files_in(node))
        self._media_in(node, path)

    def _media_in(self, node, path):
        for media in media_in(node):
            self._media(media, path)

    def _quote(self, node, path):
        if node.lays_out:
            self._container(node, path)  # old pages indent their whole content this way
            return
        inner = _Reader()
        inner.read_all(node, ())
        if inner.blocks:
            text = "\n".join(block.text for block in inner.blocks if block.text)
            html = "".join(block.html for block in inner.blocks)
            files = tuple(file for block in inner.blocks for file in block.files)
            self._add("quote", text, f"<blockquote>{html}</blockquote>", path, files=files)


def _are_text(lines):
    """Whether a heading holds what readers would not call one: paragraphs, as pages do that want large letters."""
    if sum(map(len, lines)) > _LONGEST_HEADING:
        return True
    return any(
        (len(line) > 40 and line.endswith("。"))
        or (len(lines) > 1 and len(line) >= 20 and ends_a_sentence(line))
        for line in lines
    )
