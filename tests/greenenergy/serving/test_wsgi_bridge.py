"""The WSGI bridge without a server: how requests get in, and answers out."""

import asyncio
import gc
import os
import threading

import pytest

from greenenergy.serving.wsgi_bridge import WsgiBridge
from tests.servers import wait_for

SCOPE = {
    "type": "http", "method": "GET", "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"a=1",
    "http_version": "1.1", "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
}  # fmt: skip


def serve(wsgi, *, body=b"", method="GET", headers=(), on_send=None):
    """The messages that one request gets from a bridge around `wsgi`."""
    sent = []

    async def run():
        bridge = WsgiBridge(wsgi, threads=1, wait_seconds=1, trusted_proxies=(), busy_page=b"busy")
        bridge.start()
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            if waiting:
                return waiting.pop()
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)
            if on_send:
                await on_send(message)

        await bridge({**SCOPE, "method": method, "headers": list(headers)}, receive, send)
        bridge.stop()

    asyncio.run(run())
    return sent


def body_of(sent):
    return b"".join(message.get("body", b"") for message in sent)


class Pieces:
    """A streaming answer that records the threads which iterate and close it."""

    def __init__(self, count=3, fault=False):
        self.count, self.fault, self.threads, self.made = count, fault, [], 0

    def __iter__(self):
        for number in range(self.count):
            self.threads.append(threading.current_thread().name)
            self.made += 1
            yield b"%d," % number
        if self.fault:
            raise RuntimeError("half-way")

    def close(self):
        self.threads.append(threading.current_thread().name)


def test_a_generator_is_iterated_and_closed_on_the_thread_that_made_it():
    pieces, made_on = Pieces(), []

    def wsgi(environ, start_response):
        made_on.append(threading.current_thread().name)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return pieces

    assert body_of(serve(wsgi)) == b"0,1,2,"
    assert set(pieces.threads) == set(made_on)
    assert len(pieces.threads) == 4
    assert made_on[0] != threading.current_thread().name


def test_pieces_are_sent_one_by_one():
    pieces, seen = Pieces(), []

    async def on_send(message):
        if message.get("body"):
            seen.append(pieces.made)

    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return pieces

    serve(wsgi, on_send=on_send)
    assert seen == [1, 2, 3]


def test_a_generator_that_fails_is_closed_and_its_answer_stays_incomplete():
    pieces = Pieces(fault=True)

    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return pieces

    sent = serve(wsgi)
    assert len(pieces.threads) == 4
    assert all(message.get("more_body") for message in sent if message["type"] == "http.response.body")


def test_a_chunked_body_gets_a_length():
    seen = {}

    def wsgi(environ, start_response):
        seen.update(length=environ["CONTENT_LENGTH"], body=environ["wsgi.input"].read())
        start_response("204 No Content", [])
        return []

    serve(wsgi, method="POST", body=b"title=1", headers=[(b"transfer-encoding", b"chunked")])
    assert seen == {"length": "7", "body": b"title=1"}


def test_a_large_body_arrives_whole():
    body, seen = bytes(range(256)) * 8000, []

    def wsgi(environ, start_response):
        seen.append(environ["wsgi.input"].read())
        start_response("204 No Content", [])
        return []

    serve(wsgi, method="POST", body=body, headers=[(b"content-length", str(len(body)).encode())])
    assert seen == [body]


def test_a_body_shorter_than_its_content_length_reaches_no_view():
    def wsgi(environ, start_response):
        pytest.fail("half a body was served")

    assert serve(wsgi, method="POST", body=b"half", headers=[(b"content-length", b"8")]) == []


def test_repeated_headers_are_joined():
    seen = {}

    def wsgi(environ, start_response):
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    serve(wsgi, headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")])
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"], seen["QUERY_STRING"]) == ("a=1; b=2", "x,y", "a=1")


def request_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("request-")]


def open_descriptors(path):
    links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    return sum(os.path.realpath(link) == str(path) for link in links)


@pytest.mark.parametrize("leaves", ["while the view works", "when the answer comes"])
def test_the_file_of_a_reader_who_has_left_is_closed(tmp_path, leaves):
    """gunicorn cancels a request whose connection is gone."""
    file = tmp_path / "large.mp4"
    file.write_bytes(bytes(1000))
    is_working, may_answer = threading.Event(), threading.Event()

    def view(environ, start_response):
        start_response("200 OK", [("Content-Length", "1000")])
        if leaves == "while the view works":
            is_working.set()
            may_answer.wait(5)
        return environ["wsgi.file_wrapper"](open(file, "rb"))

    async def leave(message):
        raise ConnectionError("gone")

    async def cancel():
        bridge = WsgiBridge(view, threads=1, wait_seconds=1, trusted_proxies=(), busy_page=b"busy")
        bridge.start()
        request = asyncio.ensure_future(bridge(SCOPE, asyncio.Event().wait, leave))
        assert await asyncio.to_thread(is_working.wait, 5)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        may_answer.set()
        bridge.stop()
        await asyncio.to_thread(wait_for, lambda: not request_threads())  # each ends behind its answer
        gc.collect()

    if leaves == "while the view works":
        asyncio.run(cancel())
    else:
        with pytest.raises(ConnectionError):
            serve(view, on_send=leave)
        gc.collect()
    assert open_descriptors(file) == 0
