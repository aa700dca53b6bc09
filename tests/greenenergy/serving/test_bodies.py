"""Request bodies on the running gunicorn: cut, chunked, slow, too large."""

import socket
import time
from contextlib import closing

import pytest

from .raw_requests import LIMITS, Editor, chunk, send, status_of

pytestmark = pytest.mark.server


def test_a_body_that_is_cut_saves_nothing(make_site):
    site = make_site()
    editor = Editor(site)
    form = editor.form("cut")
    plain = (editor.head + f"Content-Length: {len(form)}\r\n\r\n").encode()
    chunked = (editor.head + "Transfer-Encoding: chunked\r\n\r\n").encode()
    send(site, plain, form[: len(form) // 2]).close()
    send(site, chunked, chunk(form)).close()  # all of it but the end
    half = send(site, plain, form[: len(form) // 2])
    half.shutdown(socket.SHUT_WR)
    half.close()
    with send(site, plain, form) as whole:
        assert status_of(whole) == 302
    assert editor.count("cut") == 1


def test_a_chunked_body_arrives_whole(make_site):
    site = make_site()
    editor = Editor(site)
    form = editor.form("chunked")
    pieces = [chunk(form[begin : begin + 7000]) for begin in range(0, len(form), 7000)]
    head = (editor.head + "Transfer-Encoding: chunked\r\n\r\n").encode()
    with send(site, head, *pieces, b"0\r\n\r\n") as connection:
        assert status_of(connection) == 302
    length = site.shell(
        "from news.models import Article; print(len(Article.objects.get(title='chunked').body))"
    )
    assert int(length) == 20_000 + len("<p></p>")


def test_slow_bodies_and_slow_headers_take_no_thread(make_site):
    site = make_site(**LIMITS)
    body = f"POST /admin/login/ HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 1000\r\n\r\n".encode()
    slow = [send(site, body, b"x") for _ in range(20)]
    slow += [send(site, b"GET /news/ HTTP/1.1\r\nHost: x") for _ in range(60)]
    try:
        for _ in range(5):
            for connection in slow[:20]:
                connection.sendall(b"y")
            start = time.monotonic()
            assert site.get("/news/").status == 200
            assert time.monotonic() - start < 2
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_that_is_too_large_is_refused(make_site, framing):
    site = make_site(**LIMITS)
    head = f"POST /admin/login/ HTTP/1.1\r\nHost: {site.host}\r\n"
    if framing == "length":
        connection = send(site, f"{head}Content-Length: {100 * 1024 * 1024}\r\n\r\n".encode())
    else:
        connection = send(site, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        piece = chunk(bytes(1024 * 1024))
        for _ in range(33):
            connection.sendall(piece)
    with closing(connection):
        assert status_of(connection) == 413
