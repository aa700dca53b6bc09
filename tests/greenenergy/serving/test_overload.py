"""More work than threads: hanging queries, a full queue, a locked database."""

import sqlite3
import time
from contextlib import closing

import psycopg2
import pytest

from tests.servers import wait_for

from .raw_requests import (
    LIMITS,
    Editor,
    get_at_once,
    let_the_server_read,
    locked_articles,
    make_article,
    send,
    status_of,
)

pytestmark = pytest.mark.server


def test_queries_that_hang_on_all_threads_are_cancelled(make_site):
    site = make_site("postgresql", **LIMITS)
    path = make_article(site)
    with locked_articles(site) as wait_until_hanging:
        threads, answers = get_at_once(site, path, 6)
        wait_until_hanging(2)
        start = time.monotonic()
        assert site.get("/healthz").status == 200
        assert time.monotonic() - start < 2
        for thread in threads:
            thread.join()
    assert {response.status for response, _ in answers} == {503}
    assert all(response.getheader("Retry-After") for response, _ in answers)
    assert all("网站" in response.body.decode() for response, _ in answers)
    assert max(seconds for _, seconds in answers) < 8
    assert site.get(path).status == 200


def test_more_requests_than_the_queue_holds_are_refused_at_once(make_site):
    site = make_site("postgresql", **{**LIMITS, "REQUEST_THREADS": 1})
    path = make_article(site)
    with locked_articles(site):
        threads, answers = get_at_once(site, path, 30)
        for thread in threads:
            thread.join()
    assert {response.status for response, _ in answers} == {503}
    assert min(seconds for _, seconds in answers) < 1
    assert max(seconds for _, seconds in answers) < 8


def test_on_sqlite_readers_do_not_wait_for_a_writer_and_a_second_writer_gets_503(make_site):
    site = make_site("sqlite", **LIMITS)
    editor = Editor(site)
    form = editor.form("waits")
    path = site.shell("from news.models import Article; print(Article.objects.get().get_absolute_url())")
    writer = sqlite3.connect(
        site.environment["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None
    )
    writer.execute("BEGIN IMMEDIATE")
    with closing(writer):
        head = (editor.head + f"Content-Length: {len(form)}\r\n\r\n").encode()
        with send(site, head, form) as connection:
            for _ in range(5):
                start = time.monotonic()
                assert site.get(path).status == 200
                assert time.monotonic() - start < 2
            assert status_of(connection) == 503
        writer.execute("ROLLBACK")

    statuses = []
    while statuses in ([], [503]):
        with send(site, head, form) as connection:
            statuses.append(status_of(connection))
    # In one whole run another 503 came here: the lock was held for five seconds, by an unknown process.
    assert statuses[-1] == 302
    assert editor.count("waits") == 1


def test_a_client_that_left_before_a_thread_was_free_is_not_served(make_site):
    site = make_site("postgresql", **{**LIMITS, "REQUEST_WAIT_SECONDS": 20})
    path = make_article(site)
    request = f"GET {path} HTTP/1.1\r\nHost: {site.host}\r\nUser-Agent: reader\r\n\r\n".encode()
    with locked_articles(site) as wait_until_hanging:
        threads, _ = get_at_once(site, "/news/", 2)
        wait_until_hanging(2)
        impatient = [send(site, request) for _ in range(5)]
        let_the_server_read(site)
        for connection in impatient:
            connection.close()
        let_the_server_read(site)
        waiting = send(site, request.replace(b"reader", b"patient"))
        for thread in threads:
            thread.join()
    with closing(waiting):
        assert status_of(waiting) == 200
    views = "from news.models import ViewTotal; print(*ViewTotal.objects.values_list('views', flat=True))"
    wait_for(lambda: site.shell(views), 10)
    assert site.shell(views) == "1"


def test_database_connections_stay_within_workers_times_threads(make_site):
    site = make_site("postgresql", WEB_CONCURRENCY=2, REQUEST_THREADS=3)
    path = make_article(site)
    for _ in range(3):
        threads, answers = get_at_once(site, path, 30)
        for thread in threads:
            thread.join()
        assert {response.status for response, _ in answers} == {200}
    with closing(psycopg2.connect(site.environment["DATABASE_URL"])) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] <= 2 * (3 + 5)
