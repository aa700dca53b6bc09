"""The body of a page, whose view counts stay current while the page is cached.

A template writes a gap, a placeholder, where a view count belongs. The count is filled in when the page is sent, whether
the page, a piece of it, or nothing of it was cached. A cached body is stored compressed, with the positions of its
counts; it is compressed again only after a count has changed.
"""

import gzip
import re
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

COMPRESSION_LEVEL = 6

_token = secrets.token_hex(8)  # random, so that no text that staff write can contain a gap
_GAP_BEGINS = b"\x02" + _token.encode()
_GAP = re.compile(_GAP_BEGINS + rb":(\d+):(\d+):(\d+)\x03")  # subject, initial, counted


class ViewCounts:
    """The source of the view counts to show; the app that counts views registers it."""

    current: Callable[[int, int], int]

    def __init__(self) -> None:
        self.reset()

    def register(self, source: Callable[[int, int], int]) -> None:
        """`source(subject, counted)` returns the views of a subject; `counted` is the number last read from the database."""
        self.current = source

    def reset(self) -> None:
        """Show the numbers read from the database."""
        self.current = lambda subject, counted: counted


view_counts = ViewCounts()


def views_gap(subject: int, initial: int, counted: int) -> SafeString:
    """The gap for a view count, for a template: `initial` plus the views counted when the page is sent."""
    return mark_safe(f"\x02{_token}:{subject}:{initial}:{counted}\x03")  # noqa: S308  digits


def fill_gaps(text: bytes) -> bytes:
    """The text with the current counts in its gaps; the same object if it has none."""
    return _GAP.sub(_number, text) if _GAP_BEGINS in text else text


def _number(gap: re.Match[bytes]) -> bytes:
    subject, initial, counted = map(int, gap.groups())
    return b"%d" % (initial + view_counts.current(subject, counted))


class Compressed(NamedTuple):
    """A gzipped body, and its ETag."""

    etag: bytes
    data: bytes


class Body:
    """`compressed()` and `plain()` return the same text, with current view counts."""

    def __init__(self, text: bytes):
        """`text` is a page with its gaps."""
        # In `others`: subject, initial, counted and the text after it, for each gap.
        first, *others = _GAP.split(text)
        gaps = zip(*(map(int, others[place::4]) for place in range(3)), strict=True)
        self._gaps = list(gaps)
        self._compress([first, *others[3::4]], self._numbers_now())

    def compressed(self) -> Compressed:
        numbers = self._numbers_now()
        if numbers != self._numbers:
            self._compress(self._texts(), numbers)
        return self._compressed

    def plain(self) -> tuple[bytes, bytes]:
        """(ETag, text)."""
        compressed = self.compressed()
        return compressed.etag.replace(b"-gzip", b""), gzip.decompress(compressed.data)

    def _numbers_now(self) -> list[int]:
        current = view_counts.current
        return [initial + current(subject, counted) for subject, initial, counted in self._gaps]

    def _compress(self, texts: list[bytes], numbers: list[int]) -> None:
        """`texts` are the parts before, between and after the numbers."""
        pieces = [texts[0]]
        for number, text in zip(numbers, texts[1:], strict=True):
            pieces += (b"%d" % number, text)
        whole = b"".join(pieces)
        self._lengths, self._numbers = [len(piece) for piece in pieces], numbers
        etag = b'"%s-gzip"' % blake2b(whole, digest_size=12).hexdigest().encode()
        self._compressed = Compressed(etag, gzip.compress(whole, COMPRESSION_LEVEL, mtime=0))

    def _texts(self) -> list[bytes]:
        whole, begin, pieces = gzip.decompress(self._compressed.data), 0, []
        for length in self._lengths:
            pieces.append(whole[begin : begin + length])
            begin += length
        return pieces[::2]

    def __len__(self) -> int:
        return len(self._compressed.data)
