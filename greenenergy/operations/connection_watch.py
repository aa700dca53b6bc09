"""The thread that ends waits for a PostgreSQL server which does not answer any more."""

import logging

from greenenergy.database.server_watch import server_watch
from greenenergy.serving.background import BackgroundThread

logger = logging.getLogger(__name__)


class ConnectionWatchThread(BackgroundThread):
    every_seconds = 0.5
    on_fault = "the connections to the database are not watched"

    def __init__(self) -> None:
        super().__init__("connections")

    def step(self) -> None:
        overdue = server_watch.cut_overdue()
        if overdue:
            logger.warning("%d connections to the database got no answer, and are opened again", overdue)
