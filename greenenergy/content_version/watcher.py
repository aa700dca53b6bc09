"""Finds changes that are not in this machine's file: of another machine, or of a process that died before announcing."""

import time

from greenenergy.models import ContentChange
from greenenergy.serving.background import BackgroundThread

from .cache import cache
from .version import bump, bump_if_replaced, machine


class ChangeWatcher(BackgroundThread):
    """Looks at the newest ContentChange rows twice a second."""

    every_seconds = retry_seconds = 0.5
    on_fault = "changes of other machines are noticed late"

    LOST_SECONDS = 2  # an older pending row of this machine was left by a process that died
    RETAINED_ROWS = 200

    def __init__(self) -> None:
        super().__init__(name="change-watcher")
        self._first_seen: dict[int, float] = {}  # by primary key

    def run(self) -> None:
        cache.is_watched = True
        try:
            super().run()
        finally:
            cache.is_watched = False

    def step(self) -> None:
        """Begin a new content version for new rows of other machines, and for pending rows of a process that died."""
        bump_if_replaced()
        newest = ContentChange.objects.order_by("-pk").values_list("pk", "machine", "is_pending")
        rows, now, own = list(newest[: self.RETAINED_ROWS]), time.monotonic(), machine()
        others, lost = [], []
        for pk, origin, is_pending in rows:
            if origin == own:
                first_seen = self._first_seen.setdefault(pk, now)
                if is_pending and now - first_seen > self.LOST_SECONDS:
                    lost.append(pk)
            elif pk not in self._first_seen:
                others.append(pk)
        if others or lost:
            bump()
        # Not before bump(): if that fails, the next step must find the rows again.
        self._first_seen.update(dict.fromkeys(others, now))
        if lost:
            ContentChange.objects.filter(pk__in=lost).delete()
        if len(rows) == self.RETAINED_ROWS:
            self._delete_older_than(rows[self.RETAINED_ROWS // 2][0])
        self._first_seen = {
            pk: self._first_seen[pk] for pk, _origin, _pending in rows if pk in self._first_seen
        }

    def _delete_older_than(self, pk: int) -> None:
        ContentChange.objects.filter(pk__lt=pk, is_pending=False).delete()
