"""The state of one open stream: whose it is, which lines the browser holds, and what waits to be written."""

import asyncio

from contact.chat.cursor import Cursor
from contact.chat.payloads import Payload

PENDING_LIMIT = (
    200  # events that a slow browser has not taken; then the stream ends, and the browser reconnects
)


class Stream:
    """One open connection. Its fields belong to the event loop."""

    def __init__(self) -> None:
        self.pending: list[bytes] = []
        self.wake = asyncio.Event()
        self.admitted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.is_over = False

    def push(self, data: bytes) -> None:
        if len(self.pending) >= PENDING_LIMIT:
            self.is_over = True
        else:
            self.pending.append(data)
        self.wake.set()

    def finish(self) -> None:
        self.is_over = True
        self.wake.set()


class VisitorStream(Stream):
    """Holds the lines of `conversation` up to number `sequence`; at first the cursor's, which the browser sent."""

    def __init__(self, token_hash: str, cursor: Cursor) -> None:
        super().__init__()
        self.token_hash = token_hash
        self.conversation, self.sequence = cursor
        self.visitor: int | None = None  # primary key, once admitted
        self.state: Payload | None = None  # as last sent

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.conversation, self.sequence)


class StaffStream(Stream):
    def __init__(self, session_key: str) -> None:
        super().__init__()
        self.session_key = session_key
        self.user: int | None = None  # primary key, once admitted
