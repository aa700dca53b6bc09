"""The body of a public page, whose numbers of views go on while the page is kept.

{% views article %} writes a mark; the number is filled in when the page is answered, whoever it is for: pieces of
pages are kept, too. Kept of a public page is the last compressed body and where its numbers stand: it is compressed
once, and again where a number has changed.
"""

import gzip
import re
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe

_token = secrets.token_hex(8)  # no text of staff can hold a mark
_MARK_BEGINS = b"\x02" + _token.encode()
_MARK = re.compile(_MARK_BEGINS + rb":(\d+):(\d+):(\d+)\x03")

_counted: Callable[[int, int], int] = lambda article, counted: counted  # noqa: E731  until news registers


def register_counted(source: Callable[[int, int], int]) -> None:
    """`source(article, counted)` is the number of views to show, where the database last said `counted`."""
    global _counted
    _counted = source


def views_gap(article: int, initial: int, counted: int) -> str:
    """人气 as a template shows it: the mark of a number."""
    return mark_safe(f"\x02{_token}:{article}:{initial}:{counted}\x03")  # noqa: S308  digits


def _number(mark):
    article, initial, counted = map(int, mark.groups())
    return b"%d" % (initial + _counted(article, counted))


class Zipped(NamedTuple):
    """One state of a body: its bytes under gzip, and its ETag so."""

    tag: bytes
    data: bytes


class Body:
    """What `zipped()` and `plain()` give is the same text, with the numbers of now."""

    def __init__(self, marked: bytes):
        first, *others = _MARK.split(marked)  # then article, initial, counted and a text for each gap
        gaps = zip(*(map(int, others[place::4]) for place in range(3)), strict=True)
        self._gaps = list(gaps)
        self._pack([first, *others[3::4]], self._numbers_now())

    def zipped(self) -> Zipped:
        numbers = self._numbers_now()
        if numbers != self._numbers:
            self._pack(self._texts(), numbers)
        return self._zipped

    def plain(self) -> tuple[bytes, bytes]:
        """(ETag, bytes) for the few that take nothing compressed."""
        zipped = self.zipped()
        return zipped.tag.replace(b"-gzip", b""), gzip.decompress(zipped.data)

    def _numbers_now(self):
        return [initial + _counted(article, counted) for article, initial, counted in self._gaps]

    def _pack(self, texts, numbers):
        """`texts` stand before, between and behind the numbers."""
        pieces = [texts[0]]
        for number, text in zip(numbers, texts[1:], strict=True):
            pieces += (b"%d" % number, text)
        whole = b"".join(pieces)
        self._lengths, self._numbers = [len(piece) for piece in pieces], numbers
        tag = b'"%s-gzip"' % blake2b(whole, digest_size=12).hexdigest().encode()
        self._zipped = Zipped(tag, gzip.compress(whole, 6, mtime=0))

    def _texts(self):
        whole, begin, pieces = gzip.decompress(self._zipped.data), 0, []
        for length in self._lengths:
            pieces.append(whole[begin : begin + length])
            begin += length
        return pieces[::2]

    def __len__(self):
        return len(self._zipped.data)


class FillGapsMiddleware:
    """Numbers in place of marks. Inside compression and ETag, and does the work of both for public pages: as the kept
    page will be answered.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.streaming or not response.content:
            return response
        if not getattr(request, "is_public_page", False):
            if _MARK_BEGINS in response.content:
                response.content = _MARK.sub(_number, response.content)
                response["Content-Length"] = str(len(response.content))
        else:
            body = request.page_body = Body(response.content)
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                tag, response.content = body.zipped()
                response["Content-Encoding"] = "gzip"
            else:
                tag, response.content = body.plain()
            response["ETag"] = tag.decode()
            response["Content-Length"] = str(len(response.content))
            patch_vary_headers(response, ["Accept-Encoding"])
        return response
