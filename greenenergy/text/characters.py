"""What is never part of a text: control characters, invisible characters, halves of a character.

Every edge uses the same filter: model fields (fields.py), JSON bodies, rich text, chat lines, the import, a search.
Control characters break XML (a feed) and a terminal; an invisible character inside a word hides the word from the
search, and makes a second tag of it; half an emoji cannot be stored at all.
"""

import json
import re

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NEVER_WANTED = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters; line ends, tabs and blanks are none
    "\u00ad\u200b\u2060-\u2064\ufeff\u180e"  # hyphens and blanks without width, byte order marks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # writing directions; Windows and phones copy them with numbers
    "\u115f\u1160\u3164\uffa0"  # letters without a shape
    "\ufff9-\ufffc\ufffe\uffff"  # annotations, the place of an object, no characters
    "\ud800-\udfff"  # one half of a character that UTF-16 writes as two
)
# What emoji are composed with means nothing elsewhere: joiners and variants beside Chinese, tags without their flag.
_UNWANTED = re.compile(
    f"[{_NEVER_WANTED}]"
    f"|(?<=[{_HAN}])[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    f"|[\u200c\u200d]+(?=[{_HAN}]|$)"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
)
# Line breaks, tabs and blanks of one-line texts: an unusual one between words is a blank.
_BREAKS = re.compile(r"[ \t]*[\n\t][\n\t ]*")


def clean_text(text: str) -> str:
    """The text with \\n at the end of every line, and without control, invisible and half characters.

    A pair of halves, which JSON may contain, becomes the character that it stands for.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNWANTED.sub("", _LINE_END.sub("\n", _joined(text)))


def clean_line(text: str) -> str:
    """The same for a text of one line: line breaks and tabs become a blank each."""
    text = clean_text(text)
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def read_json(text: str | bytes) -> object:
    """The value of a JSON text, with every text in it cleaned; None where it is no JSON, or nested too deep."""
    try:
        return _clean_value(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean_value(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean_value(item) for key, item in value.items()}
    return value


def _joined(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text
