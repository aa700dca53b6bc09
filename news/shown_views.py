"""The number of views that this machine shows, shared by its processes: it never falls between two answers.

A file of eight bytes for each article, shared in memory: reading costs less than a microsecond and asks nobody.
The folding thread brings it up to date; where the file knows less than the database just said, it learns.
"""

import fcntl
import logging
import mmap
import os
import threading

from django.conf import settings

from .models import ViewTotal

logger = logging.getLogger(__name__)

LARGEST_NUMBER = 8_000_000  # of an article; 64 MB
_STEP = 1 << 20
_lock = threading.Lock()
_numbers: memoryview | None = None  # by article
_asked: set[int] = set()  # since the last refresh


def shown(article: int, counted: int) -> int:
    """The number to show, where the database last said `counted`."""
    if not 0 < article < LARGEST_NUMBER:
        return counted
    _asked.add(article)
    try:
        known = _share(article)[article]
    except OSError as error:  # a reader gets the page even where the disk is full
        logger.error("numbers of views are not shared: %s", error)
        return counted
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


def forget_file() -> None:
    """Look for the file again with the next number."""
    global _numbers
    _numbers = None


def _share(article):
    """The numbers in memory, enough of them for this article."""
    global _numbers
    if _numbers is None or len(_numbers) <= article:
        with _lock:
            descriptor = os.open(settings.SHOWN_VIEWS_FILE, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                size = max(os.fstat(descriptor).st_size, -(-8 * (article + 1) // _STEP) * _STEP)
                os.posix_fallocate(
                    descriptor, 0, size
                )  # a full disk is an error here, and a dead process later
                _numbers = memoryview(mmap.mmap(descriptor, size)).cast("Q")
            finally:
                os.close(descriptor)
    return _numbers


def _raise(numbers):
    """Never lower: another process may just have written a later one."""
    larger = {
        article: number
        for article, number in numbers.items()
        if 0 < article < LARGEST_NUMBER and number > _share(article)[article]
    }
    if not larger:
        return
    with open(settings.SHOWN_VIEWS_FILE, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for article, number in larger.items():
            numbers = _share(article)
            numbers[article] = max(number, numbers[article])
