"""Work that no request causes: notifications are sent, lost chats go back to the queue, old rows are purged.

One thread in each worker. A job may run in several processes at once: each claims its rows first.
"""

import logging

from greenenergy.serving.background import BackgroundThread

from . import chat, notifications
from .privacy import retention

logger = logging.getLogger(__name__)

RELEASE_EVERY, PURGE_EVERY = 5, 600  # rounds, of a second each


class HousekeepingThread(BackgroundThread):
    on_fault = "the housekeeping of chat and message forms has failed, and tries again"

    def __init__(self) -> None:
        super().__init__(name="contact-housekeeping")
        self._rounds = 0

    def step(self) -> None:
        """Each job is guarded by itself: none is late because another one fails."""
        self._rounds += 1
        self._guarded(notifications.send_due)
        if self._rounds % RELEASE_EVERY == 0:
            self._guarded(chat.release_lost)
        if self._rounds % PURGE_EVERY == RELEASE_EVERY:
            self._guarded(_purge)


def _purge() -> None:
    purged = retention.purge_once_a_day()
    if purged:
        logger.info("purged: %s", ", ".join(f"{name} {count}" for name, count in purged.counts().items()))
