"""What is made of a clean rich text for lists and search: its text, an excerpt, its first picture."""

import html
import re

EXCERPT_LENGTH = 120

_BLOCK_END = re.compile(r"</(?:p|h[2-6]|li|dt|dd|blockquote|figcaption|caption|tr|pre)>|<br>|<hr>")
_CELL_END = re.compile(r"</t[hd]>")
# Exact for clean HTML: there < only starts tags, and attribute values are in double quotes.
_ANY_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_SPACE_AFTER_FULL_WIDTH = re.compile(r"(?<=[。！？；：，、…”’）》」』]) ")  # the character has its own space
_NOT_PROSE = re.compile(r"<(h[2-6]|figcaption|table|pre)(?=[\s>]).*?</\1>", re.DOTALL)
# Starts after a letter, and matches spaces possessively: a long run of spaces takes linear time.
_ITEM_END = re.compile(
    r"(?<![。！？；：，、…,;:!?\s])(?<!</[uo]l>)(?<!<li>)(\s*+(?:</p>\s*+)?</li>)(\s*+<li)?"
)


def plain_text(clean_html: str) -> str:
    """The text of clean HTML, one line for each block."""
    text = _BLOCK_END.sub("\n", _CELL_END.sub(" ", clean_html))
    lines = (" ".join(line.split()) for line in html.unescape(_ANY_TAG.sub("", text)).splitlines())
    return "\n".join(line for line in lines if line)


def excerpt(clean_html: str, length: int = EXCERPT_LENGTH) -> str:
    """The first `length` characters of clean HTML on one line, with … where something was cut.

    Sub-headings, captions and tables are left out: on one line they read like broken sentences. The items of a list
    become parts of one sentence.
    """
    prose = _ITEM_END.sub(lambda end: ("；" if end[2] else "。") + end[0], _NOT_PROSE.sub("", clean_html))
    words = plain_text(prose) or plain_text(clean_html)
    line = _SPACE_AFTER_FULL_WIDTH.sub("", " ".join(words.split()))
    return line if len(line) <= length else line[:length].rstrip() + "…"


def first_picture(clean_html: str) -> str:
    """The URL of the first picture in clean HTML, or ''."""
    match = re.search(r'<img\b[^>]*?\ssrc="([^"]*)"', clean_html)
    return html.unescape(match[1]) if match else ""
