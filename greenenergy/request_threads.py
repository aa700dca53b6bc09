"""A fixed pool of threads with a bounded queue. Each thread keeps its database connection."""

import threading
from collections import deque
from collections.abc import Callable

from django.db import connections


class QueueFull(Exception):
    """More requests wait already than could be served in time."""


class Job:
    """One piece of work. A thread claims it, or the one who waits for it takes it back: never both."""

    def __init__(self, work: Callable[[], None], on_claim: Callable[[], None]):
        self.work, self.on_claim = work, on_claim


class RequestThreads:
    """`count` daemon threads: a query that hangs at shutdown does not keep the process alive."""

    def __init__(self, count: int, queue_limit: int):
        self._count, self._queue_limit = count, queue_limit
        self._jobs: deque[Job] = deque()
        self._condition = threading.Condition()
        self._idle = 0
        self._is_stopping = False

    def start(self) -> None:
        for number in range(self._count):
            threading.Thread(target=self._run, name=f"request-{number}", daemon=True).start()

    def submit(self, job: Job) -> bool:
        """Hand a job over. Returns whether a thread is free for it now; raises QueueFull."""
        with self._condition:
            is_free = self._idle > len(self._jobs)
            if not is_free and len(self._jobs) >= self._queue_limit:
                raise QueueFull
            self._jobs.append(job)
            self._condition.notify()
            return is_free

    def take_back(self, job: Job) -> bool:
        """Remove a job that no thread has claimed yet. False where it is too late."""
        with self._condition:
            try:
                self._jobs.remove(job)
            except ValueError:
                return False
            return True

    def stop(self) -> None:
        """Let every thread end after its present job."""
        with self._condition:
            self._is_stopping = True
            self._condition.notify_all()

    def _run(self):
        while True:
            with self._condition:
                self._idle += 1
                while not self._jobs and not self._is_stopping:
                    self._condition.wait()
                self._idle -= 1
                if not self._jobs:
                    break
                job = self._jobs.popleft()
            job.on_claim()
            job.work()
            del job
        connections.close_all()
