"""Fail at once while a service is down, so that requests do not hold every thread until a time-out."""

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Whether a service is worth calling. While it is down, one call in `retry_seconds` tries it again."""

    def __init__(self, retry_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.retry_seconds, self.clock = retry_seconds, clock
        self._lock = threading.Lock()
        self._is_open, self._tried_at = False, 0.0

    def allows_call(self) -> bool:
        if not self._is_open:
            return True
        with self._lock:
            if self.clock() - self._tried_at < self.retry_seconds:
                return False
            self._tried_at = self.clock()
            return True

    def open(self) -> None:
        """The service has not answered."""
        self._is_open, self._tried_at = True, self.clock()

    def close(self) -> None:
        """The service has answered, if only with an error."""
        self._is_open = False
