"""When the clock will next change what visitors see: a publication, an expiry, the end of a notice."""

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from .cache import CLOCK_SECONDS, cache

Source = Callable[[datetime], datetime | None]


class SiteClock:
    """The earliest of the moments that all registered sources name; no rendered page is valid beyond it."""

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self.reset()

    def register(self, source: Source) -> None:
        """`source(now)` is the next moment at which something appears or disappears by itself, or None."""
        self._sources.append(source)

    def next_change(self) -> float:
        """Unix seconds until which nothing appears or disappears by itself; 0 where that has just happened.

        Values that follow the clock are cached for CLOCK_SECONDS. For that long after a change they may still be the old
        ones, and a page rendered from them must not be cached.
        """
        moment = cache.get("next change", self._load)
        return moment if time.time() >= self._settled_at else 0

    def reset(self) -> None:
        """As at the start of the process; the sources stay."""
        self._next_change, self._settled_at = math.inf, 0.0

    def _load(self) -> float:
        now = timezone.now()
        if self._next_change == math.inf:
            # The first call: a cached value may be older than a change that happened before anything was watched.
            cache.clear()
        elif self._next_change <= now.timestamp():
            self._settled_at = time.time() + CLOCK_SECONDS
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)
        moments = [source(now) for source in self._sources]
        self._next_change = min([midnight, *(moment for moment in moments if moment)]).timestamp()
        return self._next_change


clock = SiteClock()
register_next_change, next_change = clock.register, clock.next_change
