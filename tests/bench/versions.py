"""A new content version each second, under load: throughput, latency, and whether readers see old text.

    python -m tests.bench.versions [--rounds 5] [--seconds 6] [KIND …]

Sixteen connections read fifty URLs at random. In every other window an editor sends the form of an article each second.
No answer may show an older title than the one that was saved before its request.
"""

import itertools
import multiprocessing
import re
import statistics
from bisect import bisect_left
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.readers import read_at_random
from tests.bench.sites import fresh_site, percentile
from tests.bench.staff import TITLE, Editor, SavingThread

WORKERS, CONNECTIONS, URLS = 2, 16, 50
LISTS = ["/", "/news/"]  # both show the newest article
WARM_UP_SECONDS = 2
LEAST_SHARE, MOST_SECONDS = 0.5, 0.25

RENAME = """
from news.models import Article
from tests.bench.staff import title
for article in Article.objects.published().order_by("-published_at", "-pk")[:{count}]:
    article.title = title(article.pk, 0)
    article.save()
    print(article.pk)
"""


class OldAnswer(NamedTuple):
    path: str
    article: int
    shown: int  # the number in its title; -1 where the article is missing
    saved: int
    seconds: float  # from the acknowledged save to the request


class Measurement:
    """One site under load; `articles` are read and saved, the newest first."""

    def __init__(self, site, articles):
        self._site, self._articles = site, articles
        self._paths = [*LISTS, *(f"/news/{article}/" for article in articles)]
        self._editor = Editor(site)
        newest, *others = articles
        pairs = zip(itertools.repeat(newest), itertools.cycle(others), strict=False)
        self._in_turn = itertools.chain.from_iterable(pairs)  # every other save changes the lists
        self.quiet_rates, self.rates, self.seconds = [], [], []
        self.saves, self.old = [], []

    def run(self, rounds, seconds):
        # Readers have a process of their own, so that the threads of this one do not slow them down.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as self._readers:
            self._read(seconds)
            for _ in range(rounds):
                self.quiet_rates.append(len(self._read(seconds)[0]) / seconds)
                self._read_beside_saves(seconds)

    def _read(self, seconds):
        """(readings, bodies), without those of the warm-up."""
        reading = self._readers.submit(
            read_at_random,
            self._site.port,
            self._site.host,
            self._paths,
            seconds=WARM_UP_SECONDS + seconds,
            connections=CONNECTIONS,
        )
        readings, bodies = reading.result()
        begin = readings[0].begun + WARM_UP_SECONDS
        return [reading for reading in readings if reading.ended >= begin], bodies

    def _read_beside_saves(self, seconds):
        saving = SavingThread(self._editor, self._in_turn)
        saving.start()
        try:
            readings, bodies = self._read(seconds)
        finally:
            self.saves += saving.end()
        self.rates.append(len(readings) / seconds)
        self.seconds += [reading.ended - reading.begun for reading in readings]
        self.old += find_old_answers(readings, bodies, self.saves, self._must_show())

    def _must_show(self):
        articles = {f"/news/{article}/": article for article in self._articles}
        return {**articles, **dict.fromkeys(LISTS, self._articles[0])}


def find_old_answers(readings, bodies, saves, must_show) -> list[OldAnswer]:
    """Answers that lack a save although it had been acknowledged before their request began.

    `saves` are all saves, in order; `must_show` gives by path the article that the page has to show.
    """
    answered = defaultdict(list)
    for save in saves:
        answered[save.article].append(save.answered)
    shown = [{must_show[body.path]: -1, **_titles(body.text())} for body in bodies]
    old = []
    for reading in readings:
        for article, number in shown[reading.body].items():
            saved = bisect_left(answered[article], reading.begun)
            if number < saved or number < 0:
                late = reading.begun - answered[article][number] if number >= 0 else 0
                old.append(OldAnswer(bodies[reading.body].path, article, number, saved, late))
    return old


def _titles(text):
    """{article: the lowest number that this page shows for it}"""
    numbers = {}
    for article, number in re.findall(TITLE, text):
        numbers[int(article)] = min(int(number), numbers.get(int(article), int(number)))
    return numbers


def run(kind: str, rounds: int = 5, seconds: float = 6) -> dict:
    with fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content", "--articles", "1000")
        articles = site.shell(RENAME.format(count=URLS - len(LISTS))).split()
        site.start()
        measurement = Measurement(site, [int(article) for article in articles])
        measurement.run(rounds, seconds)
    for old in measurement.old[:10]:
        print(old)
    return {"bars": [_throughput(measurement), _latency(measurement), _truth(measurement)]}


def _throughput(measured):
    share = statistics.median(
        busy / quiet for busy, quiet in zip(measured.rates, measured.quiet_rates, strict=True)
    )
    rate, quiet = statistics.median(measured.rates), statistics.median(measured.quiet_rates)
    return Bar(
        "throughput with a save each second",
        f"≥ {LEAST_SHARE:.0%} of the page cache's",
        f"{share:.0%} ({rate:.0f} of {quiet:.0f} answers/s)",
        share >= LEAST_SHARE,
    )


def _latency(measured):
    saves = statistics.median(save.answered - save.begun for save in measured.saves)
    median, p99 = statistics.median(measured.seconds), percentile(measured.seconds, 0.99)
    return Bar(
        "time to an answer with a save each second",
        f"p99 ≤ {MOST_SECONDS * 1000:.0f} ms",
        f"p99 {p99 * 1000:.0f} ms, median {median * 1000:.1f} ms, max {max(measured.seconds) * 1000:.0f} ms; "
        f"a save: median {saves * 1000:.0f} ms",
        p99 <= MOST_SECONDS,
    )


def _truth(measured):
    return Bar(
        "old text after a save has answered",
        "0 answers",
        f"{len(measured.old)} in {len(measured.seconds)} answers, {len(measured.saves)} saves",
        not measured.old and len(measured.saves) > 0,
    )


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, rounds=5, seconds=6.0))
