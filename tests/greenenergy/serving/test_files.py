"""Large files, and answers without a body, on the running gunicorn."""

import http.client
import time
from pathlib import Path

import pytest

from .raw_requests import LIMITS, large_file, make_article, memory, send

pytestmark = pytest.mark.server


def test_large_files_are_sent_in_pieces_and_hold_no_thread(make_site):
    site = make_site(**LIMITS)
    path = large_file(site)
    response = site.get(path, Range="bytes=-10")
    assert response.status == 206
    assert response.body == b"\0" * 6 + b"last"
    assert response.getheader("Content-Range") == f"bytes {3 * 1024**3 - 10}-{3 * 1024**3 - 1}/{3 * 1024**3}"
    before = memory(site.workers()[0])
    request = f"GET {path} HTTP/1.1\r\nHost: {site.host}\r\n\r\n".encode()
    readers = [send(site, request) for _ in range(20)]
    try:
        for _ in range(3):
            for reader in readers:
                assert reader.recv(4096)
            start = time.monotonic()
            assert site.get("/news/").status == 200
            assert time.monotonic() - start < 2
        assert memory(site.workers()[0]) - before < 60
    finally:
        for reader in readers:
            reader.close()


def test_the_whole_of_a_file_arrives(make_site):
    site = make_site(**LIMITS)
    path = large_file(site, 5 * 1024**2)
    body = site.get(path).body
    assert len(body) == 5 * 1024**2
    assert body.endswith(b"last")
    assert not list(Path(f"/proc/{site.workers()[0]}/fd").glob("large.mp4"))


def test_head_is_answered_without_a_body_and_the_connection_stays_open(make_site):
    site = make_site(**LIMITS)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    for path in [make_article(site), large_file(site), "/static/css/base.css", "/nothing/", "/healthz"]:
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert head.read() == b"", path
        assert int(head.getheader("Content-Length")) > 0, path
    connection.request("GET", "/news/")
    assert connection.getresponse().status == 200
    connection.close()
