"""The number of views that this machine shows, shared by its processes: it never falls between two answers.

A file of eight bytes for each article, mapped into memory: reading costs a microsecond and asks nobody.
The folding thread brings it up to date; where the file knows less than the database just said, it learns.
"""

import fcntl
import mmap
import os
import struct
import threading

from django.conf import settings

from .models import ViewTotal

LARGEST_NUMBER = 8_000_000  # of an article; the file has holes where there is none
_STEP = 1 << 20
_lock = threading.Lock()
_map: mmap.mmap | None = None
_path = None
_asked: set[int] = set()  # since the last refresh


def shown(article: int, counted: int) -> int:
    """The number to show, where the database last said `counted`."""
    if not 0 < article < LARGEST_NUMBER:
        return counted
    _asked.add(article)
    known = _read(article)
    if counted > known:
        _raise({article: counted})
        return counted
    return known


def refresh() -> None:
    """Read the totals of the articles that were shown since the last time."""
    global _asked
    asked, _asked = list(_asked), set()
    for begin in range(0, len(asked), 500):
        rows = ViewTotal.objects.filter(article__in=asked[begin : begin + 500])
        _raise(dict(rows.values_list("article_id", "views")))


def _open(article):
    """The map, long enough for this article."""
    global _map, _path
    needed = (article + 1) * 8
    if _map is None or _path != settings.SHOWN_VIEWS_FILE or len(_map) < needed:
        with _lock:
            descriptor = os.open(settings.SHOWN_VIEWS_FILE, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                size = max(os.fstat(descriptor).st_size, -(-needed // _STEP) * _STEP)
                if os.fstat(descriptor).st_size < size:
                    os.ftruncate(descriptor, size)
                _map, _path = mmap.mmap(descriptor, size), settings.SHOWN_VIEWS_FILE
            finally:
                os.close(descriptor)
    return _map


def _read(article):
    return struct.unpack_from("=Q", _open(article), article * 8)[0]


def _raise(numbers):
    """Never lower: another process may just have written a later one."""
    larger = {
        article: number
        for article, number in numbers.items()
        if 0 < article < LARGEST_NUMBER and number > _read(article)
    }
    if not larger:
        return
    with open(settings.SHOWN_VIEWS_FILE, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for article, number in larger.items():
            if number > _read(article):
                struct.pack_into("=Q", _open(article), article * 8, number)
