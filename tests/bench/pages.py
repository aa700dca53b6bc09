"""How fast pages are, beside the most that the server can do and beside other sites.

    python -m tests.bench.pages [--articles 1000] [--rounds 5] [--seconds 2] [KIND …]

Every server listens on loopback and is measured in short windows that alternate; only ratios within one run count.
The figures are answers a second over 16 connections, and the workers' CPU time for one answer, which does not depend on
the speed of the client. Any answer but 2xx or 304 ends the run. A first render is measured with a repeated header: door
1 passes such a request on to Django.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.bars import Bar, print_bars
from tests.bench.load import cpu_seconds, hammer, request_bytes
from tests.bench.peers import Peer, typical, wagtail
from tests.bench.sites import fresh_site, print_table, resident_kib, session_of
from tests.servers import ROOT, free_port, wait_for

WORKERS, CONNECTIONS = 2, 16
PERSON = ("User-Agent", "Mozilla/5.0 (Linux; Android 13) Mobile")
GZIP = ("Accept-Encoding", "gzip")
TWICE = (("X-Twice", "1"), ("X-Twice", "2"))
FIXED, BARE = "fixed answer", "bare Django view"
WAGTAIL, WAGTAIL_CACHED, BY_HAND = "Wagtail", "Wagtail, its page cache", "written by hand"
PAGES = {
    "home": "/", "list": "/news/", "list, page 40": "/news/?page=40", "section": "/news/industry/",
    "section, page 10": "/news/industry/?page=10",
    "tag": "/news/tags/%E5%85%89%E4%BC%8F/", "tags": "/news/tags/", "archive": "/news/archive/",
    "search": "/search/?q=%E5%85%89%E4%BC%8F", "feed": "/news/feed/", "sitemap": "/sitemap-articles.xml",
}  # fmt: skip


class Floor:
    """A fixed answer, or a bare Django view, in the same kind of worker."""

    def __init__(self, app, body_file, headers):
        self.port = free_port()
        environment = {
            **os.environ,
            "FLOOR_FILE": str(body_file),
            "FLOOR": app,
            "FLOOR_HEADERS": json.dumps(headers),
            "PYTHONPATH": str(ROOT),
        }
        command = [
            sys.executable, "-m", "gunicorn", "-c", "/dev/null", "-k", "asgi", "-w", str(WORKERS),
            "-b", f"127.0.0.1:{self.port}", "--no-control-socket", "--keep-alive", "15", f"tests.bench.floor_app:{app}",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd=tempfile.gettempdir(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._answers, 20)

    def _answers(self):
        try:
            return hammer(self.port, request_bytes("x", "/"), seconds=0.1, connections=1)[0]
        except OSError:
            return 0

    def workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


@dataclass
class Side:
    """One page of one server, and its figures, one for each window."""

    server: object  # with port and workers()
    request: bytes
    queries: int | str = ""
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # µs for one answer
    bytes: int = 0

    def measure(self, seconds):
        pids = self.server.workers()
        before, begin = cpu_seconds(pids), time.perf_counter()
        answers, self.bytes = hammer(self.server.port, self.request, seconds=seconds, connections=CONNECTIONS)
        elapsed, spent = time.perf_counter() - begin, cpu_seconds(pids) - before
        if isinstance(self.server, Peer):
            self.server.wait_until_idle()
        self.rates.append(answers / elapsed)
        self.cpu.append(spent / max(answers, 1) * 1e6)

    @property
    def rate(self):
        return statistics.median(self.rates)


@dataclass
class Result:
    kind: str
    articles: int
    sides: dict[str, Side]
    memory_mib: float  # of one worker, before the load
    home_blocks: int

    def rows(self):
        floor = self.sides[FIXED]
        for name, side in self.sides.items():
            yield {
                "page": name,
                "answers/s": round(side.rate, 1),
                "min": round(min(side.rates), 1),
                "max": round(max(side.rates), 1),
                "of the floor": round(side.rate / floor.rate, 3),
                "CPU µs": round(statistics.median(side.cpu)),
                "bytes": side.bytes,
                "queries": side.queries,
            }

    def bars(self):
        ready = "article, ready"
        yield self._times(ready, 0.75, FIXED)
        yield self._times(ready, 3, WAGTAIL_CACHED, "article")
        yield self._times(ready, 50, BY_HAND, "article")
        for page in ("article", "section", "tag"):
            yield self._times(f"{page}, first render", 5, WAGTAIL, page)
        for page, most in (("article", 7), ("section", 6), ("tag", 6)):
            queries = self.sides[f"{page}, first render"].queries
            yield Bar(f"{self.kind}: queries of {page}", f"≤ {most}", str(queries), queries <= most)
        queries, most = self.sides["home, first render"].queries, 7 + self.home_blocks
        wanted = f"≤ 7 and one for each of {self.home_blocks} blocks"
        yield Bar(f"{self.kind}: queries of home", wanted, str(queries), queries <= most)

    def _times(self, name, factor, server, page=""):
        other = f"{server}: {page}" if page else server
        ratios = [a / b for a, b in zip(self.sides[name].rates, self.sides[other].rates, strict=True)]
        ratio = statistics.median(ratios)
        figure = f"{ratio:.3g} ({min(ratios):.3g} to {max(ratios):.3g})"
        return Bar(f"{self.kind}: {name}", f"≥ {factor} × {other}", figure, ratio >= factor)


COUNT_QUERIES = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(SERVER_NAME="127.0.0.1")
for path in {paths!r}:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path, headers={{"x-twice": "1"}}).status_code
    assert status == 200, (path, status)
    print(path, len(captured))
"""


