"""Bytes to text; numbers as old Chinese pages write them."""

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

from greenenergy.text.characters import clean_text

CJK = "\u3400-\u9fff\uf900-\ufaff"
COLON = "[:：∶﹕︰]"
SPACES = " \t\u00a0\u3000\u2002\u2003\u2009"  # that pages indent and separate with
MAX_VIEWS = 1_000_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Only encodings that Chinese sites used: a page must not make us run an exotic codec.
_DECLARED = {
    "big5": "big5",
    "big5-hkscs": "big5hkscs",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_-]{2,20})""")

_VIEWS = re.compile(r"(\d[\d,，]{0,20}(?:\.\d{1,4})?)\s{0,3}([万wW亿]?)")


class PageError(Exception):
    """A page or row that cannot be imported; the message tells the operator why."""


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a saved page. Raises PageError for a file that is empty, binary or in no known encoding.

    Without `encoding`: a byte order mark decides, else the first that fits of UTF-8, the encoding declared in the first
    4 KB, and GB18030. UTF-8 comes before the declaration, because programs convert pages and leave the <meta> as it was.
    GBK text is hardly ever valid UTF-8; UTF-8 text is often valid GBK.
    """
    if not data.strip():
        raise PageError(_("文件是空的。"))
    for name in [encoding] if encoding else _guesses(data):
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        if "\x00" in text:
            break
        return clean_text(text)
    if b"\x00" in data:
        raise PageError(_("不是文本文件（含有二进制内容）。"))
    if encoding:
        raise PageError(_("无法用编码 %(encoding)s 读取。") % {"encoding": encoding})
    raise PageError(_("无法识别文字编码（不是 UTF-8 或 GB18030），可用 --encoding 指定。"))


def _guesses(data):
    for bom, name in _BOMS:
        if data.startswith(bom):
            return [name]
    declared = [_DECLARED.get(match.decode().lower()) for match in _CHARSET.findall(data[:4096])[:1]]
    return ["utf-8", *filter(None, declared), "gb18030"]


def encoding_of(path: Path, encoding: str | None = None) -> str:
    """The encoding of a file of any size, which is read in chunks. UTF-8 where none fits: bad rows are reported later.

    Raises PageError for an empty or binary file.
    """
    with path.open("rb") as file:
        first = file.read(4096)
        if not first.strip():
            raise PageError(_("文件是空的。"))
        names = [encoding] if encoding else _guesses(first)
        if b"\x00" in first and not names[0].startswith("utf-16"):
            raise PageError(_("不是文本文件（含有二进制内容）。"))
        return next((name for name in names if _fits(file, name)), names[0])


def _fits(file, name):
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := file.read(1_000_000):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def one_line(text: str) -> str:
    return " ".join(text.split())


def find_views(text: str) -> int | None:
    """The first number of the text, such as 428, 1,024 or 1.2万; MAX_VIEWS at most."""
    match = _VIEWS.search(text)
    if not match:
        return None
    number = float(re.sub("[,，]", "", match[1])) * {"": 1, "亿": 100_000_000}.get(match[2], 10_000)
    return int(min(number, MAX_VIEWS))


def parse_views(text: str) -> int | None:
    """The number in a table cell that contains nothing else but 次 or 人次."""
    match = _VIEWS.match(text)
    return find_views(text) if match and text[match.end() :].strip() in ("", "次", "人次") else None
