"""10,000 readers, two reloads, five killed workers: the number rises by exactly 10,000."""

import http.client
import os
import random
import signal
import threading
import time
from collections import deque

import pytest

from news.view_counter.journal import SLOT_SECONDS
from tests.servers import wait_for

pytestmark = pytest.mark.server

READERS = 10_000
CLIENTS = 8


def reader_address(number):
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def away_from_the_boundary():
    """A request that was cut may be repeated a moment later: both must fall into one half-hour."""
    left = SLOT_SECONDS - time.time() % SLOT_SECONDS
    if left < 100:
        time.sleep(left + 1)


def read_until_answered(port, path, number):
    """One reader: cut requests are repeated as the same visitor. Returns how often it was cut."""
    cuts = 0
    while True:
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=20, source_address=(reader_address(number), 0)
        )
        try:
            connection.request("GET", path, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Mobile"})
            response = connection.getresponse()
            response.read()
            if response.status == 200:
                return cuts
            assert response.status == 503
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        cuts += 1
        assert cuts < 500, f"reader {number} got no answer"
        time.sleep(0.02)


def test_every_reader_counts_exactly_once(make_site, database_kind):
    away_from_the_boundary()
    site = make_site(database_kind, WEB_CONCURRENCY=2)
    path = site.shell(
        "from greenenergy.models import Section; from news.models import Article; "
        "section = Section.objects.create(name='行业资讯'); "
        "article = Article.objects.create(title='人气', section=section, status='published', body='<p>好</p>'); "
        "print(article.get_absolute_url())"
    )
    waiting = deque(range(READERS))
    cuts, failures, done = [], [], threading.Event()

    def client():
        while True:
            try:
                number = waiting.popleft()
            except IndexError:
                return
            try:
                cuts.append(read_until_answered(site.port, path, number))
            except AssertionError as failure:
                failures.append(failure)

    def trouble():
        """Five kills and two reloads, spread over the reading."""
        chance = random.Random(7)
        for step, event in enumerate(["kill", "reload", "kill", "kill", "reload", "kill", "kill"], start=1):
            while len(waiting) > READERS - READERS * step // 8 and not done.is_set():
                time.sleep(0.01)
            if event == "reload":
                site.reload()
            else:
                workers = site.workers()
                os.kill(chance.choice(workers), signal.SIGKILL)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    troublemaker = threading.Thread(target=trouble)
    for thread in [*threads, troublemaker]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    troublemaker.join()
    assert not failures
    assert len(cuts) == READERS

    def folded():
        views = site.shell(
            "from news.models import ViewTotal; print(sum(ViewTotal.objects.values_list('views', flat=True)))"
        )
        return int(views) >= READERS

    wait_for(folded, 20, site.read_log)
    site.terminate()
    assert list((site.data_dir / "journal").glob("*")) == []
    totals = site.shell(
        "from news.models import *; from django.db.models import Sum; "
        "print(ViewTotal.objects.get().views, DailyViews.objects.aggregate(n=Sum('views'))['n'], Visit.objects.count(), "
        "FoldedJournal.objects.count())"
    )
    assert totals == f"{READERS} {READERS} {READERS} 0"
    print(f"{database_kind}: {sum(cuts)} requests were cut and repeated")
