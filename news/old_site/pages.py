"""The parts of an old article page: which of its blocks are what.

    您好,欢迎访问某某公司                       greeting, left out
    首页 > 新闻中心 > 行业资讯                  section
    标题
    发布时间:2023-07-18  人气:428  来源:…       meta line (meta.py), one line or several
    …                                           body
    标签:光伏,储能                              tags (tag_line.py)
    上一篇… 在线客服 服务热线 返回顶部 …        bar and footer, left out

Any part but title and body may be missing. Text and HTML pages are read alike; HTML gives headings, containers and
<title> as further hints.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from .blocks import Block, paragraph, text_blocks, with_headings
from .characters import PageError, decode, one_line
from .markup import html_blocks, window_title
from .meta import Meta, find_meta, is_meta_line, read_signature
from .surroundings import (
    breadcrumb,
    could_be_section,
    is_bar,
    is_greeting,
    is_noise,
    is_perhaps_bar,
    is_surely_section,
)
from .tag_line import read_tag_line

_LONGEST_TITLE = 200
_HTML = re.compile(r"\s{0,99}<(?:!doctype|html)\b", re.IGNORECASE)
_COMPANY = re.compile(r".{2,40}(?:公司|集团|网站|官网)")


@dataclass
class OldPage:
    """One article as an old page or table row has it.

    `published_at` is naive, in the site's time zone, unless the page gives an offset. `url` is that of the old site.
    `notes` tell the operator what could not be read.
    """

    title: str
    blocks: list[Block]
    section: str = ""
    published_at: datetime | None = None
    views: int | None = None
    tags: list[str] = field(default_factory=list)
    summary: str = ""
    source: str = ""
    source_url: str = ""
    author: str = ""
    editor: str = ""
    url: str = ""
    notes: list[str] = field(default_factory=list)


def read_page(data: bytes, *, is_html: bool, encoding: str | None = None) -> OldPage:
    """The article of one saved page. Raises PageError, with the reason, if none is found."""
    text = decode(data, encoding)
    if is_html or _HTML.match(text):
        return _dissect(_meta_lines_apart(html_blocks(text)), window_title(text))
    return _dissect(text_blocks(text), "")


def _dissect(blocks, window):
    meta, start, end = find_meta(blocks, _places_for_meta(blocks))
    head = [at for at in range(start) if not is_greeting(blocks[at]) and not is_noise(blocks[at].text)]
    if meta:
        title_at = _title_above(blocks, head, window)
    else:
        greeted = any(is_greeting(block) for block in blocks)
        title_at = _title_without_meta(blocks, head, window, greeted)
    if title_at is None:
        raise PageError(_("没有找到标题。"))
    title = one_line(blocks[title_at].text)
    behind = blocks[title_at + 1 :]
    if meta:
        between = [blocks[at] for at in head if at > title_at and breadcrumb(blocks[at]) is None]
        behind = between + blocks[end:]
    body, tags = _read_body(blocks[title_at], behind)
    meta = meta or Meta()
    page = OldPage(
        title=title,
        blocks=[],
        section=meta.section or _section_above(blocks, [at for at in head if at < title_at], title),
        published_at=meta.published_at,
        views=meta.views,
        tags=tags or meta.tags,
        source=meta.source,
        author=meta.author,
        editor=meta.editor,
    )
    if meta.unreadable_date:
        page.notes.append(_("看不懂发布时间“%(text)s”") % {"text": meta.unreadable_date[:30]})
    page.blocks = with_headings(_without_signature(page, body))
    if not any(block.kind != "heading" for block in page.blocks):
        raise PageError(_("没有找到正文。"))
    return page


# ---- above the body


def _meta_lines_apart(blocks):
    """Where title and meta line share one paragraph, with a line break between them, each line becomes a block."""
    apart = []
    in_prose = False
    for block in blocks:
        lines = block.text.split("\n")
        in_prose = in_prose or (block.is_prose and len(block.text) >= 40 and not is_greeting(block))
        could_be = not in_prose and block.kind == "paragraph" and 1 < len(lines) <= 10
        if could_be and any(is_meta_line(line) for line in lines):
            apart += [paragraph(line).placed(block.path) for line in lines if line]
        else:
            apart.append(block)
    return apart


def _places_for_meta(blocks):
    """Where a meta line may be: above the first prose, or just below a heading, as prose above it may be a slogan."""
    places = []
    in_prose = False
    below_heading = 0
    for at, block in enumerate(blocks):
        below_heading = 3 if block.kind == "heading" else below_heading - 1
        if block.kind in ("paragraph", "list", "table") and not is_greeting(block):
            if not in_prose or below_heading > 0:
                places.append(at)
            in_prose = in_prose or (block.is_prose and len(block.text) >= 40)
    return places


def _title_above(blocks, head, window):
    """The index of the title above a meta line: the text in <title>, else a heading, else the last line."""
    near = []
    for at in reversed(head[-4:]):
        block = blocks[at]
        if block.kind not in ("paragraph", "heading") or breadcrumb(block) is not None:
            break
        if len(block.text) <= _LONGEST_TITLE * 2:
            near.append(at)
    if len(near) == 1 and is_surely_section(blocks[near[0]].text) and blocks[near[0]].level != 1:
        return None  # only a section: the title is missing
    for at in near:
        text = one_line(blocks[at].text)
        if len(text) >= 6 and text in window:
            return at
    for at in near:
        block = blocks[at]
        is_other = is_surely_section(block.text) or _COMPANY.fullmatch(block.text)
        if block.kind == "heading" and not (is_other and at != near[0]):
            return at
    return near[0] if near else None


def _title_without_meta(blocks, head, window, greeted):
    for at in head:
        text = one_line(blocks[at].text)
        if len(text) >= 6 and window.startswith(text) and blocks[at].kind in ("paragraph", "heading"):
            return at
    headings = [at for at in head if blocks[at].kind == "heading"]
    if headings:
        return min(headings, key=lambda at: (blocks[at].level, at))
    lines = []  # short lines above the first prose: section, title, perhaps a first heading
    for at in head:
        block = blocks[at]
        if block.kind != "paragraph" or block.is_prose or len(block.text) > _LONGEST_TITLE:
            break
        if breadcrumb(block) is not None:
            greeted, lines = False, []
        else:
            lines.append(at)
    if lines and is_surely_section(blocks[lines[0]].text):
        return lines[1] if len(lines) > 1 else None
    if len(lines) > 1 and greeted and could_be_section(blocks[lines[0]].text):
        return lines[1]
    return lines[0] if lines else None


def _section_above(blocks, head, title):
    for at in reversed(head):
        names = breadcrumb(blocks[at])
        if names is not None:
            names = [name for name in names if could_be_section(name) and name != title]
            return names[-1] if names else ""
    for at in reversed(head[-2:]):
        block = blocks[at]
        if one_line(block.text) != title:
            return (
                block.text if block.kind in ("paragraph", "heading") and could_be_section(block.text) else ""
            )
    return ""


# ---- the body and below


def _read_body(title, blocks):
    """(blocks of the body, tags) of the blocks below title and meta line."""
    end = _end_of_body(title, blocks)
    last_prose = max((at for at in range(end) if blocks[at].is_prose), default=-1)
    body, tags = [], []
    for at in range(end):
        block = blocks[at]
        if block.kind == "menu" or is_noise(block.text) or (not body and one_line(block.text) == title.text):
            continue
        if is_perhaps_bar(block.text) and at > last_prose:
            break
        line = read_tag_line(blocks, at, below=False)
        if line and (not body or at > last_prose):
            tags = tags or line.names
        else:
            body.append(block)
    below = (read_tag_line(blocks, at) for at in range(end, len(blocks)))
    return body, tags or next((line.names for line in below if line and line.is_sure), [])


def _end_of_body(title, blocks):
    """The index of the first block that certainly is not part of the article."""
    root = _common_root(title, blocks)
    has_begun = False
    for at, block in enumerate(blocks):
        if block.margin or block.path[: len(root)] != root or is_bar(block.text):
            return at
        line = read_tag_line(blocks, at, below=has_begun)
        if line and line.is_sure and has_begun:
            return at
        has_begun = has_begun or not (line or block.kind == "menu" or is_noise(block.text))
    return len(blocks)


def _common_root(title, blocks):
    """The path of the innermost container of both the title and the first long block below it."""
    first = next((block for block in blocks if len(block.text) >= 30 and block.kind != "menu"), None)
    first = first or next(iter(blocks), title)
    root = []
    for one, other in zip(title.path, first.path, strict=False):
        if one != other:
            break
        root.append(one)
    return tuple(root)


def _without_signature(page, body):
    """The body without last lines such as （责任编辑：张三）, which set source, author and editor where those are empty."""
    while len(body) > 1 and (signed := read_signature(body[-1].text)):
        given = {
            name: getattr(signed, name) for name in ("source", "author", "editor") if getattr(signed, name)
        }
        if any(getattr(page, name) not in ("", value) for name, value in given.items()):
            break
        for name, value in given.items():
            setattr(page, name, value)
        body = body[:-1]
    return body
