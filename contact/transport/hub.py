"""The streams of one process, with the threads that feed them."""

import asyncio

from greenenergy.serving.background import BackgroundThread

from .knock_listener import KnockListener
from .reader import Reader
from .registry import Registry
from .streams import Stream
from .work_queue import WorkQueue


class Hub:
    """Its methods run on the event loop; its threads are started in each worker after the fork."""

    def __init__(self) -> None:
        self._work = WorkQueue()
        self._registry = Registry(self._work)
        self.threads: list[BackgroundThread] = [
            KnockListener(self._work.put_due),
            Reader(self._work, self._registry),
        ]
        self.count = 0

    async def open(self, stream: Stream) -> bool:
        """Returns whether the stream is admitted. If so, it gets the lines that the browser missed, and all new ones."""
        self.count += 1
        self._registry.run_on(asyncio.get_running_loop())
        self._work.put_admission(stream)
        return await stream.admitted

    def close(self, stream: Stream) -> None:
        self.count -= 1
        stream.is_over = True
        self._registry.remove(stream)

    def count_of_visitor(self, visitor: int) -> int:
        return len(self._registry.visitors.get(visitor, ()))

    def stop_soon(self) -> None:
        """End every stream; the browsers reconnect, each after a random delay."""
        self._registry.finish_all()
