"""人气 under faults: requests of known truth, killed workers, reloads; afterwards every number must be exact.

    python -m tests.bench.views [--requests 200000] [--kills 20] [--reloads 5] [--json FILE] [KIND …]

Readers, their repeats within the half-hour, crowds behind one address, conditional requests, crawlers, HEAD,
prefetches, staff and missing pages, over kept connections to four workers. What should be counted is computed here,
apart from the site's code. A request that was cut is repeated as the same visitor.

How old a shown number is: a view is known once its answer has arrived whole, and a number is as old as the oldest
known view that it lacks, at the moment the page was asked for. A kill or a reload is no excuse; only a page that was
cut has shown nothing. Numbers must never fall: no page may show less than a page that had arrived before it was
asked for, whichever worker and whichever door answers.

No request begins shortly before the end of a clock half-hour, for it may have to be repeated: the run waits there.
"""

import asyncio
import json
import os
import random
import re
import signal
import time
from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from typing import NamedTuple

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.sites import fresh_site, print_table
from tests.servers import wait_for

WORKERS, CONNECTIONS = 4, 24
ARTICLES, INITIAL_VIEWS, CAP = 12, 428, 30  # CAP: new visitors of one address, article and half-hour
SLOT_SECONDS = 1800
MARGIN_SECONDS = 45  # before a half-hour's end; a request is given up sooner
ATTEMPT_SECONDS = 15
SHANGHAI = timezone(timedelta(hours=8))

PHONE = "Mozilla/5.0 (Linux; Android 13; V{}) AppleWebKit/537.36 MicroMessenger/8.0 Mobile"
CRAWLERS = (
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
)
PREFETCHES = ("Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Moz: prefetch")
# Out of a hundred requests.
SHARES = {
    "person": 55, "repeat": 17, "crowd": 2, "conditional": 6,
    "crawler": 8, "HEAD": 4, "prefetch": 4, "staff": 2, "missing": 2,
}  # fmt: skip
COUNTED = {"person", "repeat", "crowd", "conditional"}
_NUMBER = re.compile(rb'class="views__number">(\d+)<')

FILL = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from greenenergy.models import Section
from news.models import Article
section = Section.objects.create(name="行业资讯", slug="industry")
def make(status):
    return Article.objects.create(title="光伏装机创新高", section=section, status=status, initial_views={initial},
        body="<p>全国光伏新增装机再创新高。</p>" * 40).pk
user = User.objects.create(username="editor", is_staff=True)
session = SessionStore()
session.update({{SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
    HASH_SESSION_KEY: user.get_session_auth_hash()}})
session.save()
print(*[make("published") for _ in range({articles})])
print(make("draft"))
print(session.session_key)
"""

READ = """
import json
from news.models import DailyViews, FoldedJournal, ViewTotal, Visit
print(json.dumps({"totals": list(ViewTotal.objects.values_list("article_id", "views")),
    "days": [(pk, str(day), views) for pk, day, views in DailyViews.objects.values_list("article_id", "day", "views")],
    "visits": Visit.objects.count(), "journals": FoldedJournal.objects.count()}))
