"""Door 3: Django's WSGI handler behind an ASGI server, on a fixed pool of threads.

The event loop takes the body, waits for a thread, and writes to the client. A thread does nothing
but run Django: it is free again as soon as the answer is made, however slowly the client reads. An
answer's generator is pulled and closed on the thread that made it, since database connections
belong to threads; a file leaves by the event loop, from a descriptor of its own.
"""

import asyncio
import io
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import unquote_to_bytes

from .client_address import TrustedProxies
from .request_body import BodyTooLarge, BodyTooSlow, ClientGone, discard_rest, read_body
from .request_threads import Job, QueueFull, RequestThreads

logger = logging.getLogger(__name__)

PIECE_BYTES = 64 * 1024  # written at once; the client must take each within STALL_SECONDS
STALL_SECONDS = 30
QUEUE_PER_THREAD = 16
LOOK_SECONDS = 0.01  # how often it is asked, while requests wait, whether the threads get on
# From the signal to stop: what may still be sent, and how long a view may still work.
STOP_READING_SECONDS, STOP_WORKING_SECONDS, STOP_SENDING_SECONDS = 0, 6, 6.5
NO_BODY = (204, 304)


class WsgiBridge:
    """An ASGI application for HTTP requests, around a WSGI one."""

    def __init__(self, wsgi, *, threads: int, wait_seconds: float, trusted_proxies, busy_page: bytes):
        self._wsgi = wsgi
        self._threads = RequestThreads(threads, queue_limit=threads * QUEUE_PER_THREAD)
        self._wait_seconds = wait_seconds
        self._proxies = TrustedProxies(trusted_proxies)
        self._busy_page = busy_page
        self._files = ThreadPoolExecutor(
            2, thread_name_prefix="file"
        )  # waits for the disk, so that the loop need not
        self._deadlines: dict[asyncio.Timeout, float] = {}
        self._is_stopping = False
        self._look: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start the threads: in the worker, after the fork."""
        self._threads.start()

    def stop_soon(self) -> None:
        """Refuse bodies that are not complete, and bound what still runs. Called on the event loop."""
        self._is_stopping = True
        now = asyncio.get_running_loop().time()
        for timeout, grace in list(self._deadlines.items()):
            if not timeout.expired():
                timeout.reschedule(
                    now + grace if timeout.when() is None else min(timeout.when(), now + grace)
                )

    def stop(self) -> None:
        self._threads.stop()
        self._files.shutdown(wait=False)

    async def __call__(self, scope, receive, send):
        headers = dict(scope["headers"])  # of repeated headers the last; only framing ones are read here
        try:
            environ = self._environ(scope, *await self._body(headers, receive))
        except ClientGone:
            return
        except BodyTooLarge:
            await _answer(
                send, 413, _page("内容太大", "一次最多上传 32 MB。请压缩或分几次上传。"), close=True
            )
            return await discard_rest(receive)
        except BodyTooSlow:
            return await _answer(
                send, 408, _page("上传中断", "网络太慢，内容没有收全。请再试一次。"), close=True
            )
        try:
            answer = await self._run_on_a_thread(environ, receive, send)
            if answer is None:
                return
            await self._send(
                answer, send, has_body=scope["method"] != "HEAD" and answer.status not in NO_BODY
            )
        except (QueueFull, _TooLong):
            await _answer(send, 503, self._busy_page, [(b"retry-after", b"10")], close=self._is_stopping)
        finally:
            environ["wsgi.input"].close()

    async def _body(self, headers, receive):
        length = headers.get(b"content-length")
        if (length is None and b"transfer-encoding" not in headers) or length == b"0":
            return io.BytesIO(), 0
        async with self._bounded(None, STOP_READING_SECONDS, BodyTooSlow):
            return await read_body(receive, int(length) if length is not None else None)

    def _environ(self, scope, body, body_size):
        path = scope.get("raw_path") or scope["path"].encode()
        host, port = (scope.get("server") or ("localhost", 0))[:2]
        environ = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope["scheme"],
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": _File,
        }
        for name, value in scope["headers"]:
            key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
            text = value.decode("latin-1")
            if key in environ:
                text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
            environ[key] = text
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        environ.pop("HTTP_CONTENT_LENGTH", None)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = (
            str(body_size) if body_size or scope["method"] in ("POST", "PUT", "PATCH") else ""
        )
        self._proxies.apply(environ)
        return environ

    async def _run_on_a_thread(self, environ, receive, send):
        """The answer; None where the client went away while it waited. Raises QueueFull or _TooLong."""
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        finish, stream = partial(_resolve, loop, answered), partial(self._stream, loop, send)
        job = Job(partial(_run, self._wsgi, environ, finish, stream))
        begins_now = self._threads.submit(job)
        try:
            async with self._bounded(None, STOP_WORKING_SECONDS, _TooLong):
                if not begins_now:
                    self._look_at_queue_soon()
                    if not await self._wait_in_queue(job, answered, receive):
                        return None
                return await asyncio.shield(answered)
        except BaseException:  # cancelled, too: the client has gone, and its answer may still come
            self._threads.take_back(job)
            _refuse(answered)
            raise

    def _look_at_queue_soon(self):
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_at_queue)

    def _look_at_queue(self):
        self._look = None
        if self._threads.let_another_join():
            self._look_at_queue_soon()

    async def _wait_in_queue(self, job, answered, receive):
        """Whether a thread took the job in time; False where the client left first. Raises _TooLong.

        A thread does not say that it begins: the event loop would be woken up once more for each request.
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

    async def _send(self, answer, send, has_body):
        async with self._bounded(STALL_SECONDS, STOP_SENDING_SECONDS, None) as deadline:
            start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            if answer.file is not None:
                await self._send_file(start, answer.file, send, has_body, deadline)
            elif answer.pieces is not None:
                await send(start)
                last = b""
                for piece in _in_pieces(answer.pieces if has_body else ()):
                    if last:
                        await self._send_piece(last, send, deadline)
                    last = piece
                await send({"type": "http.response.body", "body": last})

    async def _send_file(self, start, file, send, has_body, deadline):
        descriptor, offset, left = file
        loop = asyncio.get_running_loop()
        try:
            await send(start)
            while has_body and left > 0:
                size = min(left, PIECE_BYTES * 4)
                piece = await loop.run_in_executor(self._files, os.pread, descriptor, size, offset)
                if not piece:
                    return  # the file has shrunk: an answer cut short is noticed by its reader
                await self._send_piece(piece, send, deadline)
                offset, left = offset + len(piece), left - len(piece)
            await send({"type": "http.response.body", "body": b""})
        finally:
            os.close(descriptor)

    async def _send_piece(self, piece, send, deadline):
        if not self._is_stopping:
            deadline.reschedule(asyncio.get_running_loop().time() + STALL_SECONDS)
        await send({"type": "http.response.body", "body": piece, "more_body": True})

    def _stream(self, loop, send, head, pieces, has_body):
        """On the request's thread: send a generator's pieces, each when the client has taken the one before."""

        async def send_one(message):
            async with asyncio.timeout(STALL_SECONDS):
                await send(message)

        def deliver(message):
            asyncio.run_coroutine_threadsafe(send_one(message), loop).result()

        deliver({"type": "http.response.start", "status": head.status, "headers": head.headers})
        if has_body:
            for piece in pieces:
                if piece:
                    deliver({"type": "http.response.body", "body": piece, "more_body": True})
        deliver({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def _bounded(self, seconds, grace, error):
        """A time limit that `stop_soon` may shorten to `grace` seconds; `error` is raised when it is over."""
        if self._is_stopping:
            seconds = grace if seconds is None else min(seconds, grace)
        try:
            async with asyncio.timeout(seconds) as timeout:
                self._deadlines[timeout] = grace
                try:
                    yield timeout
                finally:
                    del self._deadlines[timeout]
        except TimeoutError:
            if error is not None:
                raise error from None


class _TooLong(Exception):
    """No thread was free in time, or the view still works when the process has to end."""


class _File:
    """wsgi.file_wrapper. Iterable for whoever cannot take the descriptor."""

    def __init__(self, file, block_size=PIECE_BYTES):
        self.file, self.block_size = file, block_size

    def __iter__(self):
        return iter(partial(self.file.read, self.block_size), b"")

    def close(self):
        if hasattr(self.file, "close"):
            self.file.close()


class _Answer:
    """Status and headers, and one of: pieces in memory, (descriptor, offset, length), or nothing (already sent)."""

    def __init__(self, status, headers):
        self.status, self.headers = status, headers
        self.pieces = self.file = None


def _run(wsgi, environ, finish, stream):
    """On the request's thread: run the application to the end of its answer, and close what it made."""
    head = []

    def start_response(status, headers, exc_info=None):
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        head[:] = [_Answer(int(status[:3]), encoded)]

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
        finish(None)  # a reader that took nothing for too long; its connection is closed
    except Exception:
        logger.exception("the application failed")
        finish(None)
    else:
        finish(answer)


def _in_pieces(texts):
    """Parts of no more than PIECE_BYTES, none of them empty."""
    for text in texts:
        for begin in range(0, len(text), PIECE_BYTES):
            yield text[begin : begin + PIECE_BYTES]


def _is_in_memory(result):
    """Lists, and Django's responses that are not streaming: their pieces exist already."""
    return isinstance(result, list | tuple) or getattr(result, "streaming", True) is False


def _detach_file(result, headers):
    """(descriptor of our own, offset, length) of a real file, so that the response may be closed now."""
    if not isinstance(result, _File):
        return None
    try:
        descriptor = os.dup(result.file.fileno())
        offset = result.file.tell()
    except (AttributeError, OSError):
        return None
    length = dict(headers).get(b"content-length")
    return descriptor, offset, int(length) if length else os.fstat(descriptor).st_size - offset


def _resolve(loop, future, value):
    """Set a future's result from another thread; the loop may be closed, or nobody wait any more."""

    def set_result():
        if not future.done():
            future.set_result(value)
        else:
            _discard(value)

    try:
        loop.call_soon_threadsafe(set_result)
    except RuntimeError:
        logger.warning("an answer came after the end of the process's work")


def _refuse(future):
    """Nobody waits any more: whatever comes is discarded, or has come already."""
    if not future.cancel():
        _discard(future.result())


def _discard(answer):
    if answer is not None and answer.file is not None:
        os.close(answer.file[0])


async def _disconnect(receive):
    while (await receive())["type"] != "http.disconnect":
        pass  # what is left of the body's end


async def _answer(send, status, page, headers=(), close=False):
    all_headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    if close:
        all_headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": page})


def _page(title, text):
    return (
        f'<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    ).encode()
