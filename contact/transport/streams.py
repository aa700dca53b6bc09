"""Door 2: open streams of server-sent events. While idle one costs a little memory: no thread, no connection.

A stream ends by itself after some minutes, and when the process stops; the browser opens another one
and says how far it has read. Where streams cannot be, polling asks the same by contact/views.
"""

import asyncio
import contextlib
import json
import random
import re

from django.conf import settings
from django.http import QueryDict
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from contact.models.conversations import hash_token

from .hub import Hub, StaffStream, VisitorStream

VISITOR_PATH, STAFF_PATH = "/contact/chat/stream/", "/admin/chat/stream/"
COOKIE = "chat"
HEARTBEAT_SECONDS = 14
LIFETIME_SECONDS = (480, 720)  # at random between, so that they do not all come back at once
RETRY_MILLISECONDS = (300, 4000)
STALL_SECONDS = 20
STREAMS_PER_VISITOR = 6  # tabs of one browser; further ones poll
_BEAT = b"event: beat\ndata: {}\n\n"


class ChatStreams:
    """The ASGI application of both paths."""

    def __init__(self):
        self.hub = Hub()

    def answers(self, path: str) -> bool:
        return path in (VISITOR_PATH, STAFF_PATH)

    async def __call__(self, scope, receive, send):
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "GET" or not _is_own_host(headers.get(b"host", "")):
            return await _refuse(send, 404)
        cookies = parse_cookie(
            "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
        )
        make = _visitor_stream if scope["path"] == VISITOR_PATH else _staff_stream
        stream = make(scope, headers, cookies)
        if stream is None:
            return await _refuse(send, 404)
        if self.hub.count >= settings.ENVIRONMENT.chat_streams:
            return await _refuse(send, 503)
        gone = asyncio.ensure_future(_disconnect(receive))
        gone.add_done_callback(lambda _task: stream.finish())
        try:
            async with asyncio.timeout(10):
                is_admitted = await self.hub.open(stream)
            if not is_admitted:
                return await _refuse(send, 404)
            if getattr(stream, "visitor", None) and self.hub.of_visitor(stream.visitor) > STREAMS_PER_VISITOR:
                return await _refuse(send, 503)
            await self._write(stream, send)
        except TimeoutError:
            pass  # the reader takes nothing, or the database does not answer; the browser asks again
        finally:
            gone.cancel()
            self.hub.close(stream)

    async def _write(self, stream, send):
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
        await _send(send, b"retry: %d\nevent: open\ndata: {}\n\n" % retry)
        while not stream.is_over and loop.time() < end:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await stream.wake.wait()
            stream.wake.clear()
            data = b"".join(stream.pending) or (b"" if stream.is_over else _BEAT)
            stream.pending.clear()
            if data:
                await _send(send, data)
        await send({"type": "http.response.body", "body": b""})


async def _send(send, data):
    async with asyncio.timeout(STALL_SECONDS):
        await send({"type": "http.response.body", "body": data, "more_body": True})


def _visitor_stream(scope, headers, cookies):
    token = cookies.get(COOKIE)
    if not token:
        return None
    held = headers.get(b"last-event-id") or QueryDict(scope["query_string"]).get("after", "")
    match = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,9})", held)
    conversation, sequence = (int(match[1]), int(match[2])) if match else (0, 0)
    return VisitorStream(hash_token(token), conversation, sequence)


def _staff_stream(scope, headers, cookies):
    session_key = cookies.get(settings.SESSION_COOKIE_NAME)
    return StaffStream(session_key) if session_key else None


def _is_own_host(host):
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1"] if settings.DEBUG else [])
    return validate_host(split_domain_port(host)[0], allowed)


async def _disconnect(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send, status):
    """404 for whoever may not, as for what is not there; 503 where one stream more is too many: poll instead."""
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
