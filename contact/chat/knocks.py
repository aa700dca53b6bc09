"""A knock notifies every process that a conversation has changed. It names the conversation, not the change.

It is sent through Redis if there is one, otherwise through PostgreSQL's NOTIFY, or for SQLite, whose processes share a
machine, through a file. A knock may be lost: contact/transport/reader.py also queries the database each second.
"""

import functools
import logging
import os

from django.conf import settings
from django.db import connection, transaction

from greenenergy.serving.redis_client import open_client, redis_errors

logger = logging.getLogger(__name__)

CHANNEL = "contact_chat"
FILE_BYTES = 256 * 1024  # then the file is emptied; a line whose knock is lost with it is a second late


def knock(conversation_id: int, visitor_id: int) -> None:
    """Notify every process once the current transaction is committed. The arguments are primary keys.

    (0, visitor): the visitor's browser was forgotten. (0, 0): agents have come or gone.
    """
    line = f"{conversation_id} {visitor_id}"
    if settings.ENVIRONMENT.redis_url:
        transaction.on_commit(lambda: _publish(line))
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, line])  # sent by the commit
    else:
        transaction.on_commit(lambda: _append(line))


_open_client_once = functools.cache(open_client)


def _publish(line: str) -> None:
    try:
        _open_client_once(socket_timeout=1, socket_connect_timeout=1).publish(CHANNEL, line)
    except redis_errors() as error:
        logger.error("Redis does not take a knock of the chat; it arrives a second late: %s", error)


def _append(line: str) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    descriptor = os.open(settings.CHAT_KNOCKS_FILE, flags, 0o600)
    try:
        if os.fstat(descriptor).st_size > FILE_BYTES:
            os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)
