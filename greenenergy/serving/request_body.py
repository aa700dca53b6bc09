"""The body of a request, whole and bounded, before anybody works on it."""

import asyncio
from tempfile import SpooledTemporaryFile

MAX_BYTES = 32 * 1024 * 1024
MEMORY_BYTES = 256 * 1024  # what is larger goes to disk
IDLE_SECONDS = 20  # between two pieces
TOTAL_SECONDS = 300
LINGER_SECONDS = 10


class ClientGone(Exception):
    """The connection was cut before the body was complete. Nothing of it may be used: half a form is no form."""


class BodyTooLarge(Exception):
    """The body is, or says that it will be, larger than MAX_BYTES."""


class BodyTooSlow(Exception):
    """The body, or the next piece of it, did not come in time."""


async def read_body(receive, content_length: int | None):
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


async def discard_rest(receive) -> None:
    """Take what a refused client still sends, for a while: a reset in the midst of it would hide our answer."""
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
