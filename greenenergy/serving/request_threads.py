"""A fixed pool of threads with a bounded queue. Each thread keeps its database connection.

Python runs one thread at a time. So one thread works through the queue, with its caches warm, and
others join it only when it does not get on: when something waits and nothing was taken from the
queue for PATIENCE_SECONDS, since a query is slow, a picture large, a database silent.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from django.db import connections

PATIENCE_SECONDS = 0.02


class QueueFull(Exception):
    """More requests wait already than could be served in time."""


class Job:
    """One piece of work. A thread claims it, or the one who waits for it takes it back: never both."""

    def __init__(self, work: Callable[[], None]):
        self.work = work


class RequestThreads:
    """`count` daemon threads: a query that hangs at shutdown does not keep the process alive."""

    def __init__(self, count: int, queue_limit: int):
        self._count, self._queue_limit = count, queue_limit
        self._jobs: deque[Job] = deque()
        self._lock = threading.Lock()
        # Each is held, and letting it go wakes its thread. The last one was idle last: its caches are warm.
        self._idle: list[threading.Lock] = []
        self._working = self._taken = 0
        self._last_step = 0.0
        self._is_stopping = False

    def start(self) -> None:
        for number in range(self._count):
            threading.Thread(target=self._run, name=f"request-{number}", daemon=True).start()

    def submit(self, job: Job) -> bool:
        """Hand a job over. Returns whether a thread begins with it now; raises QueueFull.

        Whoever gets False calls `let_another_join` from time to time.
        """
        with self._lock:
            nobody_else = not self._working or self._stands()
            begins_now = bool(self._idle) and not self._jobs and nobody_else
            if not begins_now and len(self._jobs) >= self._queue_limit:
                raise QueueFull
            self._jobs.append(job)
            if begins_now:
                self._wake_one()
            return begins_now

    def let_another_join(self) -> bool:
        """Wake a thread where the queue does not get on. Returns whether something waits still."""
        with self._lock:
            if self._jobs and self._idle and self._stands():
                self._wake_one()
            return bool(self._jobs)

    def take_back(self, job: Job) -> bool:
        """Remove a job that no thread has claimed yet. False where it is too late."""
        with self._lock:
            try:
                self._jobs.remove(job)
            except ValueError:
                return False
            return True

    def stop(self) -> None:
        """Let every thread end after its present job."""
        with self._lock:
            self._is_stopping = True
            while self._idle:
                self._wake_one()

    def _stands(self):
        return time.monotonic() - self._last_step >= PATIENCE_SECONDS

    def _wake_one(self):
        self._idle.pop().release()
        self._last_step = time.monotonic()

    def _run(self):
        wake = threading.Lock()
        wake.acquire()
        is_woken, mine = False, 0
        while True:
            with self._lock:
                self._working -= bool(mine)
                is_alone = not self._working or mine == self._taken  # the others take nothing
                job = self._take() if is_woken or is_alone else None
                if job is None and self._is_stopping:
                    break
                if job is None:
                    self._idle.append(wake)
                mine = self._taken if job else 0
            if job is None:
                wake.acquire()
                is_woken = True
            else:
                job.work()
                is_woken, job = False, None
        connections.close_all()

    def _take(self):
        if not self._jobs:
            return None
        self._working += 1
        self._taken += 1
        self._last_step = time.monotonic()
        return self._jobs.popleft()
