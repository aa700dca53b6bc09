"""Clean HTML as a page shows it: headings with anchors, pictures in the size that fits, tables that scroll.

The database holds plain HTML; what a page needs beyond it is added when it is shown. The input is
the output of sanitizer.sanitize(), so the patterns rely on its form.
"""

import html
import itertools
import re
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from greenenergy.media.markup import picture
from greenenergy.media.renditions import Renditions

BODY_SIZES = "(min-width: 776px) 680px, calc(100vw - 64px)"  # the reading column of news.css
_HEADING = re.compile(r"<(h[23])((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_IMG = re.compile(r'<img\b([^<>"]*(?:"[^"]*"[^<>"]*)*)>')
_LINK_OR_IMG = re.compile(rf"<a\b.*?</a>|{_IMG.pattern}", re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """One entry of the contents list."""

    anchor: str
    text: str
    level: int  # 2 or 3


@dataclass(frozen=True)
class Presented:
    html: SafeString
    headings: tuple[Heading, ...]


def present(clean_html: str) -> Presented:
    """The HTML that a page shows for a rich text, and its headings."""
    shown, headings = _with_anchors(clean_html)
    if "<img" in shown:
        shown = _LINK_OR_IMG.sub(_body_picture, shown)
    shown = _with_scrolling_tables(shown)
    return Presented(mark_safe(shown), headings)  # noqa: S308  clean before, and only our own HTML added


def _with_anchors(clean_html: str) -> tuple[str, tuple[Heading, ...]]:
    """An anchor is made of its heading's own words, so that it stays when something is written before it."""
    headings: list[Heading] = []
    taken: set[str] = set()

    def heading(match: re.Match[str]) -> str:
        tag, attributes, inner = match.groups()
        text = " ".join(html.unescape(_TAGS.sub("", inner)).split())
        if not text:
            return match[0]
        stem = anchor = "s-" + (slugify(text, allow_unicode=True)[:60] or "1")
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}-{number}"
        taken.add(anchor)
        headings.append(Heading(anchor, text, int(tag[1])))
        return f'<{tag}{attributes} id="{escape(anchor)}">{inner}</{tag}>'

    return _HEADING.sub(heading, clean_html), tuple(headings)


def _with_scrolling_tables(shown: str) -> str:
    numbers = itertools.count(1)

    def table(match: re.Match[str]) -> str:
        label = escape(_("表格 %(number)s，可以左右滑动") % {"number": next(numbers)})
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">{match[0]}</div>'

    return _TABLE.sub(table, shown)


def _body_picture(match: re.Match[str]) -> str:
    if match[0].startswith("<a"):  # a picture in a link opens the link, not itself
        return _IMG.sub(lambda image: _img(image, is_link=False), match[0])
    return _img(match, is_link=True)


def _img(match: re.Match[str], *, is_link: bool) -> str:
    attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
    url = attributes.get("src", "")
    shown = picture(
        url,
        sizes=BODY_SIZES,
        alt=attributes.get("alt", ""),
        width=attributes.get("width", ""),
        height=attributes.get("height", ""),
        css_class=attributes.get("class", ""),
        priority="",
    )
    if not is_link or not Renditions.of(url):
        return shown
    return format_html('<a class="zoom" href="{}">{}</a>', url, shown)
