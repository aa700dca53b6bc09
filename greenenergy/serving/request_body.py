"""The body of a request, read whole and within bounds before any view runs."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO

from .asgi_types import Receive

MAX_BYTES = 32 * 1024 * 1024
MEMORY_BYTES = 256 * 1024  # a larger body is spooled to disk
IDLE_SECONDS = 20  # between two pieces
TOTAL_SECONDS = 300
LINGER_SECONDS = 10  # for the rest of a refused body


class ClientGone(Exception):
    """The connection was cut before the body was complete. Nothing of it may be used: half a form may look like a form."""


class BodyTooLarge(Exception):
    """The body, or its Content-Length, is larger than MAX_BYTES."""


class BodyTooSlow(Exception):
    """The body, or the next piece of it, did not come in time."""


async def read_body(receive: Receive, content_length: int | None) -> tuple[IO[bytes], int]:
    """(file at its beginning, size) of a whole body. Raises ClientGone, BodyTooLarge or BodyTooSlow.

    `content_length` is None where the header is missing: the body is chunked, and its size is known
    only at the end.
    """
    if content_length is not None and content_length > MAX_BYTES:
        raise BodyTooLarge
    body, size = SpooledTemporaryFile(max_size=MEMORY_BYTES), 0  # noqa: SIM115  the caller closes it
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            while True:
                async with asyncio.timeout(IDLE_SECONDS):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                piece = message.get("body", b"")
                size += len(piece)
                if size > MAX_BYTES:
                    raise BodyTooLarge
                body.write(piece)
                if not message.get("more_body"):
                    break
    except TimeoutError:
        body.close()
        raise BodyTooSlow from None
    except BaseException:
        body.close()
        raise
    if content_length is not None and size != content_length:
        body.close()
        raise ClientGone
    body.seek(0)
    return body, size


async def discard_rest(receive: Receive) -> None:
    """Read and drop what a refused client still sends, for LINGER_SECONDS at most.

    If the connection were closed while it sends, the reset would hide our answer.
    """
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
