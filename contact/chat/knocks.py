"""Knocking on every process: "something is new in this conversation". Never what.

Through Redis where there is one, through PostgreSQL's NOTIFY, and for SQLite, whose processes share a
machine, through a file. A knock may be lost: hub.py asks the database each second all the same.
"""

import contextlib
import logging
import os
import select
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection, connections, transaction

logger = logging.getLogger(__name__)

CHANNEL = "contact_chat"
POLL_SECONDS = 0.03  # of the file: one fstat
RETRY_SECONDS = 1
ASK_AFTER_SECONDS = 20  # of silence on PostgreSQL's line
FILE_BYTES = 256 * 1024  # then it begins anew; a knock lost there is found by the sweep


def knock(conversation_id: int, visitor_id: int) -> None:
    """Wake every process that shows this conversation, once the present transaction is committed.

    Zeros stand for "none in particular": agents have come or gone.
    """
    line = f"{conversation_id} {visitor_id}"
    if settings.ENVIRONMENT.redis_url:
        transaction.on_commit(lambda: _publish(line))
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, line])
    else:
        transaction.on_commit(lambda: _append(line))


_redis = None


def _publish(line):
    global _redis
    try:
        if _redis is None:
            _redis = redis.Redis.from_url(
                settings.ENVIRONMENT.redis_url, socket_timeout=1, socket_connect_timeout=1
            )
        _redis.publish(CHANNEL, line)
    except (redis.RedisError, OSError) as error:
        logger.error("Redis does not take a knock of the chat; it arrives a second late: %s", error)


def _append(line):
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    descriptor = os.open(settings.CHAT_KNOCKS_FILE, flags, 0o600)
    try:
        if os.fstat(descriptor).st_size > FILE_BYTES:
            os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


class KnockListener(threading.Thread):
    """Calls `heard(conversation_id, visitor_id)` for each knock, from a thread of its own, until it is stopped."""

    def __init__(self, heard: Callable[[int, int], None]):
        super().__init__(name="chat-knocks", daemon=True)
        self._heard, self._stopping = heard, threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self):
        if settings.ENVIRONMENT.redis_url:
            listen = self._listen_to_redis
        elif connection.vendor == "postgresql":
            listen = self._listen_to_postgresql
        else:
            listen = self._listen_to_file
        while not self._stopping.is_set():
            try:
                listen()
            except Exception as error:  # whatever ended it: the database is asked each second meanwhile
                logger.error("the chat's knocks are not heard for a moment: %s", error)
                self._stopping.wait(RETRY_SECONDS)
            finally:
                connections.close_all()

    def _hear(self, line):
        with contextlib.suppress(ValueError):
            conversation_id, visitor_id = map(int, line.split())
            self._heard(conversation_id, visitor_id)

    def _listen_to_redis(self):
        client = redis.Redis.from_url(
            settings.ENVIRONMENT.redis_url, socket_connect_timeout=3, health_check_interval=10
        )
        with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(CHANNEL)
            while not self._stopping.is_set():
                message = pubsub.get_message(timeout=1)
                if message:
                    self._hear(message["data"].decode())

    def _listen_to_postgresql(self):
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        raw, idle = connection.connection, 0
        while not self._stopping.is_set():
            readable, _, _ = select.select([raw], [], [], 1)
            idle = 0 if readable else idle + 1
            if idle >= ASK_AFTER_SECONDS:  # a line may be dead without a sign
                idle = 0
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            if readable or raw.notifies:
                raw.poll()
                while raw.notifies:
                    self._hear(raw.notifies.pop(0).payload)

    def _listen_to_file(self):
        descriptor = os.open(settings.CHAT_KNOCKS_FILE, os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            position, rest = os.fstat(descriptor).st_size, b""
            while not self._stopping.is_set():
                size = os.fstat(descriptor).st_size
                if size < position:
                    position, rest = 0, b""
                if size == position:
                    time.sleep(POLL_SECONDS)
                    continue
                piece = os.pread(descriptor, size - position, position)
                position += len(piece)
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    self._hear(line.decode("ascii", "replace"))
        finally:
            os.close(descriptor)
