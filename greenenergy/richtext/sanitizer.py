"""What a rich text may hold: one allow-list for whatever the editor, an import or the shell brings.

nh3's time is quadratic in the nesting depth (1 MB of nested tags does not finish in three
minutes), and html5ever compares every attribute of a tag with all others: size, depth and
attributes are limited by a scan in linear time *before* the cleaner sees the text.
"""

import re

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from greenenergy.text.characters import clean_text

MAX_BYTES = 600_000  # 200,000 Chinese characters; the cleaner's worst case then costs about 3 s
MAX_DEPTH = 60
MAX_ATTRIBUTES_PER_TAG = 40

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6",
    "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "mark", "code", "pre",
    "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "a",
    "figure", "figcaption", "img",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "*": set(),  # nh3's default allows lang and title on every tag
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope", "class"},
    "td": {"colspan", "rowspan", "class"},
    **{tag: {"class"} for tag in ("p", "h2", "h3", "h4", "figure")},
}
CLASSES = {"align-left", "align-center", "align-right", "image"}  # "image": the editor's own figures
_DROPPED_FROM_URLS = re.compile(r"[\t\n\r]")  # by browsers: "/<tab>/host" is "//host"
_STRIPPED_FROM_URLS = "".join(map(chr, range(0x21)))
_SMALL_NUMBERS = {"width", "height", "colspan", "rowspan", "start"}


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """The value to store, or None to drop the attribute.

    `//host` becomes `https://host`; it would take the scheme of the page.
    """
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name in _SMALL_NUMBERS:
        return value if re.fullmatch(r"[0-9]{1,4}", value) else None
    if name in ("href", "src"):
        value = _DROPPED_FROM_URLS.sub("", value).strip(_STRIPPED_FROM_URLS)
        if re.match(r"[\\/]{2}", value):
            return "https://" + value.lstrip("\\/")
        first = re.split(r"[/?#]", value, maxsplit=1)[0]
        if ":" in first and not re.match(r"(https?|mailto|tel):", first, re.IGNORECASE):
            return None  # neither an allowed scheme nor a relative URL
    return value


_REMOVED_WITH_CONTENT = {
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript",
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_filter_attribute,
    clean_content_tags=_REMOVED_WITH_CONTENT,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)

# Void elements, and elements whose end tag is optional: a new one ends the one before.
_UNCOUNTED = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:[^\s/>=]|=(?=[^\s/>]))[^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*))?"""
)
_H1 = re.compile(r"<(/?)h1(?=[\s/>])", re.IGNORECASE)
_PRE = re.compile(r"<pre>\n+")
_NO_PICTURE = re.compile(r"(?:mailto|tel):|$", re.IGNORECASE)
_IMG = re.compile(r'<img\b[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_SRC = re.compile(r'\ssrc="([^"]*)"')
_ALT = re.compile(r'\salt="([^"]*)"')


class RichTextError(ValidationError):
    """The text is too large or too deeply nested to be cleaned. Nothing of it was stored."""


def check_limits(text: str, max_bytes: int = MAX_BYTES) -> None:
    """Raise RichTextError where `text` could cost the cleaner more than linear time.

    Depth is the number of tags opened and not closed by name. So it includes formatting tags left
    open, which a parser reopens in each paragraph. Tags with an implied end are not counted: each
    nests at most once within a counted one.
    """
    _check_size(text, max_bytes)
    open_tags: dict[str, int] = {}
    depth = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if match[1]:
            if open_tags.get(name):
                open_tags[name] -= 1
                depth -= 1
            continue
        _check_attributes(text, match.end())
        if name in _UNCOUNTED:
            continue
        open_tags[name] = open_tags.get(name, 0) + 1
        depth += 1
        if depth > MAX_DEPTH:
            raise RichTextError(
                _("正文的格式嵌套太深（超过 %(limit)d 层）。请选中全文，点“清除格式”后再保存。")
                % {"limit": MAX_DEPTH},
                code="too_deep",
            )


def _check_size(text: str, max_bytes: int) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise RichTextError(
            _("正文太大：%(size)d KB，最多 %(limit)d KB。请把文章分成几篇，图片请用“图片”按钮上传。")
            % {"size": -(-size // 1000), "limit": max_bytes // 1000},
            code="too_large",
        )


def _check_attributes(text: str, position: int) -> None:
    """The attributes of the tag whose name ends at `position`."""
    for _count in range(MAX_ATTRIBUTES_PER_TAG):
        match = _ATTRIBUTE.match(text, position)
        if not match:
            return
        position = match.end()
    if _ATTRIBUTE.match(text, position):
        raise RichTextError(
            _("正文里有一个标签带了太多属性（超过 %(limit)d 个）。请选中全文，点“清除格式”后再保存。")
            % {"limit": MAX_ATTRIBUTES_PER_TAG},
            code="too_many_attributes",
        )


def sanitize(text: str) -> str:
    """Allowed HTML only; raises RichTextError over the limits. Clean text comes back unchanged.

    A picture on another host becomes a link to it: readers' browsers send no request to other
    hosts, and what the editor pasted is not lost.
    """
    check_limits(text)
    clean = _clean(text)
    shown = _IMG.sub(_picture_of_this_site, clean)
    if shown != clean:
        shown = _clean(shown)  # a link may now be nested in a link
    _check_size(shown, MAX_BYTES)  # & became &amp;: what is stored must pass the limits again
    return shown


def count_foreign_pictures(text: str) -> int:
    """How many pictures of `text` sanitize() turns into links."""
    return sum(_is_foreign(match[0]) for match in _IMG.finditer(_clean(text)))


def _clean(text: str) -> str:
    # <h1> is the article's title. A parser drops the first line break in <pre>, every time it parses.
    clean = _CLEANER.clean(_H1.sub(r"<\1h2", clean_text(text)))
    while (
        tidied := clean_text(clean)
    ) != clean:  # &#8203; has become a character; without it a URL is another one
        clean = _CLEANER.clean(tidied)
    return _PRE.sub("<pre>", clean)


def _is_foreign(picture: str) -> bool:
    source = _SRC.search(picture)
    return bool(source and re.match(r"https?:", source[1], re.IGNORECASE))


def _picture_of_this_site(match: re.Match[str]) -> str:
    """The <img> itself, a link where it is on another host, '' where it is no picture."""
    source = _SRC.search(match[0])
    if not source or _NO_PICTURE.match(source[1]):
        return ""
    if not _is_foreign(match[0]):
        return match[0]
    alt = _ALT.search(match[0])
    name = (alt and alt[1]) or source[1]
    return f'<a href="{source[1]}" rel="noopener noreferrer">{_("外站图片")}：{name.replace("<", "&lt;")}</a>'
