"""Where headline, meta line and the rest of an article stand among the blocks of a page.

The headline comes first: what stands above it belongs to the site, and the article's meta line is the one next to it.
Where neither <title> nor an h1 tells the headline, as in text pages, a meta line shows where it is.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from .blocks import Block, paragraph
from .breadcrumbs import breadcrumb
from .characters import one_line
from .headline import LONGEST_TITLE, find_headline, is_name_of_site, letters, names_of_site
from .labels import is_labelled, is_meta_line
from .meta import Meta, find_meta
from .names import is_organisation
from .page_head import PageHead
from .surroundings import could_be_section, is_bar, is_greeting, is_noise, is_perhaps_bar, is_surely_section

_FIRST_PROSE = 40  # characters of a paragraph that is more than a slogan
_NEAR_HEADLINE = 8  # blocks below it that may be the meta line
_PAST_DIGEST = 3  # blocks below a first paragraph, which may be a digest, or a heading
_ABOVE_HEADLINE = 3
_BELOW_BODY = 4
_MANY_TITLES = 2
_EXCLAMATIONS, _LONGEST_EXCLAMATION = ("！", "？", "!", "?"), 80  # titles may end so, and sentences


@dataclass
class Layout:
    """`title` is a copy of the headline's block, `at` its index, `below` what follows without the meta line.

    `is_sure`: <title> or an h1 says that this is the headline.
    """

    title: Block
    at: int
    below: list[Block]
    meta: Meta | None
    is_sure: bool


def find_layout(blocks: list[Block], head: PageHead, crumbs: dict[int, list[str]]) -> Layout | None:
    """None for a page without a headline. `crumbs` are its breadcrumbs."""
    headline = find_headline(blocks, head.titles)
    if headline is None:
        layout = _found_by_meta(blocks, crumbs, names_of_site(head.titles))
        if head.title and not (layout and layout.meta):  # the page shows it as a picture, or not at all
            below = [block for at, block in enumerate(blocks) if at not in crumbs]
            return Layout(Block("heading", head.title, ""), 0, below, None, is_sure=True)
        return layout
    block = blocks[headline.at]
    rest = one_line(block.text).removeprefix(headline.title).strip()
    below = [paragraph(rest).placed(block.path)] if rest else []
    below += [block for at, block in enumerate(blocks) if at > headline.at and at not in crumbs]
    layout = Layout(replace(block, text=headline.title), headline.at, below, None, is_sure=True)
    meta, start, end = _meta_below(block, below)
    if meta:
        layout.meta = meta
        layout.below = _without_department(below[:start], meta) + below[end:]
    else:
        layout.meta = _meta_above(blocks, headline.at)
    return layout


def meta_lines_apart(blocks: list[Block]) -> list[Block]:
    """Where title and meta line share one paragraph, with a line break between them, each line becomes a block."""
    apart = []
    in_prose = False
    for block in blocks:
        lines = block.text.split("\n")
        in_prose = in_prose or _is_first_prose(block)
        could_be = not in_prose and block.kind == "paragraph" and 1 < len(lines) <= 10
        if could_be and any(is_meta_line(line) for line in lines):
            apart += [replace(block, text=line, html=paragraph(line).html) for line in lines if line]
        else:
            apart.append(block)
    return apart


def meta_below(body: list[Block], below: list[Block]) -> tuple[Meta | None, list[Block]]:
    """(the meta of a line such as 发布日期：2019-03-01 at the end of the body or below it, the body without it).

    It is for pages that have a date nowhere else.
    """
    for at in range(max(1, len(body) - 2), len(body)):
        if is_labelled(body[at].text):
            meta, start, end = find_meta(body, [at])
            if meta and meta.published_at and start > 0:
                return meta, body[:start] + body[end:]
    meta = find_meta(below, [at for at, block in enumerate(below[:_BELOW_BODY]) if is_labelled(block.text)])[
        0
    ]
    return (meta if meta and meta.published_at else None), body


def is_list_of_articles(blocks: list[Block]) -> bool:
    """Whether several titles that are links stand above dates: the page of a section, and no article."""
    titles = sum(
        1
        for title, below in pairwise(blocks)
        if title.links == (one_line(title.text),)
        and (is_meta_line(below.text) or title.level == below.level > 0)
    )
    return titles >= _MANY_TITLES


def _is_first_prose(block):
    return block.is_prose and len(block.text) >= _FIRST_PROSE and not is_greeting(block)


# ---- around a headline that is known


def _meta_below(title, below):
    """find_meta() of what follows a headline: above the first paragraph; or just below it, if that may be a digest."""
    first = next((at for at, block in enumerate(below) if _ends_head(block)), len(below))
    found = find_meta(below, list(range(min(first + 1, _NEAR_HEADLINE, len(below)))))
    if found[0] or first == len(below) or not _is_first_prose(below[first]):
        return found
    past_digest = []
    for at in range(first + 1, min(first + 1 + _PAST_DIGEST, len(below))):
        if below[at].is_prose or _ends_head(below[at]) or not set(below[at].asides) <= set(title.asides):
            break
        if is_labelled(below[at].text) and any(block.is_prose for block in below[at + 1 :]):
            past_digest.append(at)
    return find_meta(below, past_digest)


def _ends_head(block):
    return _is_first_prose(block) or block.kind == "table" or is_bar(block.text) or is_perhaps_bar(block.text)


def _without_department(between, meta):
    """The blocks between headline and meta line, without a department's name, which becomes the source."""
    kept = []
    for block in between:
        if block.kind == "paragraph" and is_organisation(block.text):
            meta.source = meta.source or block.text
        else:
            kept.append(block)
    return kept