def run(kind: str, articles: int = 1000, rounds: int = 5, seconds: float = 2) -> Result:
    with ExitStack() as stack:
        site = stack.enter_context(fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000))
        site.manage("demo_content", "--articles", str(articles))
        site.start()
        home = site.get("/").body.decode()
        article = re.search(r'href="(/news/\d+/)"', home)[1]
        memory = resident_kib(site.workers()) / 1024 / WORKERS
        sides = {
            **_floors(stack, site.get(article, Accept_Encoding="gzip")),
            **ours(site, article),
            **_peers(stack, kind, articles),
        }
        for turn in range(rounds + 1):
            for side in sides.values():
                side.measure(seconds)
            if turn == 0:  # this round warmed up
                for side in sides.values():
                    side.rates.clear()
                    side.cpu.clear()
        return Result(kind, articles, sides, memory, home.count('<section class="'))


def _floors(stack, answer: http.client.HTTPResponse):
    """Servers that send the same bytes and headers as this answer."""
    made_by_server = ("date", "server", "connection", "transfer-encoding")
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in made_by_server]
    file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "body"
    file.write_bytes(answer.body)
    floors = {FIXED: Floor("fixed", file, headers), BARE: Floor("bare", file, headers)}
    for floor in floors.values():
        stack.callback(floor.stop)
    request = request_bytes("127.0.0.1", "/", (PERSON, GZIP))
    return {name: Side(floor, request) for name, floor in floors.items()}


def ours(site, article):
    def side(path, *headers, queries=""):
        return Side(site, request_bytes(site.host, path, (PERSON, *headers)), queries)

    pages = {"article": article, **PAGES}
    pages = {name: path for name, path in pages.items() if site.get(path).status == 200}
    printed = site.shell(COUNT_QUERIES.format(paths=list(pages.values())))
    queries = {row.split()[0]: int(row.split()[1]) for row in printed.splitlines()}
    session = ("Cookie", f"sessionid={session_of(site, 'staff')}")
    sides = {
        "article, ready": side(article, GZIP),
        "article, ready, not compressed": side(article),
        "home, ready": side("/", GZIP),
        "article, logged-in staff": side(article, GZIP, session),
        "article, logged-in staff, not compressed": side(article, session),
    }
    for name, path in pages.items():
        sides[f"{name}, first render"] = side(path, GZIP, *TWICE, queries=queries[path])
    for name, path in pages.items():
        sides[f"{name}, first render, not compressed"] = side(path, *TWICE)
    return sides


def _peers(stack, kind, articles):
    servers = {
        WAGTAIL: wagtail(kind, articles),
        WAGTAIL_CACHED: wagtail(kind, articles, has_cache=True),
        BY_HAND: typical(kind, articles),
    }
    sides = {}
    for name, server in servers.items():
        peer = stack.enter_context(server)
        queries = peer.count_queries()
        for page, path in peer.paths.items():
            request = request_bytes(f"127.0.0.1:{peer.port}", path, (PERSON, GZIP))
            sides[f"{name}: {page}"] = Side(peer, request, queries[page])
    return sides


def print_result(result: Result) -> None:
    print(f"\n{result.kind}, {result.articles} articles; {result.memory_mib:.0f} MiB a worker", flush=True)
    print_table(list(result.rows()))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    bars = []
    for kind in options.kinds or ("sqlite", "postgresql"):
        result = run(kind, options.articles, options.rounds, options.seconds)
        print_result(result)
        bars += result.bars()
    print()
    print_bars(bars)


if __name__ == "__main__":
    main()
