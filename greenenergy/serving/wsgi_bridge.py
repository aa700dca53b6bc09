"""Door 3: Django's WSGI handler behind an ASGI server, on a fixed pool of threads.

The event loop reads the body, waits for a thread, and writes to the client. A thread does nothing
but run Django: it is free again as soon as the answer is made, however slowly the client reads. A
streaming answer is iterated and closed on the thread that made it, since database connections
belong to threads; a file is sent by the event loop, from a descriptor of its own.
"""

import asyncio
import io
import logging
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from .asgi_types import Message, Receive, Scope, Send
from .client_address import TrustedProxies
from .plain_answers import make_page, send_page
from .request_body import BodyTooLarge, BodyTooSlow, ClientGone, discard_rest, read_body
from .request_threads import Job, QueueFull, RequestThreads
from .time_limits import TimeLimits
from .wsgi_answer import NO_BODY, PIECE_BYTES, Answer, Wsgi, discard, in_pieces, run
from .wsgi_environ import make_environ

logger = logging.getLogger(__name__)

STALL_SECONDS = 30  # within which the client must take a piece
QUEUE_PER_THREAD = 16
QUEUE_CHECK_SECONDS = 0.01  # between checks whether queued requests need another thread
# After the signal to stop: how long a body may still arrive, a view still work, an answer still be sent.
STOP_READING_SECONDS, STOP_WORKING_SECONDS, STOP_SENDING_SECONDS = 2.5, 6, 6.5


