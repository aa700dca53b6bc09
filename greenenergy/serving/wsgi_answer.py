"""The answer of a WSGI application, made on a request thread and sent by the event loop."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any

from .asgi_types import Headers

logger = logging.getLogger(__name__)

PIECE_BYTES = 64 * 1024  # sent at once
NO_BODY = (204, 304)

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Answer:
    """Status and headers, and one of: pieces in memory, a file, or nothing (already sent).

    A file is (descriptor, offset, length); the descriptor is our own, and must be closed.
    """

    __slots__ = ("file", "headers", "pieces", "status")

    def __init__(self, status: int, headers: Headers):
        self.status, self.headers = status, headers
        self.pieces: list[bytes] | None = None
        self.file: tuple[int, int, int] | None = None


class FileWrapper:
    """wsgi.file_wrapper. Iterable for middleware that cannot use the descriptor."""

    def __init__(self, file: IO[bytes], block_size: int = PIECE_BYTES):
        self.file, self.block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self.file.read, self.block_size), b"")

    def close(self) -> None:
        if hasattr(self.file, "close"):
            self.file.close()


def run(
    wsgi: Wsgi,
    environ: dict[str, Any],
    finish: Callable[[Answer | None], None],
    stream: Callable[[Answer, Iterable[bytes], bool], None],
) -> None:
    """On a request thread: run the application to the end of its answer, close what it made, and call `finish`.

    `stream` sends what is not in memory, piece by piece, on this thread. After a fault the answer is None.
    """
    head: list[Answer] = []

    def start_response(status, headers, exc_info=None):
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        head[:] = [Answer(int(status[:3]), encoded)]

    try:
        result = wsgi(environ, start_response)
        try:
            answer = head[0]
            answer.file = _detach_file(result, answer.headers)
            if answer.file is None and _is_in_memory(result):
                answer.pieces = list(result)
            elif answer.file is None:
                has_body = environ["REQUEST_METHOD"] != "HEAD" and answer.status not in NO_BODY
                stream(answer, result, has_body)
        finally:
            if hasattr(result, "close"):
                result.close()
    except TimeoutError:
        finish(None)  # the client took nothing for too long; its connection is closed
    except Exception:
        logger.exception("the application failed")
        finish(None)
    else:
        finish(answer)


def in_pieces(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Parts of no more than PIECE_BYTES, none of them empty."""
    for text in texts:
        for begin in range(0, len(text), PIECE_BYTES):
            yield text[begin : begin + PIECE_BYTES]


def discard(answer: Answer | None) -> None:
    """Close the file of an answer that nobody waits for any more."""
    if answer is not None and answer.file is not None:
        os.close(answer.file[0])


def _is_in_memory(result):
    """Lists, and Django's responses that are not streaming: their pieces exist already."""
    return isinstance(result, list | tuple) or getattr(result, "streaming", True) is False


def _detach_file(result, headers):
    """(descriptor of our own, offset, length) of a real file, so that the response can be closed now."""
    if not isinstance(result, FileWrapper):
        return None
    try:
        descriptor = os.dup(result.file.fileno())
        offset = result.file.tell()
    except (AttributeError, OSError):
        return None
    length = dict(headers).get(b"content-length")
    return descriptor, offset, int(length) if length else os.fstat(descriptor).st_size - offset
