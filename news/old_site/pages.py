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
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from .blocks import Block, text_blocks, with_headings
from .body import read_body, without_signature
from .breadcrumbs import breadcrumbs, section_of
from .characters import PageError, decode, one_line
from .layout import find_layout, is_list_of_articles, meta_below, meta_lines_apart
from .markup import html_blocks
from .meta import Meta
from .page_head import PageHead, read_head
from .surroundings import could_be_section, is_greeting, is_noise, sounds_like_section

_HTML = re.compile(r"\s{0,99}<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|meta|title)\b", re.IGNORECASE)
_PROGRAM = re.compile(r"<\?php\b|\A\s*<%")
_BEGINNING = 4096  # characters, within which a program shows


@dataclass
class OldPage:
    """One article as an old page or table row has it.

    `published_at` is naive, in the site's time zone, unless the page gives an offset. `url` is that of the old site,
    `is_draft` says that visitors did not see it there.
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
    is_draft: bool = False
    notes: list[str] = field(default_factory=list)


def read_page(
    data: bytes, *, is_html: bool, encoding: str | None = None, sections: Collection[str] = ()
) -> OldPage:
    """The article of one saved page. Raises PageError, with the reason, if none is found.

    `sections` are the names of sections that the site has: above a headline, these are the article's section.
    """
    text = decode(data, encoding)
    if is_html and _PROGRAM.search(text[:_BEGINNING]):
        raise PageError(_("是网页程序的源码，不是网页；请保存它在浏览器里显示的页面。"))
    if is_html or _HTML.match(text):
        return _dissect(meta_lines_apart(html_blocks(text)), read_head(text), sections)
    return _dissect(text_blocks(text), PageHead(), sections)


def looks_like_page(beginning: bytes) -> bool:
    """Whether the first bytes of a file are those of an HTML page, and not of a program that would make one."""
    text = beginning.decode("latin-1").lstrip("\xef\xbb\xbf")
    return bool(_MARKUP.search(text)) and not _PROGRAM.search(text)


def _dissect(blocks, head, sections):
    crumbs = breadcrumbs(blocks)
    layout = find_layout(blocks, head, crumbs)
    if layout is None:
        raise PageError(_("没有找到标题。"))
    if not layout.is_sure and is_list_of_articles(blocks):
        raise PageError(_("像是文章列表，没有单独的一篇文章。"))
    body, tags, below = read_body(layout.title, layout.below)
    meta = layout.meta
    if not (meta and meta.published_at):
        last, body = meta_below(body, below)
        meta = last or meta or Meta()
    page = OldPage(
        layout.title.text, [], published_at=meta.published_at, views=meta.views, tags=tags or meta.tags
    )
    page.section = meta.section or _section_above(blocks, layout, crumbs, sections)
    if meta.unreadable_date:
        page.notes.append(_("看不懂发布时间“%(text)s”") % {"text": meta.unreadable_date[:30]})
    names = {name: getattr(meta, name) for name in ("source", "author", "editor")}
    page.blocks = with_headings(without_signature(body, names))
    page.source, page.author, page.editor = names.values()
    if not any(block.kind != "heading" for block in page.blocks):
        raise PageError(_("没有找到正文。"))
    _add_head(page, head)
    if head.is_html and not layout.is_sure:
        page.notes.append(_("标题不在 <title> 里，也不是 h1，请核对"))
    return page


def _add_head(page, head):
    """What the visible page does not say, and its head does."""
    page.published_at = page.published_at or head.published_at
    page.section = page.section or (head.section if could_be_section(head.section) else "")
    page.source = page.source or head.source
    page.author = page.author or head.author
    page.tags = page.tags or head.tags
    page.url = head.url


def _section_above(blocks, layout, crumbs, sections):
    """The section of a breadcrumb, or of a line above the headline that the site has as a section or that sounds like one."""
    above = [at for at in range(layout.at) if not is_greeting(blocks[at]) and not is_noise(blocks[at].text)]
    for at in reversed(above):
        if at in crumbs:
            return section_of(crumbs[at], layout.title.text)
    for at in reversed(above[-2:]):
        name = one_line(blocks[at].text)
        if blocks[at].kind in ("paragraph", "heading") and (name in sections or sounds_like_section(name)):
            return name
    return ""
