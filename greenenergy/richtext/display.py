"""Clean HTML as a page shows it: headings with anchors, pictures in the size that fits, tables that scroll.

What is stored stays plain; what a page needs beyond it is added here, when it is shown. The input
is the output of richtext.sanitize(), so patterns may rely on its shape.
"""

import html
import itertools
import re
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from greenenergy.media.pictures import Renditions

BODY_SIZES = "(min-width: 776px) 680px, calc(100vw - 64px)"  # the reading column of news.css
BANNER_SIZES = "(min-width: 1160px) 1128px, calc(100vw - 32px)"
NARROW = "(max-width: 599px)"
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
    """The page's form of a rich text, and its headings.

    An anchor is made of the heading's own words, so that it outlives whatever is written before it.
    """
    headings, taken = [], set()

    def heading(match):
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

    shown = _HEADING.sub(heading, clean_html)
    if "<img" in shown:
        shown = _LINK_OR_IMG.sub(_body_picture, shown)
    tables = itertools.count(1)

    def table(match):
        label = escape(_("表格 %(number)s，可以左右滑动") % {"number": next(tables)})
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">{match[0]}</div>'

    shown = _TABLE.sub(table, shown)
    return Presented(mark_safe(shown), tuple(headings))  # noqa: S308  clean before, and nothing but our own since


def _body_picture(match):
    if match[0].startswith("<a"):  # a picture that links somewhere opens that, not itself
        return _IMG.sub(lambda image: _img(image, is_link=False), match[0])
    return _img(match, is_link=True)


def _img(match, *, is_link):
    attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
    shown = picture(
        attributes.get("src", ""),
        sizes=BODY_SIZES,
        alt=attributes.get("alt", ""),
        width=attributes.get("width", ""),
        height=attributes.get("height", ""),
        css_class=attributes.get("class", ""),
        priority="",
    )
    if not is_link or not Renditions.of(attributes.get("src", "")):
        return shown
    return format_html('<a class="zoom" href="{}">{}</a>', attributes["src"], shown)


def picture(url, *, sizes, alt="", width="", height="", css_class="", priority="low") -> SafeString:
    """An <img> of a known size, in a <picture> with its renditions where it has some.

    Old WebViews know no WebP: the type of the source keeps it from them. The largest picture of the
    first screen has the priority "high" and is loaded at once; all others are loaded when they come
    near, and with "low" give way to it.
    """
    img = _img_tag(url, alt, width, height, css_class, priority)
    source = _source(url, sizes)
    return format_html("<picture>{}{}</picture>", source, img) if source else img


def banner_picture(banner, *, is_first) -> SafeString:
    """The picture of a banner: `phone_picture` on narrow screens, where there is one."""
    priority = "high" if is_first else "low"
    img = _img_tag(banner.picture.url, banner.title, "", "", "carousel__picture", priority)
    narrow = (
        _source(banner.phone_picture.url, "calc(100vw - 32px)", media=NARROW) if banner.phone_picture else ""
    )
    return format_html("<picture>{}{}{}</picture>", narrow, _source(banner.picture.url, BANNER_SIZES), img)


def _img_tag(url, alt, width, height, css_class, priority):
    renditions = Renditions.of(url)
    if renditions and not (str(width).isdecimal() and str(height).isdecimal()):
        width, height = renditions.width, renditions.height
    pairs = [("src", url), ("alt", alt), ("width", width), ("height", height), ("class", css_class)]
    pairs += [("fetchpriority", priority), ("loading", "" if priority == "high" else "lazy")]
    shown = (f' {name}="{escape(value)}"' for name, value in pairs if value or name in ("src", "alt"))
    return mark_safe(f"<img{''.join(shown)}>")  # noqa: S308  each value is escaped


def _source(url, sizes, media=""):
    """A <source> of the renditions, or '' where there are none."""
    renditions = Renditions.of(url)
    if not renditions:
        return ""
    srcset = ", ".join(f"{address} {width}w" for address, width in renditions.sources)
    media = f' media="{escape(media)}"' if media else ""
    source = f'<source{media} type="image/webp" srcset="{escape(srcset)}" sizes="{escape(sizes)}">'
    return mark_safe(source)  # noqa: S308  each value is escaped
