"""The line of an old page's tags: 标签：光伏、储能."""

import re
from dataclasses import dataclass

from .blocks import Block, ends_a_sentence
from .characters import CJK, COLON
from .surroundings import is_bar, is_menu_word, is_perhaps_bar

_LABEL = re.compile(
    r"(?:文章|本文|此文|相关|内容|新闻)?(?:(?P<sure>标\s{0,3}签|tags?)|关键词|关键字|keywords?)"
    rf"\s{{0,3}}(?P<colon>{COLON}|>>|》|»|＞＞|→|[|｜])?\s{{0,9}}",
    re.IGNORECASE,
)
_STRONG = re.compile(r"[，、；,;|｜\n\t#]|\s{2,}")
_NUMBER = re.compile(r"[\d\s()（）+\-—]+")
_LONGEST_LINE = 200
_LONGEST_NAME = 30
_MOST_NAMES = 20


@dataclass(frozen=True)
class TagLine:
    """`is_sure`: the label is 标签, which ends an article; 关键词 may also stand above the body."""

    names: list[str]
    is_sure: bool


def read_tag_line(blocks: list[Block], at: int, *, below: bool = True) -> TagLine | None:
    """The tag line at this block. With `below`, a label alone may be followed by lines of one name each."""
    block = blocks[at]
    label = _LABEL.match(block.text)
    if not label or len(block.text) > _LONGEST_LINE or block.text.endswith("。"):
        return None
    line = block.text[label.end() :].strip()
    if not label["colon"] and not (block.links and line.split() == " ".join(block.links).split()):
        return None  # without a colon only links show that it is no sentence
    if line:
        names = list(block.links) if len(block.links) > 1 else split_line(line)
    else:
        names = _names_below(blocks[at + 1 : at + 1 + _MOST_NAMES]) if below else []
    return TagLine([name for name in names if len(name) <= _LONGEST_NAME][:_MOST_NAMES], bool(label["sure"]))


def split_line(line: str) -> list[str]:
    """The names of one line. Spaces separate Chinese names where nothing else does."""
    parts = _STRONG.split(line)
    if len(parts) == 1 and re.search(f"[{CJK}]", line):
        parts = line.replace("/", " ").split()
    return [name for name in (part.strip(" #") for part in parts) if name and name not in ("无", "暂无")]


def _names_below(blocks):
    names = []
    for block in blocks:
        lines = block.items or (block.links if len(block.links) > 1 else split_line(block.text))
        if block.kind not in ("paragraph", "list") or block.margin or is_bar(block.text):
            break
        if ends_a_sentence(block.text) or not all(_could_be_tag(line) for line in lines):
            break
        names += lines
    return names


def _could_be_tag(text):
    is_other = is_bar(text) or is_perhaps_bar(text) or is_menu_word(text) or _NUMBER.fullmatch(text)
    return not is_other and len(text) <= _LONGEST_NAME and not re.search(rf"{COLON}|有限公司|股份公司", text)
