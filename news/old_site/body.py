"""The body of an article: where it ends, and what stands below or inside it and is not part of it."""

import re
from itertools import takewhile
from typing import NamedTuple

from .blocks import Block
from .characters import one_line
from .dates import without_dates
from .headline import letters
from .meta import read_signature
from .surroundings import is_bar, is_below, is_noise, is_perhaps_bar
from .tag_line import read_tag_line

_TEXT = 40  # characters of a paragraph that shows where the article's text is
_BULK = 0.7  # of those characters are in the container of the text
_CARD = 120  # characters of the longest summary in a list of other articles
_COUNTER = re.compile(r"[\d\s]{1,7}")
_DIGEST = 30  # letters of the shortest digest that is known by what it repeats


class Body(NamedTuple):
    """`below`: the blocks that stand between the body and the bar or the next article."""

    blocks: list[Block]
    tags: list[str]
    below: list[Block]


def read_body(title: Block, blocks: list[Block]) -> Body:
    """The body among the blocks below title and meta line."""
    blocks = _without_asides(title, blocks)
    end = _end_of_body(title, blocks)
    last_prose = max((at for at in range(end) if blocks[at].is_prose), default=-1)
    body, tags = [], []
    for at in range(end):
        block = blocks[at]
        if block.kind == "menu" or is_noise(block.text) or (not body and _is_idle(block, title)):
            continue
        if is_perhaps_bar(block.text) and at > last_prose:
            break
        line = read_tag_line(blocks, at, below=False)
        if line and (not body or at > last_prose):
            tags = tags or line.names
        else:
            body.append(block)
    below = (read_tag_line(blocks, at) for at in range(end, len(blocks)))
    tags = tags or next((line.names for line in below if line and line.is_sure), [])
    body = _without_links_below(_without_digest(body))
    return Body(body, tags, list(takewhile(_is_idle_below, blocks[end:])))


def _is_idle_below(block):
    return not (block.margin or is_bar(block.text) or is_perhaps_bar(block.text) or block.is_prose)


def without_signature(body: list[Block], known: dict[str, str]) -> list[Block]:
    """The body without lines such as （责任编辑：张三） above its first paragraph and below its last.

    They set source, author and editor in `known` where those are empty. A line that contradicts `known` stays.
    """
    prose = [at for at, block in enumerate(body) if block.is_prose] or [0]
    kept = []
    for at, block in enumerate(body):
        signed = None if prose[0] <= at <= prose[-1] else read_signature(block.text)
        given = {name: getattr(signed, name) for name in known if getattr(signed, name)} if signed else {}
        if given and all(known[name] in ("", value) for name, value in given.items()):
            known.update(given)
        else:
            kept.append(block)
    return kept


def _without_asides(title, blocks):
    """The blocks without those in elements named for comments, sharing and the like, if any text remains."""
    kept = [block for block in blocks if set(block.asides) <= set(title.asides) or block.files]
    return kept if any(_is_text(block) for block in kept) else blocks


def _is_idle(block, title):
    """Whether a block in front of the body only repeats the title, leads to the comments, or is what a counter left."""
    text = block.text
    is_said = letters(text) == letters(title.text) or is_below(text) or bool(_COUNTER.fullmatch(text))
    return is_said and bool(text)


def _end_of_body(title, blocks):
    """The index of the first block that certainly is not part of the article."""
    root = _common_root(title, blocks)
    begins_others = _begins_list_of_others(blocks, _container_of_text(blocks, root))
    has_begun = has_text = False
    for at, block in enumerate(blocks):
        if block.margin or block.path[: len(root)] != root:
            return at
        if is_bar(block.text) and (has_text or not is_below(block.text)):
            return at
        if has_begun and is_perhaps_bar(block.text) and begins_others[at]:
            return at
        line = read_tag_line(blocks, at, below=has_begun)
        if line and line.is_sure and has_begun:
            return at
        has_begun = has_begun or not (line or block.kind == "menu" or is_noise(block.text))
        has_text = has_text or _is_text(block)
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


def _container_of_text(blocks, root):
    """The path of the innermost container below `root` that has the bulk of the text."""
    texts = [block for block in blocks if _is_text(block) and block.path[: len(root)] == root]
    total = sum(len(block.text) for block in texts)
    first = texts[0].path if texts else root
    for depth in range(len(first), len(root), -1):
        inside = sum(len(block.text) for block in texts if block.path[:depth] == first[:depth])
        if inside >= _BULK * total:
            return first[:depth]
    return root


def _begins_list_of_others(blocks, container):
    """For each block, whether a heading such as 相关新闻 there begins a list of other articles, although paragraphs follow.

    It does where it has left the container of the text, and where only short summaries follow, each below its title.
    """
    begins = []
    cards, are_cards = 0, True  # of the paragraphs below
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        begins.append(block.path[: len(container)] != container or (cards > 1 and are_cards))
        if block.is_prose:
            cards += 1
            are_cards &= len(block.text) <= _CARD and at > 0 and blocks[at - 1].kind in ("heading", "picture")
    return begins[::-1]


def _without_digest(body):
    """The body without a digest in front that only repeats how the text begins."""
    if len(body) < 2 or body[0].kind not in ("paragraph", "quote"):
        return body
    digest = letters(re.sub(r"^(?:摘要|导读|核心提示|内容提要|内容简介|简介)\s*[:：]", "", body[0].text))
    rest = "".join(letters(block.text) for block in body[1:6])
    return body[1:] if len(digest) >= _DIGEST and rest.startswith(digest) else body


def _without_links_below(body: list[Block]) -> list[Block]:
    """The body without what leads to other articles below its last paragraph: lists of links, or links with a heading.

    Single links stay, and so do those that share a container with the text.
    """
    texts = {block.path for block in body if block.is_prose}
    end = len(body)
    while end > 1 and _leads_away(body[end - 1], is_apart=body[end - 1].path not in texts):
        end -= 1
    away = body[end:]
    is_list = len(away) > 1 or any(block.kind in ("list", "heading") for block in away)
    return body[:end] if is_list and any(block.kind == "paragraph" for block in body[:end]) else body


def _leads_away(block, *, is_apart):
    if block.files:
        return False
    if block.kind == "list":
        return len(block.items) > 1 and all(_is_link(item, block.links) for item in block.items)
    return is_apart and (
        block.kind == "heading" or (block.kind == "paragraph" and _is_link(block.text, block.links))
    )


def _is_link(text, links):
    """Whether a text is one of the links, or several, with nothing but a date beside them."""
    rest = without_dates(one_line(text))
    for link in sorted(map(one_line, links), key=len, reverse=True):
        rest = rest.replace(link, "")
    return bool(links) and not letters(rest)


def _is_text(block):
    return block.is_prose and len(block.text) >= _TEXT
