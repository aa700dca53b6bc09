"""Sites to compare ours with: Wagtail, without and with a page cache, and a page as it is usually written by hand.

    python -m tests.bench.peers [--articles 1000] [--rounds 3] [--seconds 2] [KIND …]

They have our content. Each is served as its kind usually is, by gunicorn with two workers of four threads. Wagtail is
installed into .bench-venv/, once.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from news.demo.articles import ARTICLES
from tests.bench.load import cpu_seconds, hammer, request_bytes
from tests.bench.sites import fresh_database, print_table
from tests.servers import ROOT, free_port, wait_for

WORKERS, THREADS, CONNECTIONS = 2, 4, 16
SITES = ROOT / "tests/bench/peer_sites"
TITLE = ARTICLES[0][2]  # the newest article
TITLE_OF_SECTION = next(title for section, _, title, *_ in ARTICLES if section == "industry")
TAG = quote("光伏")

COUNT_QUERIES = """
import django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(SERVER_NAME="127.0.0.1")
for path in {paths!r}:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    print(len(captured))
"""


class Peer:
    """One filled site on a free port of 127.0.0.1. `paths` holds the path of each kind of page."""

    def __init__(self, name, python, site, paths, articles, folder, database_url, **environment):
        self.name, self.python, self.folder = name, python, folder
        self.port, self.process, self.log = free_port(), None, Path(folder) / "gunicorn.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"tests.bench.peer_sites.{site}.settings",
            "DATABASE_URL": database_url,
            "MEDIA_ROOT": f"{folder}/media",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        migrations = Path(folder) / "new_migrations"
        migrations.mkdir()
        (migrations / "__init__.py").touch()
        newest = self._run("-m", f"tests.bench.peer_sites.{site}.fill", str(articles)).strip()
        self.paths = {"article": newest, "home": "/", **paths}

    def _run(self, *arguments):
        """Its standard output; its errors go to ours."""
        return subprocess.run(
            [self.python, *arguments],
            env=self.environment,
            cwd=self.folder,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def start(self):
        command = [
            self.python, "-m", "gunicorn", "-c", "/dev/null", "-k", "gthread", "-w", str(WORKERS), "--threads", str(THREADS),
            "-b", f"127.0.0.1:{self.port}", "--no-control-socket", "--keep-alive", "15", "--graceful-timeout", "5",
            "django.core.wsgi:get_wsgi_application()",
        ]  # fmt: skip
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=log
            )
        wait_for(self._answers, 60, self.log.read_text)
        for page, path in self.paths.items():
            status, body = self.get(path)
            title = TITLE_OF_SECTION if page == "section" else TITLE
            context = (self.name, path, status, self.log.read_text())
            assert status == 200, context
            assert title in body, context

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get(self.paths["article"])
        except OSError:
            return None

    def get(self, path) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def wait_until_idle(self):
        """Requests of a client that has disconnected are still answered, and would slow down the next measurement."""
        before, idle_since = None, time.monotonic()
        while time.monotonic() < idle_since + 0.3:
            spent = cpu_seconds(self.workers())
            if spent != before:
                before, idle_since = spent, time.monotonic()
            time.sleep(0.05)

    def count_queries(self) -> dict[str, int]:
        """By kind of page, for its second request."""
        counts = self._run("-c", COUNT_QUERIES.format(paths=list(self.paths.values())))
        return dict(zip(self.paths, map(int, counts.split()), strict=True))

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


@contextmanager
def _served(kind, *arguments, **environment):
    with tempfile.TemporaryDirectory(prefix="peer-bench-") as folder, fresh_database(kind, folder) as url:
        peer = Peer(*arguments, folder, url, **environment)
        try:
            peer.start()
            yield peer
        finally:
            peer.stop()


def wagtail(kind: str, articles: int = 1000, has_cache: bool = False):
    """A context manager of a running Peer; `kind` is sqlite or postgresql."""
    name = f"Wagtail, {'with' if has_cache else 'without'} page cache"
    paths = {"section": "/industry/", "tag": f"/tags/?tag={TAG}"}
    environment = {"HAS_CACHE": "1"} if has_cache else {}
    return _served(kind, name, _wagtail_python(), "wagtail_site", paths, articles, **environment)


def typical(kind: str, articles: int = 1000):
    """A context manager of a running Peer; `kind` is sqlite or postgresql."""
    paths = {"section": "/news/industry/", "tag": f"/tags/{TAG}/", "search": f"/search/?q={TAG}"}
    return _served(kind, "written by hand", sys.executable, "typical_site", paths, articles)


def _wagtail_python():
    """The Python of an environment with Wagtail, installed where it is missing or its requirements have changed."""
    requirements = SITES / "wagtail_site/requirements.txt"
    environment = ROOT / ".bench-venv/wagtail"
    python, installed = environment / "bin/python", environment / "installed.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        print("Installing Wagtail ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements],
            check=True,
        )
        installed.write_text(requirements.read_text())
    return str(python)


def bench(kind, articles, rounds, seconds):
    with ExitStack() as stack:
        peers = []
        for make in (
            lambda: wagtail(kind, articles),
            lambda: wagtail(kind, articles, has_cache=True),
            lambda: typical(kind, articles),
        ):
            begin = time.perf_counter()
            peers.append(stack.enter_context(make()))
            print(f"{peers[-1].name}: filled and started in {time.perf_counter() - begin:.0f} s")
        rows, queries = [], {peer.name: peer.count_queries() for peer in peers}
        for page in ("article", "home", "section", "tag", "search"):
            sides = [peer for peer in peers if page in peer.paths]
            measured = {peer.name: [] for peer in sides}
            for _ in range(rounds + 1):
                for peer in sides:
                    measured[peer.name].append(_window(peer, peer.paths[page], seconds))
            for peer in sides:
                _, *windows = measured[peer.name]  # the first one warms up
                status, body = peer.get(peer.paths[page])
                rows.append(
                    {
                        "peer": peer.name,
                        "page": page,
                        "status": status,
                        "bytes": len(body.encode()),
                        "queries": queries[peer.name][page],
                        "answers/s": round(statistics.median(rate for rate, _ in windows), 1),
                        "CPU µs": round(statistics.median(cpu for _, cpu in windows)),
                    }
                )
        print(f"\n{kind}, {articles} articles, windows of {seconds:g} s")
        print_table(rows)


def _window(peer, path, seconds):
    """(answers a second, CPU µs for one answer)"""
    request = request_bytes(f"127.0.0.1:{peer.port}", path, [("Accept-Encoding", "gzip")])
    before, begin = cpu_seconds(peer.workers()), time.perf_counter()
    answers, _ = hammer(peer.port, request, seconds=seconds, connections=CONNECTIONS)
    elapsed, spent = time.perf_counter() - begin, cpu_seconds(peer.workers()) - before
    peer.wait_until_idle()
    return answers / elapsed, spent / max(answers, 1) * 1e6


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    for kind in options.kinds or ("sqlite", "postgresql"):
        bench(kind, options.articles, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
