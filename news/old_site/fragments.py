"""Markup of blocks: a paragraph while it is read, lists, pictures, videos, links to files."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from .blocks import File
from .characters import CJK, SPACES, one_line
from .tree import BLOCKS, INLINE, LATE_SOURCES, MEDIA, Node, find, words

# A line break in the source of a paragraph.
_WRAPPED = re.compile(rf"(?<=[{CJK}，。、；：？！”])[ \t]*\n\s*(?=[{CJK}“])")
_EMPTY_INLINE = re.compile(r"<(strong|em|sub|sup|u|code)></\1>")
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_REPEATED_BREAKS = re.compile(r"<br>(?:\s?<br>)+")
_PLACEHOLDER = re.compile(r"loading|lazy|blank|placeholder|spacer|grey\.|gray\.|^data:", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|zip|rar|7z)(?=$|[?#])", re.IGNORECASE)


def scheme_of(url: str) -> str:
    """The scheme of a URL in lower case; '' for a relative or malformed one."""
    try:
        return urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return ""


class Paragraph(NamedTuple):
    """`links` are the texts of all links; `bold`: all its text is."""

    html: str
    text: str
    links: tuple[str, ...]
    files: tuple[File, ...]
    bold: bool


class Line:
    """The paragraph that is being read: its text, and its markup, which is always balanced."""

    def __init__(self):
        self.breaks = 0  # <br>s since the last text
        self._open = []  # the inline elements that are open here: (opening tag, closing tag, its node)
        self._html, self._text = [], []
        self._links = []  # [href, text]
        self._bold = self._plain = 0

    def open(self, node: Node):
        opening, closing = _inline_tags(node)
        if node.tag == "a":
            self._links.append([node.attributes.get("href", ""), ""])
        self._open.append((opening, closing, node))
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
        tags = {node.tag for _opening, _closing, node in self._open}
        if "a" in tags:
            self._links[-1][1] += text
        if tags & {"strong", "b"}:
            self._bold += len(text.strip())
        else:
            self._plain += len(text.strip())

    def add_break(self):
        self._html.append("<br>")
        self._text.append("\n")
        self.breaks = 0

    def take(self) -> Paragraph:
        """End the paragraph. Open elements are closed in it, and opened again in the next one."""
        closings = "".join(closing for _opening, closing, _node in reversed(self._open))
        html = _tidy("".join(self._html) + closings)
        text = "\n".join(line.strip() for line in "".join(self._text).split("\n")).strip()
        links = [(href, words.strip()) for href, words in self._links if words.strip()]
        bold = bool(self._bold) and not self._plain
        self._html = [opening for opening, _closing, _node in self._open]
        self._text = []
        self._links = [
            [node.attributes.get("href", ""), ""] for _o, _c, node in self._open if node.tag == "a"
        ]
        self._bold = self._plain = self.breaks = 0
        files = tuple(File(href, words) for href, words in links if is_file(href, words))
        return Paragraph(html, text, tuple(words for _href, words in links), files, bold)


def is_file(href: str, name: str) -> bool:
    """Whether a link offers a file, by the suffix of its URL, or by that of its words where a script sends the file."""
    return bool(_FILE.search(href.strip()) or (href.strip() and _FILE.search(name)))


def files_in(node: Node) -> tuple[File, ...]:
    """The files that the links below a node offer."""
    links = [(link.attributes.get("href", ""), one_line(words(link))) for link in find(node, "a")]
    return tuple(File(href, name) for href, name in links if is_file(href, name))


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
        later = (node.attributes.get(name, "").strip() for name in LATE_SOURCES)
        source = next(filter(None, later), source)
    if not source:
        return ""
    return f'<img src="{escape(source)}" alt="{escape(one_line(node.attributes.get("alt", "")))}">'


def media_source(node: Node) -> str:
    """The URL that a video, a sound or a frame shows; '' where it has none, or is a counter that nobody sees."""
    if {node.attributes.get("width"), node.attributes.get("height")} & {"0", "1", "0px", "1px"}:
        return ""
    for part in (node, *find(node, "source", "embed")):
        if source := part.attributes.get("src", "").strip() or part.attributes.get("data", "").strip():
            return source
    return ""


def media_html(source: str) -> str:
    """A link in the place of a video, which an article cannot hold; '' where only the old site could show it."""
    source = f"https:{source}" if source.startswith("//") else source
    return f'<p><a href="{escape(source)}">观看视频</a></p>' if scheme_of(source) in ("http", "https") else ""


def media_in(node: Node) -> Iterator[Node]:
    """The videos, sounds and frames below a node, each once."""
    for child in node.children:
        if isinstance(child, Node):
            if child.tag in MEDIA:
                yield child
            else:
                yield from media_in(child)


def list_html(node: Node) -> str:
    items = (flat_html(item) for item in node.children if isinstance(item, Node))
    return f"<{node.tag}>" + "".join(f"<li>{item}</li>" for item in items if item) + f"</{node.tag}>"


def flat_html(node):
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
        elif child.tag in MEDIA:
            continue
        elif child.tag in BLOCKS:
            parts += ["<br>", flat_html(child), "<br>"]
        else:
            opening, closing = _inline_tags(child)
            parts += [opening, flat_html(child), closing]
    return _tidy("".join(parts))
