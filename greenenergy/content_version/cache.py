"""Values derived from the content, cached in the process until the content version changes."""

import math
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from .changes import number_of_own_change
from .version import current

Value = TypeVar("Value")

CLOCK_SECONDS = 1  # what follows the clock is reloaded after this

_began_in: ContextVar[int | None] = ContextVar("content version in which this request began", default=None)


@contextmanager
def request_begun_in(version: int) -> Iterator[None]:
    """Within a request: nothing is cached once the content version is another one than at its beginning.

    What the request renders then may come from rows that it read before the change, whenever it renders them.
    """
    token = _began_in.set(version)
    try:
        yield
    finally:
        _began_in.reset(token)


class ContentCache:
    """Cached values of this process by name, each with the content version and the time of loading."""

    MAX_VALUES = 5000  # rows and pieces of pages, of a few KB; beyond that the cache is emptied

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[tuple[int, int], float, Any]] = {}
        # Whether a ChangeWatcher of this process looks for changes of other machines. Without one, a value is
        # reloaded every CLOCK_SECONDS.
        self.is_watched = False

    def get(self, name: Hashable, load: Callable[[], Value], *, follows_clock: bool = True) -> Value:
        """The value that `load()` returned in this content version. Callers share one object and must not change it.

        A transaction that has changed something sees its own rows; no other thread sees them before the commit.
        """
        # Read before loading: after a change during the load the next call loads again.
        version = (current(), number_of_own_change())
        entry = self._values.get(name)
        now = time.monotonic()
        seconds = CLOCK_SECONDS if follows_clock or not self.is_watched else math.inf
        if entry is None or entry[0] != version or now - entry[1] > seconds:
            entry = (version, now, load())
            if _began_in.get() not in (None, version[0]):
                return entry[2]
            if len(self._values) >= self.MAX_VALUES:
                self._values.clear()
            self._values[name] = entry
        return entry[2]

    def clear(self) -> None:
        self._values.clear()


cache = ContentCache()
cached = cache.get