"""


class Request(NamedTuple):
    kind: str
    article: int
    network: str  # an IPv4 address, or 64 bits of an IPv6 one
    agent: str


class Truth:
    """What the site should count: so many visitors of each article, from each address, in each half-hour."""

    def __init__(self):
        self._agents = defaultdict(set)
        self.days = Counter()  # (article, day)
        self.known_at = defaultdict(list)  # by article: when the first, second, … view was acknowledged

    def acknowledge(self, request, slot):
        """An answer to this request has arrived."""
        agents = self._agents[slot, request.article, request.network]
        if request.kind in COUNTED and request.agent not in agents and len(agents) < CAP:
            agents.add(request.agent)
            day = datetime.fromtimestamp(slot * SLOT_SECONDS, SHANGHAI).date()
            self.days[request.article, str(day)] += 1
            self.known_at[request.article].append(time.monotonic())

    def totals(self):
        return {article: len(moments) for article, moments in self.known_at.items()}


class Shown:
    """The numbers that pages have shown: whether one fell, and how old they were."""

    def __init__(self, truth):
        self._truth = truth
        self.largest = Counter()  # by article
        self.pages = self.fell = 0
        self.oldest = Counter()  # seconds, by who looked

    def check(self, who, article, number, asked_at, floor):
        """`floor`: the largest number that had arrived when this page was asked for."""
        self.pages += 1
        self.fell += number < floor
        self.largest[article] = max(self.largest[article], number)
        known_at = self._truth.known_at[article]
        lacks = number - INITIAL_VIEWS  # the first view that it does not hold
        if lacks < len(known_at):
            self.oldest[who] = max(self.oldest[who], asked_at - known_at[lacks])


class Plan:
    """Requests, made one after the other; the same ones for the same seed."""

    def __init__(self, articles, draft, seed=7):
        self._random = random.Random(seed)
        self._articles, self._draft = articles, draft
        self._weights = [1 / (rank + 1) for rank in range(len(articles))]
        self._people = deque(maxlen=4000)
        self._number = 0

    def next(self):
        kind = self._random.choices(list(SHARES), SHARES.values())[0]
        article = self._random.choices(self._articles, self._weights)[0]
        if kind == "repeat" and self._people:
            return self._random.choice(self._people)._replace(kind="repeat")
        if kind == "crawler":
            return Request(kind, article, self._new_network(), self._random.choice(CRAWLERS))
        if kind == "missing":
            article = self._random.choice([self._draft, self._draft + 1000])
        if kind == "crowd":
            return Request(kind, article, "198.51.100.7", PHONE.format(self._random.randrange(500)))
        person = self.person(article, kind)
        if kind == "person":
            self._people.append(person)
        return person

    def person(self, article, kind="person"):
        """Somebody new; now and then from the address of the one before, with another telephone."""
        if self._people and self._random.random() < 0.1:
            network = self._people[-1].network
        else:
            network = self._new_network()
        return Request(kind, article, network, PHONE.format(1000 + self._random.randrange(1_000_000)))

    def _new_network(self):
        self._number += 1
        if self._number % 5 == 0:
            return f"2001:db8:{self._number >> 16:x}:{self._number & 0xFFFF:x}::/64"
        return f"10.{self._number >> 16}.{self._number >> 8 & 255}.{self._number & 255}"


def forwarded_for(network):
    """The header as a proxy sends it: what the client has made up stands on the left."""
    address = network
    if ":" in network:  # its owner takes another address of its network each time
        address = str(ip_network(network)[random.getrandbits(63) + 1])
    return f"203.0.113.{random.randrange(256)}, {address}" if random.random() < 0.2 else address


class Cut(Exception):
    """No whole answer: the connection was closed, or the site was busy."""


class Browser:
    """One connection, kept for some requests and then closed, so that each worker gets its share."""

    def __init__(self, site, keep=60):
        self._site, self._keep = site, keep
        self._reader = self._writer = None
        self._left = 0

    async def ask(self, method, path, headers):
        """(status, headers with lower-case names, body). Raises Cut."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                if self._left <= 0:
                    await self._connect()
                self._left -= 1
                lines = [f"{method} {path} HTTP/1.1", f"Host: {self._site.host}", *headers, "", ""]
                self._writer.write("\r\n".join(lines).encode())
                answer = await self._read(method)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.close()
            raise Cut from error
        if answer[1].get("connection") == "close":
            self.close()
        if answer[0] == 503:
            raise Cut
        return answer

    async def _connect(self):
        self.close()
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._site.port)
        self._left = random.randrange(self._keep // 2, self._keep + 1) if self._keep > 1 else 1

    async def _read(self, method):
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in head[1:] if row)}
        if method == "HEAD" or status in (204, 304):
            return status, headers, b""
        if "content-length" in headers:
            return status, headers, await self._reader.readexactly(int(headers["content-length"]))
        body = b""
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return status, headers, body

    def close(self):
        if self._writer is not None:
            self._writer.close()
        self._writer, self._left = None, 0


