"""Whether two rich texts are the same to a reader, however the editor writes them down."""

import re
from html.parser import HTMLParser

from .sanitizer import sanitize

_SAME_TAG = {"b": "strong", "i": "em"}
_INLINE = {"a", "strong", "em", "u", "s", "sub", "sup", "small", "mark", "code", "img", "br"}
_BLANKS = re.compile(r"[ \t\n\r]+")
_Token = tuple[str, ...]


def is_same_text(one: str, other: str) -> bool:
    """Line breaks between blocks, entities, the order of attributes, <b> for <strong> make no difference.

    Raises RichTextError for a text that cannot be cleaned.
    """
    return one == other or _tokens(sanitize(one)) == _tokens(sanitize(other))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[_Token] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = sorted(f"{name}={value or ''}" for name, value in attrs if name != "rel")
        self.tokens.append(("<", _SAME_TAG.get(tag, tag), *attributes))

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append((">", _SAME_TAG.get(tag, tag)))

    def handle_data(self, data: str) -> None:
        self.tokens.append(("text", data))


def _tokens(html: str) -> list[_Token]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found: list[_Token] = []
    preformatted = 0
    for token in reader.tokens:
        if token[1] == "pre":
            preformatted += 1 if token[0] == "<" else -1
        if token[0] == "text" and not preformatted:
            token = ("text", _BLANKS.sub(" ", token[1]))
        if _is_block(token):
            _trim_end(found)
        elif token[0] == "text" and not preformatted and (not found or _is_block(found[-1])):
            token = ("text", token[1].lstrip(" "))
        if token != ("text", ""):
            found.append(token)
    _trim_end(found)
    return found


def _is_block(token: _Token) -> bool:
    return token[0] != "text" and token[1] not in _INLINE


def _trim_end(tokens: list[_Token]) -> None:
    """Drop what is not seen at the end of a block: blanks, a line break, the blank that holds an empty paragraph open."""
    if len(tokens) > 1 and tokens[-1] == ("text", "\xa0") and _is_block(tokens[-2]):
        tokens.pop()
    if tokens and tokens[-1][:2] == ("<", "br"):
        tokens.pop()
    if tokens and tokens[-1][0] == "text":
        text = tokens.pop()[1].rstrip(" ")
        if text:
            tokens.append(("text", text))
