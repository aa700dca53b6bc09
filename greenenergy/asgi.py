"""The entry point of gunicorn's ASGI workers: each request takes one of three doors.

Door 1 answers cached pages from memory, door 2 holds the streams of the live chat, door 3 is Django. Door 3 alone can
serve the whole site: if no stream can be opened, the chat polls it.
"""

import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenenergy.settings")

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from contact.housekeeping import HousekeepingThread
from contact.transport import ChatDoor
from greenenergy.content_version import ChangeWatcher
from greenenergy.database.timeouts import limit_statements
from greenenergy.operations.connection_watch import ConnectionWatchThread
from greenenergy.page_cache import PageDoor
from greenenergy.serving.background import stop_all
from greenenergy.serving.wsgi_bridge import WsgiBridge
from greenenergy.site.views import plain_page
from news.view_counter.counting import count_at_the_door
from news.view_counter.folding import FoldingThread

# For the last work of the background threads; views that are not folded by then wait in the journal.
STOP_SECONDS = 5


class Site:
    """The ASGI application of this site."""

    def __init__(self):
        environment = settings.ENVIRONMENT
        limit_statements(environment.statement_seconds)
        self.django = WsgiBridge(
            WSGIHandler(),
            threads=environment.request_threads,
            wait_seconds=environment.request_wait_seconds,
            trusted_proxies=environment.trusted_proxies,
            busy_page=plain_page("503.html"),
        )
        self.pages = PageDoor(environment.trusted_proxies, count_at_the_door)
        self.streams = ChatDoor()
        self.threads = [
            ConnectionWatchThread(),
            ChangeWatcher(),
            FoldingThread(),
            HousekeepingThread(),
            *self.streams.hub.threads,
        ]

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] == "/healthz":
            await _say_alive(send)
        elif self.streams.answers(scope["path"]):
            await self.streams(scope, receive, send)
        else:
            await self.pages(scope, receive, send, self.django)

    def stop_soon(self) -> None:
        """Called on SIGTERM: see gunicorn.conf.py."""
        self.django.stop_soon()
        self.streams.hub.stop_soon()

    async def _live(self, receive, send):
        """ASGI's lifespan: a worker from its start, after the fork, to its end."""
        await receive()
        self.django.start()
        for thread in self.threads:
            thread.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.django.stop()
        await asyncio.to_thread(stop_all, self.threads, timeout=STOP_SECONDS)
        await send({"type": "lifespan.shutdown.complete"})


async def _say_alive(send):
    """Answered by the event loop, even while every thread hangs in the database."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"3"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok\n"})


application = Site()
