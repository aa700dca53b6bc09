"""Blocks that the site does not know (<div>, <section>, <center>, …) become paragraphs, and videos become links.

Works on nh3's output, in one pass over its tags, so that what stood apart stays apart when the tags are
removed. The sanitizer cleans the result again: nothing here is relied on to make text safe.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

WRAPPERS = {
    "div", "section", "article", "aside", "center", "main", "header", "footer", "nav", "address", "details", "summary",
    "fieldset", "legend", "form", "hgroup", "dialog",
}  # fmt: skip
FRAMES = {"iframe", "video", "audio", "embed", "source"}
_VOID = {"br", "img", "embed", "source"}
_BLOCKS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "hr",
}  # fmt: skip
_ALWAYS_PARAGRAPHS = {"", "blockquote"}  # "" is the whole text
_PARAGRAPHS_IF_SEVERAL = {"li", "dd", "td", "th", "figure"}
_ONE_LINE = {
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dt",
    "figcaption",
    "caption",
}  # a block in them begins a new line
_ALIGNED = {"p", "h2", "h3", "h4", "td", "th"}

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)([^<>"]*(?:"[^"]*"[^<>"]*)*)>')
_MARK = re.compile(r' (?:style|align)="([a-z]*)"')
_LATE_SOURCE = re.compile(r' data-src="([^"]*)"')
_SOURCE = re.compile(r' src="([^"]*)"')
_HREF = re.compile(r' href="')
_TO_CHANGE = re.compile(
    rf'<(?:{"|".join(sorted(WRAPPERS | FRAMES))})\b|<a(?![^<>]* href=)|<[a-z0-9]+ [^<>]*(?:style|align|data-src)="'
)


class TooLong(Exception):
    """Formatting that is opened again in each block would make the text longer than allowed."""


@dataclass
class _Block:
    """An open block, or the whole text. `runs`: where its pieces of text stand in the output, and their alignment."""

    tag: str
    opening: int  # the place of its start tag in the output
    is_wrapped: bool = False  # it holds a wrapper
    sides: list[str] = field(default_factory=list)  # of its open wrappers: "center", "right" or ""
    runs: list[tuple[int, int, str]] = field(default_factory=list)


def with_paragraphs(
    clean: str, *, max_length: int, frame_link: Callable[[str], str], losses: Counter[str]
) -> str:
    """`clean` without what the site does not know; the same text where there is nothing of it.

    `frame_link(url)` is the HTML for a video or an embedded page. Each is counted in `losses`, with its kind.
    Raises TooLong.
    """
    if not _TO_CHANGE.search(clean):
        return clean
    return _Rewriting(max_length - len(clean), frame_link, losses).of(clean)


class _Rewriting:
    """Formatting never holds a block in the result: it is closed before each block and opened again within."""

    def __init__(self, room: int, frame_link: Callable[[str], str], losses: Counter[str]) -> None:
        self.room = room  # characters that may be added
        self.frame_link, self.losses = frame_link, losses
        self.out: list[str] = []
        self.blocks = [_Block("", 0)]
        self.formats: list[tuple[str, str]] = []  # open tags: name and start tag; "" where the tag is dropped
        self.run: list[str] = []
        self.written = 0  # of the formats: opened in this run
        self.is_visible = False

    def of(self, clean: str) -> str:
        position = 0
        while match := _TAG.search(clean, position):
            self.text(clean[position : match.start()])
            position = match.end()
            is_end, name, attributes = match[1] == "/", match[2], match[3]
            if name in FRAMES and not is_end:
                position = self.frame(clean, name, attributes, position)
            elif name in WRAPPERS:
                self.wrapper(name, attributes, is_end)
            elif name in _BLOCKS:
                self.block(name, attributes, is_end)
            elif name in _VOID:
                self.add(_picture(match[0]), is_visible=name == "img")
            elif is_end:
                self.end_format()
            else:
                self.formats.append((name, _format(name, attributes)))
        self.text(clean[position:])
        self.finish(self.blocks[0])
        return "".join(self.out)

    def text(self, text: str) -> None:
        if text:
            self.add(text, is_visible=bool(text.strip()))

    def add(self, content: str, *, is_visible: bool) -> None:
        if not is_visible and not self.run and content != "<br>":
            self.out.append(content)
            return
        for _name, start_tag in self.formats[self.written :]:
            self.run.append(start_tag)
            self.room -= len(start_tag)
        if self.room < 0:
            raise TooLong
        self.written = len(self.formats)
        self.run.append(content)
        self.is_visible = self.is_visible or is_visible

    def end_format(self) -> None:
        name, start_tag = self.formats.pop()
        if self.written > len(self.formats):
            self.written -= 1
            self.run.append(f"</{name}>" if start_tag else "")

    def flush(self) -> None:
        """End the piece of text before a block or a wrapper begins or ends."""
        block = self.blocks[-1]
        if self.is_visible or (self.run and not block.is_wrapped):
            for name, start_tag in reversed(self.formats[: self.written]):
                self.run.append(f"</{name}>" if start_tag else "")
            start = len(self.out)
            self.out += ["", *self.run, ""]
            block.runs.append((start, len(self.out) - 1, next((side for side in reversed(block.sides)), "")))
        self.run, self.written, self.is_visible = [], 0, False

    def wrapper(self, name: str, attributes: str, is_end: bool) -> None:
        block = self.blocks[-1]
        block.is_wrapped = block.is_wrapped or self.is_visible or not self.run
        self.flush()
        block.is_wrapped = True
        if is_end:
            block.sides.pop()
            return
        mark = "center" if name == "center" else _mark(attributes)
        outer = block.sides[-1] if block.sides else ""
        block.sides.append(mark or outer)

    def block(self, name: str, attributes: str, is_end: bool) -> None:
        self.flush()
        if is_end:
            if len(self.blocks) == 1:
                return  # nothing is open but the whole text
            self.finish(self.blocks.pop())
            self.out.append(f"</{name}>")
            return
        around = self.blocks[-1].sides
        side = _mark(attributes) or (around[-1] if around and name not in ("td", "th") else "")
        self.out.append(_start_tag(name, attributes, side))
        if name != "hr":
            self.blocks.append(_Block(name, len(self.out) - 1))

    def finish(self, block: _Block) -> None:
        """Make paragraphs of the block's pieces of text, where a wrapper stood between them."""
        self.flush()
        if not block.is_wrapped:
            return
        if block.tag in _ALWAYS_PARAGRAPHS or (block.tag in _PARAGRAPHS_IF_SEVERAL and len(block.runs) > 1):
            for start, end, side in block.runs:
                self.out[start], self.out[end] = _start_tag("p", "", side), "</p>"
            return
        if block.tag in _ONE_LINE or block.tag == "pre":
            for start, _end, _side in block.runs[1:]:
                self.out[start] = "\n" if block.tag == "pre" else "<br>"
        elif block.runs and block.tag in ("td", "th"):
            opening = self.out[block.opening]
            self.out[block.opening] = _start_tag(block.tag, opening[3:-1], block.runs[0][2])

    def frame(self, clean: str, name: str, attributes: str, position: int) -> int:
        """A link in place of a video or an embedded page. Returns the position after its end tag."""
        start = position
        if name not in _VOID:
            position = _end_of(name, clean, start)
        source = next((found for part in (attributes, clean[start:position]) if (found := _source(part))), "")
        self.losses["frame_link" if source else "frame"] += 1
        if source:
            self.add(self.frame_link(source), is_visible=True)
        return position


