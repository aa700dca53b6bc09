"""Background threads of a server process. They have one base class, so that one list starts and stops them all."""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.db import Error, close_old_connections, connections


class BackgroundThread(threading.Thread):
    """A daemon thread that calls `step()` repeatedly until it is stopped.

    A step that raises is logged, and the next one follows after `retry_seconds`: nothing but `stop()` ends the thread.
    Between two steps the database connection is treated as between two requests; after a fault it is closed.
    """

    every_seconds: float = 1  # between the end of a step and the next
    retry_seconds: float = 1  # between a failed step and the next
    on_fault = "a background thread has failed, and goes on"  # logged with the error: what is late, or waits
    # A database, a file, a socket: they come back, and are one line of the log. All others are bugs, with a traceback.
    expected_errors: tuple[type[Exception], ...] = (Error, OSError)
    database_fault_level = logging.WARNING  # ERROR where visitors notice at once that the database is away
    has_last_work = False  # whether the end of the process waits for finish()

    def __init__(self, name: str):
        super().__init__(name=name, daemon=True)
        self.stopping = threading.Event()

    def step(self) -> None:
        """One round of work, or work that goes on until `stopping` is set."""
        raise NotImplementedError

    def failed(self, error: Exception) -> None:
        """Called after a failed step, before the pause."""

    def finish(self) -> None:
        """The last work, once the thread has been stopped: see `has_last_work`."""

    def stop(self) -> None:
        """Request the end of the thread; returns at once."""
        self.stopping.set()

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                succeeded = self.attempt(self.step)
                self.stopping.wait(self.every_seconds if succeeded else self.retry_seconds)
            self.attempt(self.finish)
        finally:
            connections.close_all()

    def attempt(self, work: Callable[[], object], on_fault: str = "") -> bool:
        """Whether the work succeeded; if not, the fault is logged.

        A step of several jobs attempts each of them, with its own `on_fault`, so that none is delayed by another.
        """
        try:
            work()
            close_old_connections()
        except Exception as error:
            self._log(error, on_fault or self.on_fault)
            connections.close_all()
            self.failed(error)
            return False
        return True

    def _log(self, error: Exception, on_fault: str) -> None:
        logger = logging.getLogger(type(self).__module__)
        if isinstance(error, self.expected_errors):
            level = self.database_fault_level if isinstance(error, Error) else logging.ERROR
            logger.log(level, "%s: %s", on_fault, str(error).strip())
        else:
            logger.exception(on_fault)


def stop_all(threads: Iterable[BackgroundThread], timeout: float) -> None:
    """Stop the threads together, and wait `timeout` seconds at most for those that have last work."""
    threads, deadline = list(threads), time.monotonic() + timeout
    for thread in threads:
        thread.stop()
    for thread in threads:
        if thread.has_last_work and thread.is_alive():
            thread.join(max(0.0, deadline - time.monotonic()))
