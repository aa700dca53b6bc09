"""The view counts that this machine shows, shared by its processes: a count never falls from one answer to the next.

The counts are in shared memory, one per article, so that reading one needs no query. FoldingThread refreshes them from
the database; a higher count that a query has just returned is written, too.

An article is refreshed for as long as a page that shows it may be cached, not only right after it was shown: its views
may wait in the journal of a killed process, or be folded by another machine.
"""

import logging
import time

from greenenergy.page_cache import MAX_SECONDS as CACHED_SECONDS
from greenenergy.serving.shared_numbers import SharedNumbers
from news.models import ViewTotal

logger = logging.getLogger(__name__)

LARGEST_PK = 8_000_000  # of an article whose number is shared; the file is 64 MB then
MOST_REFRESHED = 5_000  # articles, those shown last: ten short queries
ROWS_PER_QUERY = 500


class ShownViews:
    def __init__(self) -> None:
        self._numbers = SharedNumbers("SHOWN_VIEWS_FILE", step=131_072)  # 1 MB
        self._requested: set[int] = set()  # articles, since the last refresh
        self._refreshed: dict[int, float] = {}  # article: when it was requested last, the oldest first

    def number(self, article: int, counted: int) -> int:
        """The count to show; `counted` is the one last read from the database."""
        if not 0 < article < LARGEST_PK:
            return counted
        self._requested.add(article)
        try:
            shared = self._numbers[article]
            if counted > shared:
                self._raise_to({article: counted})
        except OSError as error:  # a reader gets the page even where the disk is full
            logger.error("numbers of views are not shared: %s", error)
            return counted
        return max(counted, shared)

    def refresh(self) -> None:
        """Read the totals of all articles that a cached page may show."""
        articles = self._lately_requested(time.monotonic())
        for begin in range(0, len(articles), ROWS_PER_QUERY):
            rows = ViewTotal.objects.filter(article__in=articles[begin : begin + ROWS_PER_QUERY])
            self._raise_to(dict(rows.values_list("article_id", "views")))

    def clear(self) -> None:
        """Forget which articles were shown, and map the file again."""
        self._numbers.forget()
        self._requested.clear()
        self._refreshed.clear()

    def _lately_requested(self, now):
        requested, self._requested = self._requested, set()
        for article in requested:
            self._refreshed.pop(article, None)
            self._refreshed[article] = now
        for article in list(self._refreshed):
            if len(self._refreshed) <= MOST_REFRESHED and now - self._refreshed[article] <= CACHED_SECONDS:
                break
            del self._refreshed[article]
        return list(self._refreshed)

    def _raise_to(self, counts):
        """Never lower a number: another process may have written a higher one by now."""
        larger = {
            article: count
            for article, count in counts.items()
            if 0 < article < LARGEST_PK and count > self._numbers[article]
        }
        if larger:
            with self._numbers.locked(max(larger)) as numbers:
                for article, count in larger.items():
                    numbers[article] = max(count, numbers[article])


shown_views = ShownViews()
