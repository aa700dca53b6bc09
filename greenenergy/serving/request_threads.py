"""A fixed pool of threads with a bounded queue. Each thread keeps its database connection.

Python runs one thread at a time. So one thread works through the queue, with warm CPU caches, and
others join only when the queue is stalled: jobs wait, and no thread has taken one for
STALLED_AFTER_SECONDS, because a query is slow, a picture large or the database silent.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from django.db import connections

STALLED_AFTER_SECONDS = 0.02


class QueueFull(Exception):
    """The queue holds as many requests as can be served in time."""


class Job:
    """One piece of work. Either a thread takes it, or the submitter takes it back: never both."""

    def __init__(self, work: Callable[[], None]):
        self.work = work


class RequestThreads:
    """`count` threads. They are daemons, so that a hanging query cannot keep the process alive."""

    def __init__(self, count: int, queue_limit: int):
        self._count, self._queue_limit = count, queue_limit
        self._jobs: deque[Job] = deque()
        self._lock = threading.Lock()
        # Each lock is held; releasing it wakes its thread. The last in the list became idle last: its caches are warm.
        self._idle: list[threading.Lock] = []
        self._working = self._taken = 0
        self._last_step = 0.0
        self._is_stopping = False

    @property
    def idle(self) -> int:
        """How many threads wait for work."""
        return len(self._idle)

    @property
    def working(self) -> int:
        """How many threads run a job."""
        return self._working

    def start(self) -> None:
        for index in range(self._count):
            threading.Thread(target=self._run, name=f"request-{index}", daemon=True).start()

    def submit(self, job: Job) -> bool:
        """Queue a job. Returns whether a thread begins with it now; raises QueueFull.

        After a False the caller calls `let_another_join` from time to time.
        """
        with self._lock:
            needs_a_thread = not self._working or self._is_stalled()
            begins_now = bool(self._idle) and not self._jobs and needs_a_thread
            if not begins_now and len(self._jobs) >= self._queue_limit:
                raise QueueFull
            self._jobs.append(job)
            if begins_now:
                self._wake_one()
            return begins_now

    def let_another_join(self) -> bool:
        """Wake another thread if the queue is stalled. Returns whether jobs still wait."""
        with self._lock:
            if self._jobs and self._idle and self._is_stalled():
                self._wake_one()
            return bool(self._jobs)

    def take_back(self, job: Job) -> bool:
        """Remove a job from the queue. False where a thread has taken it."""
        with self._lock:
            try:
                self._jobs.remove(job)
            except ValueError:
                return False
            return True

    def stop(self) -> None:
        """Let the threads end once the queue is empty."""
        with self._lock:
            self._is_stopping = True
            while self._idle:
                self._wake_one()

    def _is_stalled(self):
        return time.monotonic() - self._last_step >= STALLED_AFTER_SECONDS

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
                is_alone = not self._working or mine == self._taken  # no other thread has taken a job since
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
