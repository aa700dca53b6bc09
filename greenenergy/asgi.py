"""The doors. A request comes in here, from gunicorn's ASGI workers.

Door 3 is Django, and every page is right with it alone. Door 2 holds the streams of the live chat; where
there is none, the chat polls door 3. Door 1 (ready pages) will stand before both.
"""

import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenenergy.settings")

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from contact import keeper
from contact.transport.streams import ChatStreams
from greenenergy.timeouts import limit_statements
from greenenergy.views import plain_page
from greenenergy.wsgi_bridge import WsgiBridge
from news import view_folding


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
        self.streams = ChatStreams()

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
            await self.django(scope, receive, send)

    def stop_soon(self) -> None:
        """The process has been told to end: see gunicorn.conf.py."""
        self.django.stop_soon()
        self.streams.hub.stop_soon()

    async def _live(self, receive, send):
        """From the start of a worker, after its fork, to its end."""
        await receive()
        self.django.start()
        self.streams.hub.start()
        view_folding.start_folding()
        keeper.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.django.stop()
        self.streams.hub.stop()
        keeper.stop()
        await asyncio.to_thread(view_folding.stop_folding)
        await send({"type": "lifespan.shutdown.complete"})


async def _say_alive(send):
    """The process answers, even where every thread hangs in the database."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"3"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok\n"})


application = Site()
