"""Time limits on the event loop, which become short when the process has to end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class TimeLimits:
    def __init__(self) -> None:
        self.is_stopping = False
        self._grace_seconds: dict[asyncio.Timeout, float] = {}  # of the limits that run now

    @asynccontextmanager
    async def bounded(
        self, seconds: float | None, grace: float, error: type[Exception] | None
    ) -> AsyncIterator[asyncio.Timeout]:
        """A time limit, None for no limit; from `stop_soon` on it ends after `grace` seconds.

        When the time is up, `error` is raised; with None the block just ends.
        """
        if self.is_stopping:
            seconds = grace if seconds is None else min(seconds, grace)
        try:
            async with asyncio.timeout(seconds) as timeout:
                self._grace_seconds[timeout] = grace
                try:
                    yield timeout
                finally:
                    del self._grace_seconds[timeout]
        except TimeoutError:
            if error is not None:
                raise error from None

    def stop_soon(self) -> None:
        """Shorten every limit to its grace. Called on the event loop."""
        self.is_stopping = True
        now = asyncio.get_running_loop().time()
        for timeout, grace in list(self._grace_seconds.items()):
            if not timeout.expired():
                ends_at = timeout.when()
                timeout.reschedule(now + grace if ends_at is None else min(ends_at, now + grace))