class Run:
    """All readers of one site, what goes wrong meanwhile, and what became of the numbers."""

    def __init__(self, site, requests, kills, reloads):
        self.site, self.requests, self.kills, self.reloads = site, requests, kills, reloads
        articles, draft, self.session = site.shell(
            FILL.format(articles=ARTICLES, initial=INITIAL_VIEWS)
        ).splitlines()
        *self.articles, self.quiet = map(int, articles.split())
        self.plan = Plan(self.articles, int(draft))
        self.truth = Truth()
        self.shown = Shown(self.truth)
        self.taken = self.answered = self.cuts = self.killed = self.reloaded = self.crossed = 0
        self.statuses, self.tags, self.is_over = Counter(), {}, False

    # Readers.

    async def browse(self):
        browser = Browser(self.site)
        while self.taken < self.requests:
            self.taken += 1
            await self.deliver(browser, self.plan.next())
            self.answered += 1
        browser.close()

    async def deliver(self, browser, request):
        """Ask until it is answered."""
        await _away_from_the_boundary()
        slot = _slot()
        method, headers = self._headers(request)
        while True:
            asked_at, floor = time.monotonic(), self.shown.largest[request.article]
            try:
                status, answer, body = await browser.ask(method, f"/news/{request.article}/", headers)
                break
            except Cut:
                self.cuts += 1
                await asyncio.sleep(0.05)
        self.truth.acknowledge(request, slot)
        self.crossed += slot != _slot()
        self._check_status(request, status)
        if status == 200 and answer.get("content-encoding") != "gzip" and request.kind != "HEAD":
            self._look("readers", request.article, body, asked_at, floor)
        self.tags[request.article] = answer.get("etag", "*")

    def _headers(self, request):
        headers = [f"X-Forwarded-For: {forwarded_for(request.network)}", f"User-Agent: {request.agent}"]
        if random.random() < 0.95:  # of the rest the number is read
            headers.append("Accept-Encoding: gzip")
        if request.kind == "conditional":
            tag = self.tags.get(request.article, "*") if random.random() < 0.5 else "*"
            headers.append(f"If-None-Match: {tag}")
        elif request.kind == "prefetch":
            headers.append(random.choice(PREFETCHES))
        elif request.kind == "staff":
            headers.append(f"Cookie: sessionid={self.session}")
        return ("HEAD" if request.kind == "HEAD" else "GET"), headers

    def _check_status(self, request, status):
        self.statuses[status] += 1
        wanted = {"missing": {404}, "conditional": {200, 304}}.get(request.kind, {200})
        assert status in wanted, (request, status)

    def _look(self, who, article, body, asked_at, floor):
        number = int(_NUMBER.search(body)[1])
        self.shown.check(who, article, number, asked_at, floor)

    # Who looks at the number; as a crawler, so that looking does not count.

    async def watch(self, who, article, seconds, *headers):
        browser = Browser(self.site, keep=1)
        while not self.is_over:
            asked_at, floor = time.monotonic(), self.shown.largest[article]
            try:
                _status, _, body = await browser.ask(
                    "GET", f"/news/{article}/", [f"User-Agent: {CRAWLERS[0]}", *headers]
                )
                self._look(who, article, body, asked_at, floor)
            except Cut:
                self.cuts += 1
            await asyncio.sleep(seconds)

    async def visit_the_quiet_article(self):
        browser = Browser(self.site, keep=1)
        while self.answered < self.requests:
            await self.deliver(browser, self.plan.person(self.quiet))
            await asyncio.sleep(3)

    # What goes wrong.

    async def disturb(self):
        events = ["kill"] * self.kills + ["reload"] * self.reloads
        random.Random(7).shuffle(events)
        for step, event in enumerate(events, start=1):
            while self.answered < self.requests * step / (len(events) + 1):  # noqa: ASYNC110  counted up by many
                await asyncio.sleep(0.01)
            if event == "reload":
                self.site.reload()
                self.reloaded += 1
            else:
                while not (workers := self.site.workers()):  # noqa: ASYNC110  their files tell nobody
                    await asyncio.sleep(0.01)
                os.kill(random.choice(workers), signal.SIGKILL)
                self.killed += 1

    async def tell(self):
        while self.answered < self.requests:
            print(f"  {self.answered} of {self.requests}", flush=True)
            await asyncio.sleep(15)

    async def run(self):
        begin, first = time.monotonic(), self.articles[0]
        watchers = [
            asyncio.ensure_future(self.watch("door 1", first, 0.3)),
            # What is said twice passes door 1 by: Django renders the page.
            asyncio.ensure_future(self.watch("door 3", first, 0.3, "X-Twice: 1", "X-Twice: 2")),
            asyncio.ensure_future(self.watch("quiet article", self.quiet, 7)),
        ]
        await asyncio.gather(
            self.disturb(),
            self.tell(),
            self.visit_the_quiet_article(),
            *(self.browse() for _ in range(CONNECTIONS)),
        )
        seconds = time.monotonic() - begin
        await asyncio.sleep(8)  # the last numbers are looked at, too
        self.is_over = True
        await asyncio.gather(*watchers)
        return seconds


