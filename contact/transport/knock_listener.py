"""The thread that receives the knocks of all processes: see contact/chat/knocks.py."""

import contextlib
import logging
import os
import select
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from contact.chat.knocks import CHANNEL
from greenenergy.serving.background import BackgroundThread
from greenenergy.serving.redis_client import open_client, redis_errors

FILE_POLL_SECONDS = 0.03  # one fstat each
SILENCE_SECONDS = 20  # on PostgreSQL's connection; then a query finds out whether it is still alive


class KnockListener(BackgroundThread):
    """Calls `on_knock(conversation, visitor)` with the primary keys of each knock.

    A knock that comes while its source is down is lost: the reader's sweep finds the change within a second.
    """

    on_fault = "the chat's knocks are not heard for a moment"
    database_fault_level = logging.ERROR

    def __init__(self, on_knock: Callable[[int, int], None]) -> None:
        super().__init__(name="chat-knocks")
        self._on_knock = on_knock
        if settings.ENVIRONMENT.redis_url:
            self.expected_errors += redis_errors()

    def step(self) -> None:
        """Listen until the thread is stopped, or the source fails."""
        if settings.ENVIRONMENT.redis_url:
            self._listen_to_redis()
        elif connection.vendor == "postgresql":
            self._listen_to_postgresql()
        else:
            self._listen_to_file()

    def _receive(self, line: str) -> None:
        with contextlib.suppress(ValueError):
            conversation, visitor = map(int, line.split())
            self._on_knock(conversation, visitor)

    def _listen_to_redis(self) -> None:
        client = open_client(socket_connect_timeout=3, health_check_interval=10)
        with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(CHANNEL)
            while not self.stopping.is_set():
                message = pubsub.get_message(timeout=1)
                if message:
                    self._receive(message["data"].decode())

    def _listen_to_postgresql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        raw, silent_seconds = connection.connection, 0
        with connection.wrap_database_errors:
            while not self.stopping.is_set():
                readable, _, _ = select.select([raw], [], [], 1)
                silent_seconds = 0 if readable else silent_seconds + 1
                if silent_seconds >= SILENCE_SECONDS:
                    silent_seconds = 0
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT 1")
                if readable or raw.notifies:
                    raw.poll()
                    while raw.notifies:
                        self._receive(raw.notifies.pop(0).payload)

    def _listen_to_file(self) -> None:
        descriptor = os.open(settings.CHAT_KNOCKS_FILE, os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            position, rest = os.fstat(descriptor).st_size, b""
            while not self.stopping.is_set():
                size = os.fstat(descriptor).st_size
                if size < position:  # a writer has emptied it
                    position, rest = 0, b""
                if size == position:
                    self.stopping.wait(FILE_POLL_SECONDS)
                    continue
                piece = os.pread(descriptor, size - position, position)
                position += len(piece)
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    self._receive(line.decode("ascii", "replace"))
        finally:
            os.close(descriptor)
