"""The breadcrumb of an old page: 当前位置：首页 > 新闻中心 > 行业资讯, in one block or split over several."""

import re

from .blocks import Block
from .surroundings import HOME, could_be_section, is_menu_word

_CRUMBS_LABEL = re.compile(
    r"(?:您现在的|您的|你的|您|现在|当前|所在)?(?:当前|所在)?(?:位置|在)(?:是)?\s{0,3}[:：]\s{0,3}"
)
_CRUMBS_BETWEEN = re.compile(r"\s{0,3}(?:>+|》+|»+|›+|＞+|→+|/|\||::|--+|\s-\s|\n)\s{0,3}")
_STARTS_OR_ENDS_BETWEEN = re.compile(r"(?:>|》|»|›|＞|→).*|.*(?:>|》|»|›|＞|→)", re.DOTALL)
_LONGEST = 200
_LONGEST_PIECE = 30  # of a breadcrumb that is split over several blocks
_MOST_NAMES = 6


def breadcrumb(block: Block) -> list[str] | None:
    """The names of a breadcrumb without menu words (首页, 正文); None for a block that is no breadcrumb."""
    if len(block.text) > _LONGEST or block.kind not in ("paragraph", "heading", "list", "menu"):
        return None
    label = _CRUMBS_LABEL.match(block.text)
    text = block.text[label.end() :] if label else block.text
    names = [name for name in (part.strip(" :：") for part in _CRUMBS_BETWEEN.split(text)) if name]
    leads_home = (
        1 < len(names) <= _MOST_NAMES
        and names[0] in HOME
        and block.kind in ("paragraph", "heading")
        and "\n" not in text
        and "|" not in text  # which separates the items of a menu
    )
    if not (label or block.crumbs or leads_home):
        return None
    return [name for name in names if not is_menu_word(name)]


def is_breadcrumb_line(text: str) -> bool:
    return breadcrumb(Block("paragraph", text, "")) is not None


def breadcrumbs(blocks: list[Block]) -> dict[int, list[str]]:
    """{index of each block that is a breadcrumb, or a piece of one: the names of the whole}."""
    found = {}
    at = 0
    while at < len(blocks):
        end = _end_of_pieces(blocks, at)
        whole = blocks[at]
        if end > at + 1:
            text = " > ".join(block.text.strip(" >》»›＞→") for block in blocks[at:end])
            whole = Block("paragraph", text.replace("： > ", "：").replace(": > ", ": "), "")
        names = breadcrumb(whole)
        if names is not None:
            found.update(dict.fromkeys(range(at, end), names))
        at = end
    return found


def _end_of_pieces(blocks, at):
    """The index after the pieces of the breadcrumb that begins with a label or 首页 alone in its block; else at + 1."""
    first = blocks[at].text.strip()
    label = _CRUMBS_LABEL.match(first)
    if not (first in HOME or (label and not first[label.end() :].strip())):
        return at + 1
    end = at + 1
    is_open = bool(label)
    while end < len(blocks):
        block = blocks[end]
        is_between = bool(_STARTS_OR_ENDS_BETWEEN.fullmatch(block.text))
        is_piece = is_between or (is_open and block.kind != "heading") or block.text.strip() in HOME
        if len(block.text) > _LONGEST_PIECE or not is_piece:
            break
        is_open = block.text.rstrip().endswith((">", "》", "»", "›", "＞", "→"))
        end += 1
    return end


def section_of(names: list[str], title: str) -> str:
    """The section that a breadcrumb leads to: its last name but the page's own title; '' if it has none."""
    names = [name for name in names if could_be_section(name) and not _is_same(name, title)]
    return names[-1] if names else ""


def _is_same(name, title):
    """Long titles are cut short in breadcrumbs."""
    return name == title or (len(name) >= 6 and title.startswith(name.rstrip(".… ")))
