"""4,000 readers, two reloads, five killed workers: the number rises by exactly 4,000.

`python -m tests.bench.views` does it with 200,000 requests.
"""

import http.client
import os
import random
import signal
import threading
import time
from collections import deque

import pytest

from news.view_counter.visitors import SLOT_SECONDS
from tests.servers import wait_for

pytestmark = pytest.mark.server

READERS = 4_000
CLIENTS = 8
RETRY_SECONDS = 0.02
MOST_RETRIES = 500
BUSY_SECONDS = 100  # more than all readers need


class Crowd:
    """Readers of one page, each from an IP address of its own. A cut request is repeated as the same visitor."""

    def __init__(self, port, path):
        self._port, self._path = port, path
        self._waiting = deque(range(READERS))
        self.all_have_read = threading.Event()
        self.cuts, self.failures = [], []

    def read(self):
        threads = [threading.Thread(target=self._read_one_by_one) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.all_have_read.set()

    def wait_for_share(self, share):
        """Return once this share of the readers has begun, or all have read."""
        while len(self._waiting) > READERS * (1 - share) and not self.all_have_read.wait(0.01):
            pass

    def _read_one_by_one(self):
        while self._waiting:
            try:
                number = self._waiting.popleft()
            except IndexError:
                return
            try:
                self.cuts.append(self._read_until_answered(number))
            except AssertionError as failure:
                self.failures.append(failure)

    def _read_until_answered(self, number):
        """How often the reader's request was cut."""
        for cuts in range(MOST_RETRIES):
            if self._is_answered(number):
                return cuts
            self.all_have_read.wait(RETRY_SECONDS)
        raise AssertionError(f"reader {number} got no answer")

    def _is_answered(self, number):
        ip = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20, source_address=(ip, 0))
        try:
            connection.request(
                "GET", self._path, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Mobile"}
            )
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        assert response.status in (200, 503)
        return response.status == 200


def kill_and_reload(site, crowd):
    """Five kills and two reloads, spread over the reading."""
    chance = random.Random(7)
    events = ["kill", "reload", "kill", "kill", "reload", "kill", "kill"]
    for step, event in enumerate(events, start=1):
        crowd.wait_for_share(step / (len(events) + 1))
        if event == "reload":
            site.reload()
        else:
            os.kill(chance.choice(site.workers()), signal.SIGKILL)


def wait_for_half_hour():
    """A request that was cut is repeated a moment later: both must fall into one half-hour."""
    wait_for(lambda: SLOT_SECONDS - time.time() % SLOT_SECONDS > BUSY_SECONDS, BUSY_SECONDS + 10)


def test_every_reader_counts_exactly_once(make_site, database_kind):
    wait_for_half_hour()
    site = make_site(database_kind, WEB_CONCURRENCY=2)
    path = site.shell(
        "from greenenergy.models import Section; from news.models import Article; "
        "section = Section.objects.create(name='行业资讯'); "
        "article = Article.objects.create(title='人气', section=section, status='published', body='<p>好</p>'); "
        "print(article.get_absolute_url())"
    )
    crowd = Crowd(site.port, path)
    troublemaker = threading.Thread(target=kill_and_reload, args=(site, crowd))
    troublemaker.start()
    crowd.read()
    troublemaker.join()
    assert not crowd.failures
    assert len(crowd.cuts) == READERS

    def is_folded():
        views = site.shell(
            "from news.models import ViewTotal; print(sum(ViewTotal.objects.values_list('views', flat=True)))"
        )
        return int(views) >= READERS

    wait_for(is_folded, 20, site.read_log)
    site.terminate()
    assert list((site.data_dir / "journal").glob("*")) == []
    totals = site.shell(
        "from news.models import *; from django.db.models import Sum; "
        "print(ViewTotal.objects.get().views, DailyViews.objects.aggregate(n=Sum('views'))['n'], Visit.objects.count(), "
        "FoldedJournal.objects.count())"
    )
    assert totals == f"{READERS} {READERS} {READERS} 0"
    print(f"{database_kind}: {sum(crowd.cuts)} requests were cut and repeated")
