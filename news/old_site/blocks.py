"""Blocks: the paragraphs, headings, lists and so on of a page, whether it was text or HTML."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import NamedTuple

from .characters import CJK, SPACES
from .dates import only_date

HEADING_LENGTH = 40
_SENTENCE = 20
RUN_OF_SHORT_LINES = 3  # consecutive short lines that are a list, a table or a postal address, not headings

_CLOSING = tuple("。！？；：，、…!?;:,.")
_CLOSING_BUT_QUESTION = tuple("。；，、…;,.")
_BRACKETS = "”’」』》）)】\"'"
_NUMBERINGS = (
    ("一", re.compile(r"第?[一二三四五六七八九十百]{1,4}(?:[、.．]|[章节篇]|部分)")),
    ("（一）", re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    ("1.", re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))")),
    ("（1）", re.compile(r"[（(]\d{1,2}[）)]")),
)
_NO_HEADING = re.compile(
    r"[-—•●·*◆■★▲→※#【\[（(]|图|表|注|时间|地点|电话|手机|地址|联系|邮箱|传真|网址|主办|承办|来源|作者|责任?编|记者|文[/／]|摄影|https?:|www\."
)
# What is set in bold, or even as a heading, and is none: captions, bylines, sources.
_NEVER_HEADING = re.compile(
    r"图为|图\s?[\d一二三四五六七八九十:：]|[△▲]|(?:本报|本网|特约)?(?:通讯员|记者|摄影|供稿|撰稿|作者|编辑|来源|责任?编|文[/／])(?:\s|[:：/／])|[-—]{2}|摘自|转自"
    r"|.{0,60}[（(\s].{0,20}(?:摄|摄影|供图|图/文)[)）]?$"
)
_WORD = re.compile(rf"[{CJK}A-Za-z]{{2}}")
_IMG = re.compile(r'<img src="([^"]*)" alt="([^"]*)">')


class File(NamedTuple):
    """A file that a page offers for download: its URL on the old site, and the words of the link."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page.

    kind      paragraph, heading, list, table, quote, picture, caption, menu, media (a video; `text` is empty)
    text      plain text, with the line breaks of the page
    html      markup made by this package: few tags; <img src alt> with the URL of the old page
    level     of a heading
    gap       number of empty lines or paragraphs before it
    path      the containers of an HTML page that it is in, outermost first
    links     the texts of its links
    files     the files that it offers for download
    asides    those of its containers that are named for something beside the article: comments, sharing, other articles
    bold      all its text is bold
    margin    it is in a footer
    crumbs    it is in an element whose class or id contains "crumb"
    items     the texts of a list's items
    """

    kind: str
    text: str
    html: str
    level: int = 0
    gap: int = 0
    path: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    asides: tuple[int, ...] = ()
    bold: bool = False
    margin: bool = False
    crumbs: bool = False
    items: tuple[str, ...] = ()

    def placed(self, path: tuple[int, ...]) -> "Block":
        return replace(self, path=path)

    @property
    def is_prose(self) -> bool:
        """A paragraph in sentences, which articles have, and menus, bars and headings have not."""
        return self.kind == "paragraph" and len(self.text) >= 20 and ends_a_sentence(self.text)


def paragraph(text: str, gap: int = 0) -> Block:
    return Block("paragraph", text, f"<p>{escape(text, quote=False)}</p>", gap=gap)


def text_blocks(text: str) -> list[Block]:
    """The blocks of plain text, one per line; empty lines are counted in the `gap` of the next block."""
    blocks = []
    gap = 0
    for line in text.split("\n"):
        line = " ".join(line.replace("\u3000", " ").split())
        if line:
            blocks.append(paragraph(line, gap))
            gap = 0
        else:
            gap += 1
    return blocks


def ends_a_sentence(text: str) -> bool:
    return text.rstrip(_BRACKETS + SPACES).endswith(_CLOSING)


def with_headings(blocks: list[Block]) -> list[Block]:
    """The same blocks, headings detected, with levels h2 and h3.

    Headings are blocks marked as such (h1…h6, short bold paragraphs). Where a page marks none, they are short lines
    without closing punctuation before a longer block.
    """
    blocks = [_without_false_mark(block) for block in blocks]
    marked = [block.kind == "heading" or (block.bold and _could_be_heading(block)) for block in blocks[:-1]]
    marked += [block.kind == "heading" for block in blocks[-1:]]
    if any(marked):
        top = min((block.level for block in blocks if block.kind == "heading"), default=0)
        levels = [2 if block.level == top else 3 for block in blocks]
    else:
        marked = _introducing_lines(blocks)
        levels = _levels_by_numbering(blocks, marked)
    return [
        _as_heading(block, level) if is_heading else block
        for block, is_heading, level in zip(blocks, marked, levels, strict=True)
    ]


def _without_false_mark(block):
    """A paragraph in place of a heading that is a caption, a byline or a whole sentence."""
    if block.kind != "heading" or not (_NEVER_HEADING.match(block.text) or _is_sentence(block.text)):
        return block
    return replace(block, kind="paragraph", level=0, html=f"<p>{escape(block.text, quote=False)}</p>")


def _is_sentence(text):
    return len(text) >= _SENTENCE and text.rstrip(_BRACKETS + SPACES).endswith("。")


def _as_heading(block, level):
    text = " ".join(block.text.split())
    return replace(
        block,
        kind="heading",
        text=text,
        level=level,
        html=f"<h{level}>{escape(text, quote=False)}</h{level}>",
    )


def _numbering(text):
    return next((name for name, pattern in _NUMBERINGS if pattern.match(text)), "")


def _could_be_heading(block):
    text = block.text
    if block.kind != "paragraph" or "\n" in text or len(text) > HEADING_LENGTH or not _WORD.search(text):
        return False
    bare = text.rstrip(_BRACKETS + SPACES)
    if _numbering(text):
        return not bare.endswith(_CLOSING_BUT_QUESTION)
    if _NEVER_HEADING.match(text) or bare.startswith(_CLOSING) or only_date(text):
        return False
    if block.bold:
        return not bare.endswith(_CLOSING_BUT_QUESTION)
    return not bare.endswith(_CLOSING) and not _NO_HEADING.match(text)


def _introducing_lines(blocks):
    """For each block, whether it is a heading although nothing marks it.

    A heading is followed by a longer block, or by a heading with another numbering. Without a numbering it needs empty
    lines around it, if the page has any.
    """
    styles = [_numbering(block.text) if _could_be_heading(block) else None for block in blocks]
    airy = any(block.gap for block in blocks[1:])
    headings = [False] * len(blocks)
    for at in range(len(blocks) - 2, -1, -1):
        style, following = styles[at], blocks[at + 1]
        if style is None:
            continue
        introduces = headings[at + 1] and styles[at + 1] != style
        if styles[at + 1] is None:
            introduces = only_date(following.text) is None  # a line above a date is a signature
        if style == "" and airy:
            introduces = introduces and following.gap and (blocks[at].gap or at == 0)
        elif style == "":
            introduces = introduces and (following.is_prose or headings[at + 1])
        headings[at] = bool(introduces)
    return _without_lists(blocks, headings)


def _without_lists(blocks, headings):
    """A short line after several others is the last line of a list, not a heading."""
    run = 0
    for at, block in enumerate(blocks):
        is_short = len(block.text) <= HEADING_LENGTH and not ends_a_sentence(block.text)
        run = run + 1 if is_short and block.kind == "paragraph" and not _numbering(block.text) else 0
        if run >= RUN_OF_SHORT_LINES:
            headings[at] = False
    return headings


def _levels_by_numbering(blocks, marked):
    ranks = [3 if _numbering(block.text) in ("（一）", "1.", "（1）") else 2 for block in blocks]
    has_outer = any(rank == 2 for rank, is_heading in zip(ranks, marked, strict=True) if is_heading)
    return ranks if has_outer else [2] * len(ranks)


def picture_urls(blocks: Iterable[Block]) -> list[str]:
    """The URLs of the pictures, as the old page has them."""
    return [unescape(source) for block in blocks for source, _alt in _IMG.findall(block.html)]


def body_html(blocks: Iterable[Block], picture: Callable[[str, str], str]) -> str:
    """The blocks as the body of an article. `picture(src, alt)` returns the markup of a picture, or '' to leave it out."""

    def put(match):
        return picture(unescape(match[1]), unescape(match[2]))

    parts = []
    for block in blocks:
        html = _IMG.sub(put, block.html) if "<img" in block.html else block.html
        parts.append(f'<p class="align-center">{html}</p>' if html and block.kind == "picture" else html)
    return "\n".join(filter(None, parts))
