"""A saved page's markup, sanitized and parsed into a tree.

nh3 runs first, so that the code that looks for the article meets no broken or hostile markup. check_limits() runs before
nh3, whose time grows with the square of the nesting depth.
"""

import re
from collections.abc import Iterator
from html import unescape

import nh3
from django.utils.translation import gettext as _

from greenenergy.richtext.sanitizer import RichTextError, check_limits

from .characters import PageError

MAX_BYTES = 2_000_000  # of a page without scripts, styles and embedded pictures
MAX_TAGS = 100_000
MAX_DEPTH = 150  # includes tags with an implied end, which check_limits() does not count

HEADINGS = {f"h{level}": level for level in range(1, 7)}
INLINE = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
    "u": "u",
    "code": "code",
}
CONTAINERS = {
    "div", "section", "article", "main", "header", "footer", "aside", "nav", "center", "form", "td", "th", "blockquote",
}  # fmt: skip
MEDIA = {"video", "audio", "iframe", "embed", "object"}
BLOCKS = CONTAINERS | HEADINGS.keys() | MEDIA | {
    "p", "ul", "ol", "li", "dl", "dt", "dd", "pre", "hr", "img", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr",
}  # fmt: skip
# Where the URL of a picture stands: in src, or in one of these until a script moves it there.
LATE_SOURCES = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-echo",
    "data-url",
    "_src",
    "zoomfile",
    "file",
)
_WITHOUT_END = {"br", "hr", "img", "embed", "source"}

_CLEANER = nh3.Cleaner(
    tags=BLOCKS | INLINE.keys() | {"a", "br", "source"},
    attributes={
        **{tag: {"class", "id"} for tag in BLOCKS},
        **{tag: {"src", "data", "width", "height"} for tag in (*MEDIA, "source")},
        "a": {"href"},
        "img": {"src", "alt", *LATE_SOURCES},
        "table": {"class", "id", "border"},
        "td": {"class", "id", "colspan", "rowspan"},
        "th": {"class", "id", "colspan", "rowspan"},
    },
    clean_content_tags={
        "script", "style", "title", "select", "button", "textarea", "noscript", "svg", "math",
        "template", "canvas", "map", "xmp", "noembed", "noframes", "datalist",
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)  # fmt: skip

# Exact for the output of nh3: < occurs only before a tag, and attribute values are in double quotes.
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>|([^<]+)')
# Raw text for a browser, whatever it looks like.
_IN_A_FRAME = re.compile(r'(<iframe(?:"[^"]*"|[^">])*>)[^<]*(?:<(?!/iframe>)[^<]*)*')
_ATTRIBUTE = re.compile(r'([a-z_-]+)="([^"]*)"')
_EMBEDDED = re.compile(r"data:[a-zA-Z0-9/+.;=-]{0,80};base64,[A-Za-z0-9+/=%\s]*")
_SILENT = re.compile(r"<!--|<script\b|<style\b", re.IGNORECASE)
_SILENT_ENDS = {
    "<!--": re.compile("-->"),
    "<script": re.compile(r"</script[^>]*>", re.IGNORECASE),
    "<style": re.compile(r"</style[^>]*>", re.IGNORECASE),
}


class Node:
    """An element: its children are Nodes and strings.

    `lays_out`: a table or heading is somewhere below it.
    """

    __slots__ = ("attributes", "children", "lays_out", "tag")

    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.children = []
        self.lays_out = False

    @property
    def names(self) -> str:
        """Its class and id, which may show its purpose."""
        return f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}"

    @property
    def is_breadcrumb(self) -> bool:
        return "crumb" in self.names.lower()


def read_tree(markup: str) -> Node:
    """Parse a page. Raises PageError for markup that is too large or too deeply nested to be parsed safely."""
    markup = _EMBEDDED.sub("data:,", _without_silent_parts(markup))
    try:
        check_limits(markup, MAX_BYTES)
    except RichTextError as error:
        raise PageError(_reason(error.code)) from error
    if markup.count("<") > MAX_TAGS:
        raise PageError(_reason("too_many_tags"))
    return _tree(_CLEANER.clean(markup))


def _reason(code):
    return {
        "too_large": _("网页太大，除去脚本后仍超过 %(limit)d KB。") % {"limit": MAX_BYTES // 1000},
        "too_deep": _("网页的标签嵌套太深，无法安全地读取。"),
        "too_many_tags": _("网页的标签太多，无法安全地读取。"),
        "too_many_attributes": _("网页里有标签带了太多属性，无法安全地读取。"),
    }[code]


def _without_silent_parts(markup):
    """Without comments, scripts and styles, where < begins no tag. Takes linear time, even if an end is missing."""
    parts = []
    position = 0
    while start := _SILENT.search(markup, position):
        after = start.start() + 2 if start[0] == "<!--" else start.end()  # <!--> is a whole comment
        end = _SILENT_ENDS[start[0].lower()].search(markup, after)
        if not end:
            break
        parts.append(markup[position : start.start()])
        position = end.end()
    parts.append(markup[position:])
    return "".join(parts)


def _tree(clean):
    root = Node("div", {})
    stack = [root]
    for closing, tag, attributes, text in _TOKEN.findall(_IN_A_FRAME.sub(r"\1", clean)):
        if text:
            stack[-1].children.append(unescape(text))
        elif closing:
            if len(stack) > 1:
                stack.pop()
        else:
            node = Node(tag, {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)})
            stack[-1].children.append(node)
            if tag == "table" or tag in HEADINGS:
                _mark_as_layout(stack)
            if tag not in _WITHOUT_END:
                stack.append(node)
            if len(stack) > MAX_DEPTH:
                raise PageError(_reason("too_deep"))
    return root


def _mark_as_layout(stack):
    for node in reversed(stack):
        if node.lays_out:
            return
        node.lays_out = True


def find(node: Node, *tags: str) -> Iterator[Node]:
    """All elements with these tags below the node, in document order."""
    for child in node.children:
        if not isinstance(child, str):
            if child.tag in tags:
                yield child
            yield from find(child, *tags)


def words(node: Node, between: str = "\n") -> str:
    """The text below a node, with `between` in place of line breaks and around blocks."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag == "br":
            parts.append(between)
        elif child.tag in BLOCKS:
            parts += [between, words(child, between), between]
        else:
            parts.append(words(child, between))
    return "".join(parts)