def _slot():
    return int(time.time()) // SLOT_SECONDS


async def _away_from_the_boundary():
    left = SLOT_SECONDS - time.time() % SLOT_SECONDS
    if left < MARGIN_SECONDS:
        await asyncio.sleep(left + 0.5)


def differences(run, stored):
    """(articles whose total is wrong, days that are wrong, views too few or too many in all)."""
    totals, expected = dict(map(tuple, stored["totals"])), run.truth.totals()
    days = {(article, day): views for article, day, views in stored["days"]}
    articles = totals.keys() | expected.keys()
    off = {article: totals.get(article, 0) - expected.get(article, 0) for article in articles}
    wrong_days = [key for key in days.keys() | run.truth.days if days.get(key) != run.truth.days.get(key)]
    return sum(map(bool, off.values())), len(wrong_days), sum(map(abs, off.values()))


def bench(kind, requests, kills, reloads):
    # Fewer threads than usual: after a reload there are twice as many workers, and PostgreSQL allows 100 connections.
    settings = {"WEB_CONCURRENCY": WORKERS, "REQUEST_THREADS": 3, "TRUSTED_PROXIES": "127.0.0.1"}
    with fresh_site(kind, VIEWS_PER_ADDRESS=CAP, **settings) as site:
        run = Run(site, requests, kills, reloads)
        site.start()
        seconds = asyncio.run(run.run())
        wanted = sum(run.truth.totals().values())

        def folded():
            return sum(views for _, views in json.loads(site.shell(READ))["totals"]) >= wanted

        wait_for(folded, 30, site.read_log)
        ended = site.terminate()
        stored = json.loads(site.shell(READ))
        wrong_articles, wrong_days, off = differences(run, stored)
        left = len(list((site.data_dir / "journal").iterdir()))
    oldest = run.shown.oldest
    bars = [
        Bar.at_most("articles whose total is not exact", wrong_articles, 0),
        Bar.at_most("days that are not exact", wrong_days, 0),
        Bar.at_most("views too few or too many", off, 0),
        Bar.at_most("visits beside the truth", abs(stored["visits"] - wanted), 0),
        Bar.at_most("journals left behind", left + stored["journals"], 0),
        Bar.at_most("shown numbers that fell", run.shown.fell, 0),
        *(Bar.at_most(f"oldest shown number, {who}", round(oldest[who], 2), 5, "s") for who in
          ("door 1", "door 3", "quiet article", "readers")),
    ]  # fmt: skip
    figures = {
        "site": kind, "requests": run.answered, "requests/s": round(run.answered / seconds), "seconds": round(seconds),
        "views": wanted, "kill -9": run.killed, "reloads": run.reloaded, "cut and repeated": run.cuts,
        "304": run.statuses[304], "404": run.statuses[404], "numbers read": run.shown.pages,
        "over a half-hour": run.crossed, "ended in s": round(ended, 1),
    }  # fmt: skip
    print_table([figures])
    return {**figures, "bars": bars}


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, bench, requests=200_000, kills=20, reloads=5))
