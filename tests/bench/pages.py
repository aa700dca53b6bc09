"""How fast pages are, beside what the server can do at all: `make bench`.

    python -m tests.bench.pages [--articles 1000] [--rounds 5] [--seconds 2] [KIND …]

Every side is started on loopback and asked in short windows that alternate; only ratios within one run count.
Speed is answers a second, and the workers' CPU time for one answer, which a slow client does not blur.
A request that says a header twice passes door 1 by: that is how a first render is measured.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.load import cpu_seconds, hammer, request_bytes
from tests.bench.sites import fresh_site, print_table, resident_kib
from tests.servers import ROOT, _free_port, wait_for

WORKERS, CONNECTIONS = 2, 16
PERSON = ("User-Agent", "Mozilla/5.0 (Linux; Android 13) Mobile")
GZIP = ("Accept-Encoding", "gzip")
TWICE = (("X-Twice", "1"), ("X-Twice", "2"))


class Floor:
    """A fixed answer, or a bare Django view, in the same kind of worker."""

    def __init__(self, app, body_file, headers):
        self.port = _free_port()
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
        except (OSError, Exception):
            return 0

    def workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def measure(sides, rounds, seconds):
    """{name: {"rate": […], "cpu": […], "bytes": n}} of sides {name: (port, workers, request)}, in turns."""
    results = {name: {"rate": [], "cpu": [], "bytes": 0} for name in sides}
    for turn in range(rounds + 1):
        for name, (port, workers, request) in sides.items():
            pids = workers()
            before, begin = cpu_seconds(pids), time.perf_counter()
            answers, size = hammer(port, request, seconds=seconds, connections=CONNECTIONS)
            spent, elapsed = cpu_seconds(pids) - before, time.perf_counter() - begin
            if turn:  # the first one warms up
                results[name]["rate"].append(answers / elapsed)
                results[name]["cpu"].append(spent / max(answers, 1) * 1e6)
            results[name]["bytes"] = size
    return results


COUNT_QUERIES = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(SERVER_NAME="127.0.0.1")
for path in {paths!r}:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path, headers={{"x-twice": "1"}}).status_code
    print(path, status, len(captured))
"""


def bench(kind, articles, rounds, seconds):
    with (
        fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site,
        tempfile.TemporaryDirectory() as folder,
    ):
        begin = time.perf_counter()
        site.manage("demo_content", "--articles", str(articles))
        filled = time.perf_counter() - begin
        begin = time.perf_counter()
        site.start()
        started = time.perf_counter() - begin
        home = site.get("/").body.decode()
        article = re.search(r'href="(/news/\d+/)"', home)[1]
        pages = {
            "article": article, "home": "/", "list": "/news/", "list, page 40": "/news/?page=40", "section": "/news/industry/",
            "tag": "/news/tags/%E5%85%89%E4%BC%8F/", "archive": "/news/archive/",
            "search": "/search/?q=%E5%85%89%E4%BC%8F", "feed": "/news/feed/", "sitemap": "/sitemap-articles.xml",
        }  # fmt: skip
        pages = {name: path for name, path in pages.items() if site.get(path).status == 200}
        answer = site.get(article, **{"Accept-Encoding": "gzip"})
        body = answer.body
        made_by_server = ("date", "server", "connection", "transfer-encoding")
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in made_by_server]
        body_file = Path(folder) / "body"
        body_file.write_bytes(body)
        memory = resident_kib(site.workers()) / WORKERS
        floors = {
            name: Floor(app, body_file, headers)
            for name, app in (("fixed answer", "fixed"), ("bare Django view", "bare"))
        }
        sides = {
            name: (floor.port, floor.workers, request_bytes("127.0.0.1", "/"))
            for name, floor in floors.items()
        }
        host = site.host

        def ours(path, *headers):
            return (site.port, site.workers, request_bytes(host, path, (PERSON, *headers)))

        sides["article, ready"] = ours(article, GZIP)
        sides["article, ready, not compressed"] = ours(article)
        sides["home, ready"] = ours("/", GZIP)
        for name, path in pages.items():
            sides[f"{name}, first render"] = ours(path, GZIP, *TWICE)
        try:
            results = measure(sides, rounds, seconds)
        finally:
            for floor in floors.values():
                floor.stop()
        paths = list(pages.values())
        queries = {
            row.split()[0]: row.split()[2]
            for row in site.shell(COUNT_QUERIES.format(paths=paths)).splitlines()
        }
        floor_rate = statistics.median(results["fixed answer"]["rate"])
        floor_cpu = statistics.median(results["fixed answer"]["cpu"])
        rows = []
        for name, result in results.items():
            rate, cpu = statistics.median(result["rate"]), statistics.median(result["cpu"])
            rows.append(
                {
                    "page": name,
                    "answers/s": round(rate),
                    "min": round(min(result["rate"])),
                    "max": round(max(result["rate"])),
                    "of the floor": round(rate / floor_rate, 3),
                    "CPU µs": round(cpu),
                    "CPU, floor / page": round(floor_cpu / cpu, 3),
                    "bytes": result["bytes"],
                    "queries": queries.get(pages.get(name.split(",")[0], ""), "") if "first" in name else "",
                }
            )
        print(f"\n{kind}, {articles} articles: filled in {filled:.0f} s, started in {started:.2f} s, "
              f"{memory / 1024:.0f} MiB a worker")  # fmt: skip
        print_table(rows)
        return {
            "kind": kind,
            "articles": articles,
            "filled": filled,
            "started": started,
            "memory_kib": memory,
            "rows": rows,
        }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    runs = [
        bench(kind, options.articles, options.rounds, options.seconds)
        for kind in options.kinds or ("sqlite", "postgresql")
    ]
    if options.json:
        options.json.write_text(json.dumps(runs, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
