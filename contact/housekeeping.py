"""What has to happen although nobody asks: notifications go out, lost chats go back to the queue, old rows go.

One thread in each worker. Every step may run in several processes at once: each claims its rows first.
"""

import logging
import threading

from django.db import DatabaseError, close_old_connections, connection

from . import chat, notifications
from .privacy import retention

logger = logging.getLogger(__name__)

ROUND_SECONDS = 1
RELEASE_EVERY, PURGE_EVERY = 5, 600  # rounds


class Keeper(threading.Thread):
    def __init__(self):
        super().__init__(name="contact-keeper", daemon=True)
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self):
        number = 0
        while not self._stopping.wait(ROUND_SECONDS):
            number += 1
            self._step(notifications.send_due)
            if number % RELEASE_EVERY == 0:
                self._step(chat.release_lost)
            if number % PURGE_EVERY == RELEASE_EVERY:
                self._step(retention.purge_once_a_day)
            close_old_connections()
        connection.close()

    def _step(self, work):
        try:
            done = work()
            if isinstance(done, retention.Purged):
                logger.info(
                    "purged: %s", ", ".join(f"{name} {count}" for name, count in done.counts().items())
                )
        except DatabaseError as error:
            logger.warning("%s is tried again: %s", work.__name__, str(error).strip())
            connection.close()
        except Exception:
            logger.exception("%s has failed", work.__name__)


_keeper: Keeper | None = None


def start() -> None:
    global _keeper
    _keeper = Keeper()
    _keeper.start()


def stop() -> None:
    if _keeper:
        _keeper.stop()
