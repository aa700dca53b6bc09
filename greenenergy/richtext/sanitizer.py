"""What a rich text may hold: one allow-list for whatever the editor, an import or the shell brings.

nh3's time is quadratic in the nesting depth (1 MB of nested tags does not finish in three
minutes), and html5ever compares every attribute of a tag with all others: size, depth and
attributes are limited by a scan in linear time *before* the cleaner sees the text.
"""

import re
from collections import Counter
from typing import Any

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from greenenergy.text.characters import clean_text

from .blocks import FRAMES, WRAPPERS, TooLong, with_paragraphs
from .links import mended_link

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
    "ol": {"start", "type", "class"},
    "ul": {"class"},
    "th": {"colspan", "rowspan", "scope", "class"},
    "td": {"colspan", "rowspan", "class"},
    **{tag: {"class"} for tag in ("p", "h2", "h3", "h4", "figure")},
}
# "image": the editor's own figures. "written-numbers": a list whose items begin with their numbers (word-lists.js).
CLASSES = {"align-left", "align-center", "align-right", "image", "written-numbers"}
_SMALL_NUMBERS = {"width", "height", "colspan", "rowspan", "start"}


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """The value to store, or None to drop the attribute."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name == "type":
        return value if re.fullmatch(r"[1aAiI]", value) else None
    if name in _SMALL_NUMBERS:
        return value if re.fullmatch(r"[0-9]{1,4}", value) else None
    return mended_link(value, is_picture=name == "src") if name in ("href", "src") else value


def _filter_for_reading(tag: str, name: str, value: str) -> str | None:
    """The same, with what blocks.py reads: alignment, bold that is none, and the URL of what is loaded late."""
    if name == "data-src":
        return mended_link(value, is_picture=True)
    if name in ("style", "align"):
        mark = _STYLE_MARKS[tag in _FORMATS].search(value if name == "style" else f"text-align:{value}")
        return (mark[1] and mark[1].lower()) or "normal" if mark else None
    return _filter_attribute(tag, name, value)


_REMOVED_WITH_CONTENT = {
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript",
}  # fmt: skip
_FORMATS = {"b", "strong", "i", "em"}
_STYLE_MARKS = {
    False: re.compile(r"text-align:\s*(center|right|left|justify|start|end)\b", re.IGNORECASE),
    True: re.compile(r"(?:font-weight:\s*(?:[1-4]00|normal)|font-style:\s*normal)()", re.IGNORECASE),
}
_ALIGNED = WRAPPERS | {"p", "h2", "h3", "h4", "td", "th"}


def _cleaner(**options: Any) -> nh3.Cleaner:
    return nh3.Cleaner(
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        strip_comments=True,
        **options,
    )


_CLEANER = _cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_filter_attribute,
    clean_content_tags=_REMOVED_WITH_CONTENT,
)
# What is read before it is cleaned, with the blocks and videos that blocks.py replaces.
_READER = _cleaner(
    tags=TAGS | WRAPPERS | FRAMES,
    attributes={
        **ATTRIBUTES,
        **{tag: ATTRIBUTES.get(tag, set()) | {"style", "align"} for tag in _ALIGNED | _FORMATS},
        **{tag: ATTRIBUTES.get(tag, set()) | {"src", "data-src"} for tag in FRAMES | {"img"}},
    },
    attribute_filter=_filter_for_reading,
    clean_content_tags=_REMOVED_WITH_CONTENT - FRAMES,
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
_H1_AND_MENU = re.compile(r"<(/?)(h1|menu|dir)(?=[\s/>])", re.IGNORECASE)
_CARD = re.compile(r"<(?:mp-[a-z]|mpvoice|mpcpc|qqmusic|object|applet)", re.IGNORECASE)
_DRAWING = re.compile(r"<(?:svg|canvas)[\s/>]", re.IGNORECASE)
# Full-width and other wide spaces at the beginning of a paragraph or a line: the site's style sets the indent.
_INDENT = re.compile(
    r'((?:<(?:p|h[2-6]|li|dd|dt|blockquote|figcaption)(?: [^<>"]*(?:"[^"]*"[^<>"]*)*)?>|<br>)'
    r'(?:<(?:strong|b|em|i|u|s|small|mark|a)(?: [^<>"]*(?:"[^"]*"[^<>"]*)*)?>)*+)'
    r"[ \t\n]*+(?:&nbsp;|[\u3000\u2002-\u200a])(?:&nbsp;|[\s\u3000\u2002-\u200a])*+(?!</|<br>|$)"
)
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
        raise _too_large(size, max_bytes)


def _too_large(size: int, max_bytes: int) -> RichTextError:
    return RichTextError(
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
    hosts, and what the editor pasted is not lost. So does a video.
    """
    return _sanitize(text, Counter())


def losses(text: str) -> Counter[str]:
    """What sanitize() does not keep as it is, by kind, with its number.

    "foreign" pictures and "frame_link" (videos, embedded pages) become links; a "picture" without a
    file of its own, a "frame" without a URL and a "card" are dropped.
    """
    counts: Counter[str] = Counter()
    _sanitize(text, counts)
    return counts


def _sanitize(text: str, counts: Counter[str]) -> str:
    check_limits(text)
    text = _H1_AND_MENU.sub(_known_name, clean_text(text))
    counts["card"] += len(_CARD.findall(text))
    counts["picture"] += len(_DRAWING.findall(text))
    read = _READER.clean(text)
    while (
        tidied := clean_text(read)
    ) != read:  # &#8203; has become a character; without it a URL is another one
        read = _READER.clean(tidied)
    try:
        clean = with_paragraphs(read, max_length=2 * MAX_BYTES, frame_link=_frame_link, losses=counts)
    except TooLong:
        raise _too_large(2 * MAX_BYTES, MAX_BYTES) from None
    clean = _IMG.sub(lambda match: _picture_of_this_site(match, counts), clean)
    if clean != read:
        _check_size(clean, 2 * MAX_BYTES)
        clean = _CLEANER.clean(clean)  # a link may now be nested in a link
    # A parser drops the first line break in <pre>, every time it parses.
    clean = _INDENT.sub(r"\1", _PRE.sub("<pre>", clean))
    _check_size(clean, MAX_BYTES)  # & became &amp;: what is stored must pass the limits again
    for kind in [kind for kind, number in counts.items() if not number]:
        del counts[kind]
    return clean


def _known_name(match: re.Match[str]) -> str:
    # <h1> is the article's title.
    return f"<{match[1]}{'h2' if match[2].lower() == 'h1' else 'ul'}"


def _is_foreign(picture: str) -> bool:
    source = _SRC.search(picture)
    return bool(source and re.match(r"https?:", source[1], re.IGNORECASE))


def _picture_of_this_site(match: re.Match[str], counts: Counter[str]) -> str:
    """The <img> itself, a link where it is on another host, '' where it is no picture."""
    source = _SRC.search(match[0])
    if not source or _NO_PICTURE.match(source[1]):
        counts["picture"] += 1
        return ""
    if not _is_foreign(match[0]):
        return match[0]
    counts["foreign"] += 1
    alt = _ALT.search(match[0])
    name = (alt and alt[1]) or source[1]
    return _link(source[1], f"{_('外站图片')}：{name.replace('<', '&lt;')}")


def _frame_link(url: str) -> str:
    return _link(url, f"{_('视频或网页')}：{url.replace('<', '&lt;')}")


def _link(url: str, text: str) -> str:
    """Both are HTML already: they come out of the cleaner."""
    return f'<a href="{url}" rel="noopener noreferrer">{text}</a>'