def _meta_above(blocks, at):
    """The meta line above a headline, if it is in no container of its own with other blocks, as a side column is."""
    title = blocks[at]
    for place in range(at - 1, max(-1, at - 1 - _ABOVE_HEADLINE), -1):
        block = blocks[place]
        if block.path[: len(title.path)] != title.path and title.path[: len(block.path)] != block.path:
            return None
        if is_meta_line(block.text):
            others = [
                other for n, other in enumerate(blocks) if n not in (place, at) and other.path == block.path
            ]
            is_apart = block.path == title.path or not others
            return find_meta(blocks, [place])[0] if is_apart else None
    return None


# ---- a headline that only a meta line shows


def _found_by_meta(blocks, crumbs, site_names):
    meta, start, end = find_meta(blocks, _places_for_meta(blocks))
    head = [at for at in range(start) if not is_greeting(blocks[at]) and not is_noise(blocks[at].text)]
    head = [at for at in head if letters(blocks[at].text) not in site_names]
    if meta:
        title_at = _title_above(blocks, head)
    else:
        title_at = _title_without_meta(blocks, head, any(is_greeting(block) for block in blocks))
    if title_at is None:
        return None
    between = [blocks[at] for at in head if at > title_at and at not in crumbs] if meta else []
    title = blocks[title_at]
    return Layout(
        replace(title, text=one_line(title.text)),
        title_at,
        between + blocks[end if meta else title_at + 1 :],
        meta,
        False,
    )


def _places_for_meta(blocks):
    """Where a meta line may be: above the first prose, or just below a heading, as prose above it may be a slogan."""
    places = []
    in_prose = was_in_prose = False
    below_heading = 0
    for at, block in enumerate(blocks):
        below_heading = _PAST_DIGEST if block.kind == "heading" else below_heading - 1
        if block.kind in ("paragraph", "heading", "list", "table") and not is_greeting(block):
            is_below_long_title = at > 0 and not was_in_prose and is_labelled(block.text)
            if not in_prose or below_heading > 0 or is_below_long_title:
                places.append(at)
            was_in_prose, in_prose = in_prose, in_prose or _is_first_prose(block)
    return places


def _title_above(blocks, head):
    """The index of the title above a meta line: a heading, else the last line."""
    near = []
    for at in reversed(head[-4:]):
        block = blocks[at]
        if block.kind not in ("paragraph", "heading", "picture") or breadcrumb(block) is not None:
            break
        if block.text and len(block.text) <= LONGEST_TITLE * 2:
            near.append(at)
    if len(near) == 1 and is_surely_section(blocks[near[0]].text) and blocks[near[0]].level != 1:
        return None  # only a section: the title is missing
    for at in near:
        if blocks[at].kind == "heading" and not (is_name_of_site(blocks[at].text) and at != near[0]):
            return at
    return near[0] if near else None


def _title_without_meta(blocks, head, greeted):
    headings = [at for at in head if blocks[at].kind == "heading"]
    if headings:
        return min(headings, key=lambda at: (blocks[at].level, at))
    lines = []  # short lines above the first prose: section, title, perhaps a first heading
    for at in head:
        block = blocks[at]
        is_text = block.is_prose and not (
            block.text.endswith(_EXCLAMATIONS) and len(block.text) <= _LONGEST_EXCLAMATION
        )
        if block.kind != "paragraph" or is_text or len(block.text) > LONGEST_TITLE:
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