def _end_of(name: str, clean: str, position: int) -> int:
    """The position after the end tag that belongs to a start tag before `position`."""
    depth = 1
    for match in re.compile(rf"<(/?){name}(?=[\s/>])").finditer(clean, position):
        # What stands in an <iframe> is text, even if it looks like tags.
        depth += -1 if match[1] else int(name != "iframe")
        if not depth:
            return match.end() + 1
    return len(clean)


def _source(html: str) -> str:
    match = _LATE_SOURCE.search(html) or _SOURCE.search(html)
    return match[1] if match and re.match(r"(https?:/)?/", match[1]) else ""


def _picture(tag: str) -> str:
    """A picture that was to be loaded late, as articles of WeChat have them, with its real URL."""
    late = _LATE_SOURCE.search(tag)
    if not late:
        return tag
    return _SOURCE.sub("", _LATE_SOURCE.sub("", tag)).replace("<img", f'<img src="{late[1]}"', 1)


def _format(name: str, attributes: str) -> str:
    """The start tag, or "" for a link to nowhere and for bold that is none: Google Docs puts such around everything."""
    if (name == "a" and not _HREF.search(attributes)) or _mark(attributes) == "normal":
        return ""
    return f"<{name}{_MARK.sub('', attributes)}>"


def _mark(attributes: str) -> str:
    match = _MARK.search(attributes)
    return match[1] if match else ""


def _start_tag(name: str, attributes: str, side: str) -> str:
    attributes = _MARK.sub("", attributes)
    if side in ("center", "right") and name in _ALIGNED and " class=" not in attributes:
        attributes += f' class="align-{side}"'
    return f"<{name}{attributes}>"