class WsgiBridge:
    """An ASGI application for HTTP requests, around a WSGI one."""

    def __init__(
        self,
        wsgi: Wsgi,
        *,
        threads: int,
        wait_seconds: float,
        trusted_proxies: Iterable[str],
        busy_page: bytes,
    ):
        self._wsgi = wsgi
        self._threads = RequestThreads(threads, queue_limit=threads * QUEUE_PER_THREAD)
        self._wait_seconds = wait_seconds
        self._proxies = TrustedProxies(trusted_proxies)
        self._busy_page = busy_page
        # They read files, so that the event loop never waits for a disk.
        self._file_readers = ThreadPoolExecutor(2, thread_name_prefix="file")
        self._limits = TimeLimits()
        self._queue_check: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start the threads: in the worker, after the fork."""
        self._threads.start()

    def stop_soon(self) -> None:
        """Bound what is still read, worked on and sent. Called on the event loop."""
        self._limits.stop_soon()

    def stop(self) -> None:
        self._threads.stop()
        self._file_readers.shutdown(wait=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(
            scope["headers"]
        )  # the last of repeated ones; only Content-Length and such are read here
        try:
            environ = make_environ(scope, *await self._body(headers, receive))
        except ClientGone:
            return
        except BodyTooLarge:
            page = make_page("内容太大", "一次最多上传 32 MB。请压缩或分几次上传。")
            await send_page(send, 413, page, close=True)
            await discard_rest(receive)
            return
        except BodyTooSlow:
            page = make_page("上传中断", "网络太慢，内容没有收全。请再试一次。")
            await send_page(send, 408, page, close=True)
            return
        self._proxies.apply(environ)
        try:
            answer = await self._run_on_a_thread(environ, receive, send)
            if answer is None:
                return
            has_body = scope["method"] != "HEAD" and answer.status not in NO_BODY
            await self._send(answer, send, has_body=has_body)
        except (QueueFull, _TooLong):
            is_last = self._limits.is_stopping
            await send_page(send, 503, self._busy_page, [(b"retry-after", b"10")], close=is_last)
        finally:
            environ["wsgi.input"].close()

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> tuple[IO[bytes], int]:
        length = headers.get(b"content-length")
        if (length is None and b"transfer-encoding" not in headers) or length == b"0":
            return io.BytesIO(), 0
        async with self._limits.bounded(None, STOP_READING_SECONDS, BodyTooSlow):
            body = await read_body(receive, int(length) if length is not None else None)
        return body

    async def _run_on_a_thread(self, environ: dict[str, Any], receive: Receive, send: Send) -> Answer | None:
        """The answer; None where the client left while it waited. Raises QueueFull or _TooLong."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer | None] = loop.create_future()
        finish, stream = partial(_resolve, loop, answered), partial(_stream, loop, send)
        job = Job(partial(run, self._wsgi, environ, finish, stream))
        begins_now = self._threads.submit(job)
        try:
            async with self._limits.bounded(None, STOP_WORKING_SECONDS, _TooLong):
                if not begins_now:
                    self._check_queue_soon()
                    if not await self._wait_in_queue(job, answered, receive):
                        return None
                return await asyncio.shield(answered)
        except BaseException:  # cancellation, too: the client has gone, and its answer may still come
            self._threads.take_back(job)
            _refuse(answered)
            raise

    def _check_queue_soon(self):
        if self._queue_check is None:
            self._queue_check = asyncio.get_running_loop().call_later(QUEUE_CHECK_SECONDS, self._check_queue)

    def _check_queue(self):
        self._queue_check = None
        if self._threads.let_another_join():
            self._check_queue_soon()

    async def _wait_in_queue(self, job, answered, receive):
        """Whether a thread took the job in time; False where the client left first. Raises _TooLong.

        A thread does not report that it begins: that would wake the event loop once more for each request.
        """
        gone = asyncio.ensure_future(_disconnect(receive))
        try:
            await asyncio.wait(
                {answered, gone}, timeout=self._wait_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            gone.cancel()
        if answered.done() or not self._threads.take_back(job):
            return True
        if gone.done():
            return False
        raise _TooLong

    async def _send(self, answer, send, *, has_body):
        async with self._limits.bounded(STALL_SECONDS, STOP_SENDING_SECONDS, None) as limit:
            start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            if answer.file is not None:
                await self._send_file(start, answer.file, send, has_body, limit)
            elif answer.pieces is not None:
                await send(start)
                last = b""
                for piece in in_pieces(answer.pieces if has_body else ()):
                    if last:
                        await self._send_piece(last, send, limit)
                    last = piece
                await send({"type": "http.response.body", "body": last})

    async def _send_file(self, start, file, send, has_body, limit):
        descriptor, offset, left = file
        loop = asyncio.get_running_loop()
        try:
            await send(start)
            while has_body and left > 0:
                size = min(left, PIECE_BYTES * 4)
                piece = await loop.run_in_executor(self._file_readers, os.pread, descriptor, size, offset)
                if not piece:
                    return  # the file has shrunk: the client notices an answer that is cut short
                await self._send_piece(piece, send, limit)
                offset, left = offset + len(piece), left - len(piece)
            await send({"type": "http.response.body", "body": b""})
        finally:
            os.close(descriptor)

    async def _send_piece(self, piece, send, limit):
        if not self._limits.is_stopping:
            limit.reschedule(asyncio.get_running_loop().time() + STALL_SECONDS)
        await send({"type": "http.response.body", "body": piece, "more_body": True})


class _TooLong(Exception):
    """No thread was free in time, or the view still works when the process has to end."""


def _stream(loop, send, head, pieces, has_body):
    """On a request thread: send a generator's pieces, each when the client has taken the one before."""

    async def send_one(message: Message) -> None:
        async with asyncio.timeout(STALL_SECONDS):
            await send(message)

    def deliver(message: Message) -> None:
        asyncio.run_coroutine_threadsafe(send_one(message), loop).result()

    deliver({"type": "http.response.start", "status": head.status, "headers": head.headers})
    if has_body:
        for piece in pieces:
            if piece:
                deliver({"type": "http.response.body", "body": piece, "more_body": True})
    deliver({"type": "http.response.body", "body": b""})


def _resolve(loop, future, answer):
    """Set a future's result from another thread; the loop may be closed, or nobody may wait any more."""

    def set_result():
        if not future.done():
            future.set_result(answer)
        else:
            discard(answer)

    try:
        loop.call_soon_threadsafe(set_result)
    except RuntimeError:
        logger.warning("an answer came after the event loop had been closed")


def _refuse(future):
    """Nobody waits any more: discard an answer that has come already, or one that comes later."""
    if not future.cancel():
        discard(future.result())


async def _disconnect(receive):
    while (await receive())["type"] != "http.disconnect":
        pass  # the end of the body
