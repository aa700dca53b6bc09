"""What the reader has to do: conversations that may have changed, streams that wait to be admitted."""

import queue
import time
from dataclasses import dataclass, field

from .streams import Stream

GATHER_SECONDS = 0.005  # the knocks of one moment are read together


@dataclass
class Work:
    """What was gathered. `due` holds pairs of primary keys, conversation and visitor.

    (7, 3): conversation 7 of visitor 3 has changed. (0, 3): visitor 3 has a new stream, or was forgotten.
    (0, 0): agents have come or gone.
    """

    due: set[tuple[int, int]] = field(default_factory=set)
    admissions: list[Stream] = field(default_factory=list)


class WorkQueue:
    """Filled from any thread, emptied by the reader."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[Stream | tuple[int, int] | None] = queue.SimpleQueue()

    def put_due(self, conversation: int, visitor: int) -> None:
        self._items.put((conversation, visitor))

    def put_admission(self, stream: Stream) -> None:
        self._items.put(stream)

    def wake(self) -> None:
        """End a gather() that waits; nothing else is to be done."""
        self._items.put(None)

    def gather(self, seconds: float, not_before: float) -> Work:
        """Wait so many seconds at most for a first item; then return all that came up to `not_before` (monotonic)."""
        work = Work()
        try:
            item = self._items.get(timeout=max(seconds, 0.001))
            if item is not None:
                time.sleep(max(GATHER_SECONDS, not_before - time.monotonic()))
            while True:
                if isinstance(item, Stream):
                    work.admissions.append(item)
                elif item is not None:
                    work.due.add(item)
                item = self._items.get_nowait()
        except queue.Empty:
            return work
