"""SIGTERM: running requests may finish, connections that wait for a client are cut."""

import http.client
import time

import pytest

from tests.servers import wait_for

from .raw_requests import LIMITS, get_at_once, large_file, locked_articles, make_article, send

pytestmark = pytest.mark.server


def is_listening(site):
    try:
        site.connect().close()
    except ConnectionRefusedError:
        return False
    return True


def test_sigterm_ends_every_kind_of_connection_within_ten_seconds(make_site):
    site = make_site("postgresql", **{**LIMITS, "REQUEST_THREADS": 3})
    path = make_article(site)
    assert site.get(path, User_Agent="reader").status == 200
    idle = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    body = f"POST /admin/login/ HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 1000\r\n\r\nx".encode()
    file = f"GET {large_file(site)} HTTP/1.1\r\nHost: {site.host}\r\n\r\n".encode()
    open_connections = [send(site, body), send(site, b"GET / HT"), send(site, file)]
    with locked_articles(site) as wait_until_hanging:
        threads, answers = get_at_once(site, "/search/?q=1", 1)  # the article would be answered from memory
        wait_until_hanging(1)
        start = time.monotonic()
        site.process.terminate()
        threads[0].join()
    site.process.wait(15)
    seconds = time.monotonic() - start
    assert seconds < 10
    assert answers[0][0].status == 503  # its statement was cancelled, and the client got an answer
    assert list((site.data_dir / "journal").glob("*")) == []
    assert site.shell("from news.models import ViewTotal; print(ViewTotal.objects.get().views)") == "1"
    for connection in open_connections:
        connection.close()
    print(f"SIGTERM with open connections: {seconds:.1f} s")


def test_sigterm_lets_a_running_request_finish(make_site):
    site = make_site("postgresql", **LIMITS)
    path = make_article(site)
    with locked_articles(site) as wait_until_hanging:
        threads, answers = get_at_once(site, path, 1)
        wait_until_hanging(1)
        site.process.terminate()
        wait_for(lambda: not is_listening(site))
    site.process.wait(15)
    threads[0].join()
    assert answers[0][0].status == 200
    assert "人气" in answers[0][0].body.decode()
