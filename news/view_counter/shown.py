"""The number of views that this machine shows, shared by its processes: it never falls between two answers.

A file of eight bytes for each article, shared in memory: reading costs less than a microsecond and asks nobody.
The folding thread brings it up to date; where the file knows less than the database just said, it learns.

An article is asked about for as long as a page of it may be kept, and not only right after it was shown: its views
may wait in the journal of a process that was killed, or be folded by another machine.
"""

import fcntl
import logging
import mmap
import os
import threading
import time

from django.conf import settings

from greenenergy.page_cache import MAX_SECONDS as KEPT_SECONDS
from news.models import ViewTotal

logger = logging.getLogger(__name__)

LARGEST_NUMBER = 8_000_000  # of an article; 64 MB
MOST_REFRESHED = 5_000  # articles, those shown last: ten short queries
_STEP = 1 << 20
_lock = threading.Lock()
_numbers: memoryview | None = None  # by article
_asked: set[int] = set()  # since the last refresh
_refreshed: dict[int, float] = {}  # article: when it was asked for last, in this order


def shown(article: int, counted: int) -> int:
    """The number to show, where the database last said `counted`."""
    if not 0 < article < LARGEST_NUMBER:
        return counted
    _asked.add(article)
    try:
        known = _share(article)[article]
        if counted > known:
            _raise({article: counted})
    except OSError as error:  # a reader gets the page even where the disk is full
        logger.error("numbers of views are not shared: %s", error)
        return counted
    return max(counted, known)


def refresh() -> None:
    """Read the totals of the articles that may be shown from a kept page."""
    articles = _lately_shown(time.monotonic())
    for begin in range(0, len(articles), 500):
        rows = ViewTotal.objects.filter(article__in=articles[begin : begin + 500])
        _raise(dict(rows.values_list("article_id", "views")))


def _lately_shown(now):
    global _asked
    asked, _asked = _asked, set()
    for article in asked:
        _refreshed.pop(article, None)
        _refreshed[article] = now
    articles = list(_refreshed)
    for article in articles:
        if len(_refreshed) <= MOST_REFRESHED and now - _refreshed[article] <= KEPT_SECONDS:
            break
        del _refreshed[article]
    return list(_refreshed)


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
    with open(settings.SHOWN_VIEWS_FILE, "ab") as file:  # made anew where somebody has removed it
        fcntl.flock(file, fcntl.LOCK_EX)
        for article, number in larger.items():
            numbers = _share(article)
            numbers[article] = max(number, numbers[article])
