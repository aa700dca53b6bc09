"""人气 under faults: requests of known truth, killed workers, reloads; afterwards every number must be exact.

    python -m tests.bench.views [--requests 200000] [--kills 20] [--reloads 5] [--json FILE] [KIND …]

Readers, their repeats within the half-hour, crowds behind one IP address, conditional requests, crawlers, HEAD,
prefetches, staff and missing pages, over keep-alive connections to four workers. What should be counted is computed
here, apart from the site's code. A request that was cut is repeated as the same visitor.

How old a shown number is: a view is known once its answer has arrived completely, and a number is as old as the
oldest known view that it lacks, at the moment the page was requested. A kill or a reload is no excuse; only a page
that was cut has shown nothing. Numbers must never fall: no page may show less than a page that had arrived before it
was requested, whichever worker and whichever door answers.

No request begins shortly before the end of a clock half-hour, for it may have to be repeated: the run waits there.
"""

import asyncio
import json
import os
import random
import re
import signal
import time
from collections import Counter

from tests.bench.bars import Bar
from tests.bench.browser import Browser, Cut
from tests.bench.command import run_for_kinds
from tests.bench.sites import fresh_site, print_table, session_of
from tests.bench.view_requests import CRAWLERS, Plan
from tests.bench.view_truth import SLOT_SECONDS, ShownViews, Truth
from tests.servers import wait_for

WORKERS, CONNECTIONS = 4, 24
ARTICLES, INITIAL_VIEWS, CAP = 12, 428, 30  # CAP: new visitors of one IP address, article and half-hour
MARGIN_SECONDS = 45  # before the end of a half-hour; an attempt to get an answer is given up sooner
SETTLE_SECONDS = 8  # in which the last numbers are read, too
_NUMBER = re.compile(rb'class="views__number">(\d+)<')

FILL = """
from greenenergy.models import Section
from news.models import Article
section = Section.objects.create(name="行业资讯", slug="industry")
def make(status):
    return Article.objects.create(title="光伏装机创新高", section=section, status=status, initial_views={initial},
        body="<p>全国光伏新增装机再创新高。</p>" * 40).pk
print(*[make("published") for _ in range({articles})])
print(make("draft"))
"""

READ = """
import json
from news.models import DailyViews, FoldedJournal, ViewTotal, Visit
print(json.dumps({"totals": list(ViewTotal.objects.values_list("article_id", "views")),
    "days": [(pk, str(day), views) for pk, day, views in DailyViews.objects.values_list("article_id", "day", "views")],
    "visits": Visit.objects.count(), "journals": FoldedJournal.objects.count()}))
"""


