"""Connections to a PostgreSQL server that has gone without a word: a failover, a firewall, a proxy that hangs.

tcp_user_timeout and keepalives (settings.py) notice where packets are lost. Where something between still acknowledges
them, a query would wait for ever, since statement_timeout is the server's. Here such a wait ends on this side.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEALTH_CHECK_SECONDS = 3  # for SELECT 1, before a connection is used again


class ServerWatch:
    """Which connections wait for an answer, and until when. `cut_overdue()` has to be called about twice a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: dict[object, tuple[float, int]] = {}  # moment, descriptor

    @contextmanager
    def answer_within(self, seconds: float, connection: Any) -> Iterator[None]:
        """Around a call of the driver, which raises OperationalError when the time is up. `connection` is psycopg2's."""
        if connection.closed:  # has no descriptor; the driver's call says so itself
            yield
            return
        wait = object()
        with self._lock:
            self._waits[wait] = time.monotonic() + seconds, connection.fileno()
        try:
            yield
        finally:
            with self._lock:
                self._waits.pop(wait, None)

    def cut_overdue(self) -> int:
        """End the waits that take too long; returns how many."""
        now, overdue = time.monotonic(), 0
        with self._lock:  # so that the descriptor is the connection's still
            for wait, (moment, descriptor) in list(self._waits.items()):
                if moment <= now:
                    del self._waits[wait]
                    _shut_down(descriptor)
                    overdue += 1
        return overdue


server_watch = ServerWatch()


def bound_waits(connection: Any, seconds: float) -> None:
    """Bound the statements and health checks of a new connection to PostgreSQL, Django's wrapper of it."""
    others = [one for one in connection.execute_wrappers if not isinstance(one, _Bounded)]
    connection.execute_wrappers[:] = [*others, _Bounded(seconds)]
    connection.is_usable = _BoundedHealthCheck(connection)


class _Bounded:
    """A Django execute wrapper."""

    def __init__(self, seconds: float):
        self._seconds = seconds

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        with server_watch.answer_within(self._seconds, context["connection"].connection):
            return execute(sql, params, many, context)


class _BoundedHealthCheck:
    """In place of the wrapper's is_usable()."""

    def __init__(self, connection: Any):
        self._connection = connection

    def __call__(self) -> bool:
        if self._connection.connection is None:
            return False
        with server_watch.answer_within(HEALTH_CHECK_SECONDS, self._connection.connection):
            return bool(type(self._connection).is_usable(self._connection))


def _shut_down(descriptor: int) -> None:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as copy:
            copy.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # closed by the other side meanwhile
