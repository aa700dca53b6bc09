"""Door 2: streams of server-sent events. An idle one costs a little memory: no thread, no database connection.

A stream ends by itself after some minutes, and when the process stops; the browser then opens another one
and sends the cursor of what it holds. If no stream can be opened, the browser polls contact/views/visitor.py.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from contact import chat
from contact.chat.cursor import Cursor
from contact.models.conversations import hash_token

from .hub import Hub
from .streams import StaffStream, Stream, VisitorStream

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

VISITOR_PATH, STAFF_PATH = "/contact/chat/stream/", "/admin/chat/stream/"
ADMISSION_SECONDS = 10  # for the reader and the database to answer; the browser tries again
HEARTBEAT_SECONDS = 14
LIFETIME_SECONDS = (480, 720)  # at random between the two, so that browsers do not all reconnect at once
RETRY_MILLISECONDS = (300, 4000)  # likewise: the delay before a browser reconnects
STALL_SECONDS = 20  # for a browser to take what is written to it
STREAMS_PER_VISITOR = 6  # tabs of one browser; further ones poll
_HEARTBEAT = b"event: beat\ndata: {}\n\n"


class ChatDoor:
    """The ASGI application of both paths."""

    def __init__(self) -> None:
        self.hub = Hub()

    def answers(self, path: str) -> bool:
        return path in (VISITOR_PATH, STAFF_PATH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stream = _requested_stream(scope)
        if stream is None:
            return await _refuse(send, 404)
        if self.hub.count >= settings.ENVIRONMENT.chat_streams:
            return await _refuse(send, 503)
        disconnected = asyncio.ensure_future(_wait_for_disconnect(receive))
        disconnected.add_done_callback(lambda _task: stream.finish())
        try:
            async with asyncio.timeout(ADMISSION_SECONDS):
                is_admitted = await self.hub.open(stream)
            if not is_admitted:
                await _refuse(send, 404)
            elif self._has_too_many(stream):
                await _refuse(send, 503)
            else:
                await write(stream, send)
        except TimeoutError:
            pass  # the browser takes nothing, or the database does not answer: the browser reconnects
        finally:
            disconnected.cancel()
            self.hub.close(stream)

    def _has_too_many(self, stream: Stream) -> bool:
        return (
            isinstance(stream, VisitorStream)
            and stream.visitor is not None
            and self.hub.count_of_visitor(stream.visitor) > STREAMS_PER_VISITOR
        )


async def write(stream: Stream, send: Send) -> None:
    """Write what is pushed into the stream, and heartbeats, until it ends. Raises TimeoutError for a stalled browser."""
    loop = asyncio.get_running_loop()
    end = loop.time() + random.uniform(*LIFETIME_SECONDS)  # noqa: S311
    retry = random.randint(*RETRY_MILLISECONDS)  # noqa: S311
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store, no-transform"),
        (b"x-accel-buffering", b"no"),  # nginx passes each event on at once
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _send_piece(send, b"retry: %d\nevent: open\ndata: {}\n\n" % retry)
    while not stream.is_over and loop.time() < end:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await stream.wake.wait()
        stream.wake.clear()
        data = b"".join(stream.pending) or (b"" if stream.is_over else _HEARTBEAT)
        stream.pending.clear()
        if data:
            await _send_piece(send, data)
    await send({"type": "http.response.body", "body": b""})


async def _send_piece(send: Send, data: bytes) -> None:
    async with asyncio.timeout(STALL_SECONDS):
        await send({"type": "http.response.body", "body": data, "more_body": True})


def _requested_stream(scope: Scope) -> Stream | None:
    """The stream that is requested, not admitted yet; None without a cookie, or for another method or host."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET" or not _is_own_host(headers.get(b"host", "")):
        return None
    cookies = parse_cookie(
        "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    )
    if scope["path"] == STAFF_PATH:
        session_key = cookies.get(settings.SESSION_COOKIE_NAME)
        return StaffStream(session_key) if session_key else None
    token = cookies.get(chat.COOKIE)
    if not token:
        return None
    held = headers.get(b"last-event-id") or QueryDict(scope["query_string"]).get("after", "")
    return VisitorStream(hash_token(token), Cursor.parse(held))


def _is_own_host(host: str) -> bool:
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1"] if settings.DEBUG else [])
    return validate_host(split_domain_port(host)[0], allowed)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int) -> None:
    """404 for what does not exist and for what is somebody else's; 503 for one stream too many: the browser polls."""
    body = json.dumps({"error": "none" if status == 404 else "full"}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"30"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