class Run:
    """All readers of one site, what goes wrong meanwhile, and what became of the numbers."""

    def __init__(self, site, requests, kills, reloads):
        self.site, self.requests, self.kills, self.reloads = site, requests, kills, reloads
        articles, draft = site.shell(FILL.format(articles=ARTICLES, initial=INITIAL_VIEWS)).splitlines()
        *self.articles, self.quiet = map(int, articles.split())
        self.session = session_of(site, "editor")
        self.plan = Plan(self.articles, int(draft))
        self.truth = Truth(CAP)
        self.shown = ShownViews(self.truth, INITIAL_VIEWS)
        self.taken = self.answered = self.cuts = self.killed = self.reloaded = self.crossed = 0
        self.statuses, self.etags, self.is_over = Counter(), {}, False

    async def run(self):
        """How many seconds the requests took, once the last numbers were read."""
        begin, first = time.monotonic(), self.articles[0]
        watchers = [
            asyncio.ensure_future(self._watch("door 1", first, 0.3)),
            # Door 1 passes a request with a repeated header on: Django renders the page.
            asyncio.ensure_future(self._watch("door 3", first, 0.3, "X-Twice: 1", "X-Twice: 2")),
            asyncio.ensure_future(self._watch("quiet article", self.quiet, 7)),
        ]
        await asyncio.gather(
            self._disturb(),
            self._print_progress(),
            self._visit_quiet_article(),
            *(self._browse() for _ in range(CONNECTIONS)),
        )
        seconds = time.monotonic() - begin
        await asyncio.sleep(SETTLE_SECONDS)
        self.is_over = True
        await asyncio.gather(*watchers)
        return seconds

    async def _browse(self):
        browser = Browser(self.site)
        while self.taken < self.requests:
            self.taken += 1
            await self._deliver(browser, self.plan.next())
            self.answered += 1
        browser.close()

    async def _visit_quiet_article(self):
        browser = Browser(self.site, requests=1)
        while self.answered < self.requests:
            await self._deliver(browser, self.plan.person(self.quiet))
            await asyncio.sleep(3)

    async def _deliver(self, browser, request):
        """Repeat the request until it is answered."""
        await _wait_past_boundary()
        slot, article = _slot(), request.article
        method = "HEAD" if request.kind == "HEAD" else "GET"
        headers = request.headers(self.session, self.etags.get(article, "*"))
        while True:
            requested_at, floor = time.monotonic(), self.shown.largest[article]
            try:
                status, answer, body = await browser.request(method, f"/news/{article}/", headers)
                break
            except Cut:
                self.cuts += 1
                await asyncio.sleep(0.05)
        self.truth.acknowledge(request, slot)
        self.crossed += slot != _slot()
        self._check_status(request, status)
        if status == 200 and answer.get("content-encoding") != "gzip" and method == "GET":
            self.shown.check("readers", article, _number_in(body), requested_at, floor)
        self.etags[article] = answer.get("etag", "*")

    def _check_status(self, request, status):
        self.statuses[status] += 1
        wanted = {"missing": {404}, "conditional": {200, 304}}.get(request.kind, {200})
        assert status in wanted, (request, status)

    async def _watch(self, client, article, seconds, *headers):
        """Read the number as a crawler, which is not counted, until the run is over."""
        browser = Browser(self.site, requests=1)
        while not self.is_over:
            requested_at, floor = time.monotonic(), self.shown.largest[article]
            try:
                _status, _, body = await browser.request(
                    "GET", f"/news/{article}/", [f"User-Agent: {CRAWLERS[0]}", *headers]
                )
                self.shown.check(client, article, _number_in(body), requested_at, floor)
            except Cut:
                self.cuts += 1
            await asyncio.sleep(seconds)

    async def _disturb(self):
        """Spread kills and reloads over the requests."""
        events = ["kill"] * self.kills + ["reload"] * self.reloads
        random.Random(7).shuffle(events)
        for step, event in enumerate(events, start=1):
            while self.answered < self.requests * step / (len(events) + 1):  # noqa: ASYNC110  counted up by many
                await asyncio.sleep(0.01)
            if event == "reload":
                self.site.reload()
                self.reloaded += 1
            else:
                while not (workers := self.site.workers()):  # noqa: ASYNC110  /proc sends no events
                    await asyncio.sleep(0.01)
                os.kill(random.choice(workers), signal.SIGKILL)
                self.killed += 1

    async def _print_progress(self):
        while self.answered < self.requests:
            print(f"  {self.answered} of {self.requests}", flush=True)
            await asyncio.sleep(15)


def _number_in(body):
    return int(_NUMBER.search(body)[1])


def _slot():
    return int(time.time()) // SLOT_SECONDS


async def _wait_past_boundary():
    left = SLOT_SECONDS - time.time() % SLOT_SECONDS
    if left < MARGIN_SECONDS:
        await asyncio.sleep(left + 0.5)


def bench(kind, requests, kills, reloads):
    # Fewer threads than usual: after a reload there are twice as many workers, and PostgreSQL allows 100 connections.
    settings = {"WEB_CONCURRENCY": WORKERS, "REQUEST_THREADS": 3, "TRUSTED_PROXIES": "127.0.0.1"}
    with fresh_site(kind, VIEWS_PER_ADDRESS=CAP, **settings) as site:
        run = Run(site, requests, kills, reloads)
        site.start()
        seconds = asyncio.run(run.run())
        wanted = sum(run.truth.totals().values())

        def is_folded():
            return sum(views for _, views in json.loads(site.shell(READ))["totals"]) >= wanted

        wait_for(is_folded, 30, site.read_log)
        ended = site.terminate()
        stored = json.loads(site.shell(READ))
        left = len(list((site.data_dir / "journal").iterdir()))
    figures = {
        "site": kind, "requests": run.answered, "requests/s": round(run.answered / seconds), "seconds": round(seconds),
        "views": wanted, "kill -9": run.killed, "reloads": run.reloaded, "cut and repeated": run.cuts,
        "304": run.statuses[304], "404": run.statuses[404], "numbers read": run.shown.pages,
        "over a half-hour": run.crossed, "ended in s": round(ended, 1),
    }  # fmt: skip
    print_table([figures])
    return {**figures, "bars": _bars(run, stored, left + stored["journals"])}


def _bars(run, stored, journals):
    wrong_articles, wrong_days, off = run.truth.differences(stored)
    oldest, wanted = run.shown.oldest, sum(run.truth.totals().values())
    return [
        Bar.at_most("articles whose total is not exact", wrong_articles, 0),
        Bar.at_most("days that are not exact", wrong_days, 0),
        Bar.at_most("views too few or too many", off, 0),
        Bar.at_most("visits beside the truth", abs(stored["visits"] - wanted), 0),
        Bar.at_most("journals left behind", journals, 0),
        Bar.at_most("shown numbers that fell", run.shown.fell, 0),
        *(Bar.at_most(f"oldest shown number, {client}", round(oldest[client], 2), 5, "s") for client in
          ("door 1", "door 3", "quiet article", "readers")),
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, bench, requests=200_000, kills=20, reloads=5))
