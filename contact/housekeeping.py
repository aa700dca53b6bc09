"""Periodic work: notifications are sent, chats of absent agents go back to the queue, old rows are purged.

One thread in each worker. A job may run in several processes at once: each claims its rows first.
"""

import logging

from greenenergy.serving.background import BackgroundThread

from . import chat, notifications
from .notifications import waiting
from .privacy import retention

logger = logging.getLogger(__name__)

RELEASE_EVERY, PURGE_EVERY = 5, 600  # rounds, of a second each


class HousekeepingThread(BackgroundThread):
    def __init__(self) -> None:
        super().__init__(name="contact-housekeeping")
        self._rounds = 0

    def step(self) -> None:
        self._rounds += 1
        self.attempt(waiting.announce, "group chats hear late of those who wait")
        self.attempt(notifications.send_due, "notifications are sent late")
        if self._rounds % RELEASE_EVERY == 0:
            self.attempt(chat.release_lost, "chats of lost agents wait")
        if self._rounds % PURGE_EVERY == RELEASE_EVERY:
            self.attempt(_purge, "what is older than the settings allow is purged late")


def _purge() -> None:
    purged = retention.purge_once_a_day()
    if purged:
        logger.info("purged: %s", ", ".join(f"{name} {count}" for name, count in purged.counts().items()))
