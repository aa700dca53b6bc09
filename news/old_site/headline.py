"""The headline of an old page, which anchors its article: what <title> begins with, else the h1."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from .blocks import Block
from .breadcrumbs import breadcrumb
from .characters import one_line
from .labels import is_meta_line
from .surroundings import is_bar, is_greeting, is_noise, is_surely_section

LONGEST_TITLE = 200
_COMPANY = re.compile(r".{2,40}(?:公司|集团|网站|官网)")
_BETWEEN = re.compile(r"\s*(?:[_|｜«»<>]+|--+|——+)\s*|\s+[-–—]+\s+|-(?=[^-]*$)")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_SHORTEST_BEGINNING, _SHORTEST_MATCH, _SHORTEST_CUT = 4, 6, 8  # letters
_NEAR = 6  # blocks, within which a headline's meta line or first paragraph follows
_FIRST_PROSE = 40  # characters of a paragraph that is more than a slogan


class Headline(NamedTuple):
    """`at` is the index of its block; `title` is that block's text, without a date that follows in the same block."""

    at: int
    title: str


def find_headline(blocks: list[Block], titles: list[str]) -> Headline | None:
    """The block that <title>, or another title in the page's head, names; else the h1; None where neither is there."""
    split = [list(filter(None, _BETWEEN.split(title))) for title in titles]
    pieces = [piece for title in split for piece in title]
    own = ["".join(_of_article(title)) for title in split]
    could_be = [at for at, block in enumerate(blocks) if _could_be_headline(block)]
    some = [at for at in could_be if not is_name_of_site(blocks[at].text)]
    at = _named_by(blocks, some, own, pieces)
    if at is None:
        at = _first_heading(blocks, some, pieces)
    if at is None:  # a headline may end like the name of a company: 省领导莅临示范公司
        others = [at for at in could_be if is_name_of_site(blocks[at].text) and _is_above_meta(blocks, at)]
        at = _named_by(blocks, others, titles, pieces)
    return None if at is None else Headline(at, _title_of(blocks[at].text, pieces))


def _of_article(pieces):
    """The pieces of a title that do not name the site or a section of it: 新闻中心-示范能源 has none."""
    own = [piece for piece in pieces if not is_name_of_site(piece)]
    is_short_name = len(pieces) > 1 and own == pieces[-1:] and len(letters(own[0])) < _SHORTEST_MATCH
    return [] if is_short_name else own


def names_of_site(titles: list[str]) -> set[str]:
    """The letters() of those pieces of <title> that name the site or a section of it."""
    split = [list(filter(None, _BETWEEN.split(title))) for title in titles]
    return {letters(piece) for pieces in split for piece in pieces if piece not in _of_article(pieces)}


def letters(text: str) -> str:
    """The letters and digits of a text in one form, to compare what differs in punctuation, spaces and width only."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_name_of_site(text: str) -> bool:
    return bool(is_surely_section(text) or _COMPANY.fullmatch(text))


def _could_be_headline(block):
    text = block.text
    return (
        block.kind in ("paragraph", "heading")
        and 2 <= len(text) <= LONGEST_TITLE * 2
        and not (is_greeting(block) or is_noise(text) or is_bar(text) or is_meta_line(text))
        and breadcrumb(block) is None
    )


def _named_by(blocks, could_be, titles, pieces):
    """The index of the block that has most of a title in common, or None."""
    names = [name for name in map(letters, titles) if name]
    longest = max((len(letters(piece)) for piece in pieces if not is_name_of_site(piece)), default=0)
    scores = {at: _common(letters(blocks[at].text), names, pieces) for at in could_be}
    best = max(scores.values(), default=0)
    if not best or best * 2 < longest:
        return None
    equal = [at for at in could_be if scores[at] == best]
    return min(
        equal,
        key=lambda at: (bool(blocks[at].asides), not _is_article_near(blocks, at), blocks[at].level or 9),
    )


def _common(text, names, pieces):
    """The number of letters that a block's text and a title have in common; 0 if neither begins or holds the other."""
    if len(text) < _SHORTEST_BEGINNING:
        return 0
    for name in names:
        if name.startswith(text) or (text in name and len(text) >= _SHORTEST_MATCH):
            return len(text)
    # Titles are cut short in <title>, and a subtitle or date may follow in the block; a whole match counts for more.
    cut = (letters(piece) for piece in pieces if not is_name_of_site(piece))
    return max(
        (len(piece) - 1 for piece in cut if len(piece) >= _SHORTEST_CUT and text.startswith(piece)), default=0
    )


def _is_article_near(blocks, at):
    return any(is_meta_line(block.text) or _is_text(block) for block in blocks[at + 1 : at + 1 + _NEAR])


def _is_above_meta(blocks, at):
    return any(is_meta_line(block.text) for block in blocks[at + 1 : at + 2])


def _is_text(block):
    return block.is_prose and len(block.text) >= _FIRST_PROSE and not is_greeting(block)


def _first_heading(blocks, could_be, pieces):
    """The index of the last h1 above the first paragraph, as the site's name may be an h1 above it; else of the first."""
    site = letters(pieces[-1]) if len(pieces) > 1 else ""
    tops = [at for at in could_be if blocks[at].level == 1 and letters(blocks[at].text) != site]
    first = next((at for at, block in enumerate(blocks) if _is_text(block)), len(blocks))
    above = [at for at in tops if at < first]
    return above[-1] if above else next(iter(tops), None)


def _title_of(text, pieces: Iterable[str]):
    for piece in pieces:
        rest = text.removeprefix(piece)
        if rest != text and is_meta_line(rest.strip()):
            return piece
    return one_line(text)
