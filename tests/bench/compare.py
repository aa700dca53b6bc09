"""This checkout beside another revision: is any page, or the start, slower than before?

    python -m tests.bench.compare REVISION [--pairs 200] [--starts 15] [--row TEXT] [KIND …]

Both run with this environment's packages, each with one worker, on databases with the same content. A pair is the same
request to both, one after the other, so that a change in the machine's speed affects both sides alike; every other
pair begins with the other side. A row's figure is the ratio of the medians. Bar: no row below 0.95.
"""

import argparse
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bars import Bar, print_bars
from tests.bench.load import answer_length
from tests.bench.pages import ours
from tests.bench.sites import fresh_site, print_table
from tests.bench.start import start_seconds
from tests.servers import ROOT

LEAST = 0.95
ARTICLES = 1000
WARM_UP = 20  # pairs
MOST_SECONDS = 20  # of one row: a page of a tenth of a second is requested less often


@contextmanager
def checkout(revision: str):
    """A temporary worktree of that revision."""
    with tempfile.TemporaryDirectory(prefix="revision-") as folder:
        subprocess.run(["git", "worktree", "add", "--detach", "-q", folder, revision], cwd=ROOT, check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)


@contextmanager
def filled_site(kind: str, root: Path):
    with fresh_site(kind, root=root, WEB_CONCURRENCY=1, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content", "--articles", str(ARTICLES))
        yield site


class Visitor:
    """One connection to one site, and the seconds of each answer."""

    def __init__(self, site, request: bytes):
        self.seconds: list[float] = []
        self._request = request
        self._socket = socket.create_connection(("127.0.0.1", site.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self):
        buffer, begin = bytearray(), time.perf_counter()
        self._socket.sendall(self._request)
        while not answer_length(buffer):
            buffer += self._socket.recv(262_144)
        self.seconds.append(time.perf_counter() - begin)

    def close(self):
        self._socket.close()


def run(kind: str, revision: str, pairs: int = 200, starts: int = 15, row: str = "") -> list[Bar]:
    with checkout(revision) as folder, filled_site(kind, folder) as before, filled_site(kind, ROOT) as now:
        rows = [_row("start, to the first page", *_starts(before, now, starts))] if starts else []
        before.start()
        now.start()
        article = re.search(r'href="(/news/\d+/)"', now.get("/").body.decode())[1]
        sides = zip(ours(before, article).items(), ours(now, article).values(), strict=True)
        rows += [
            _row(name, *_pages(Visitor(before, old.request), Visitor(now, new.request), pairs))
            for (name, old), new in sides
            if row in name
        ]
    print(f"\n{kind}, beside {revision}")
    print_table(rows)
    return [
        Bar(f"{kind}: {row['what']}", f"≥ {LEAST} of before", str(row["ratio"]), row["ratio"] >= LEAST)
        for row in rows
    ]


def _starts(before, now, starts):
    """Seconds of each start, by side."""
    seconds = ([], [])
    for turn in range(starts + 1):
        for side in (0, 1) if turn % 2 else (1, 0):
            _alive, page = start_seconds((before, now)[side])
            if turn:  # the first one reads the code from the disk
                seconds[side].append(page)
    return seconds


def _pages(before, now, pairs):
    """Seconds of each answer, by side."""
    end = time.monotonic() + MOST_SECONDS
    for turn in range(WARM_UP + pairs):
        for visitor in (before, now) if turn % 2 else (now, before):
            visitor.ask()
        if time.monotonic() > end and turn > WARM_UP + 20:
            break
    before.close()
    now.close()
    return before.seconds[WARM_UP:], now.seconds[WARM_UP:]


def _row(what, before, now):
    def milliseconds(seconds):
        return round(statistics.median(seconds) * 1000, 3)

    return {
        "what": what,
        "before ms": milliseconds(before),
        "now ms": milliseconds(now),
        "ratio": round(statistics.median(before) / statistics.median(now), 3),
        "ratio of the fastest quarter": round(_quartile(before) / _quartile(now), 3),
        "pairs": len(now),
    }


def _quartile(seconds):
    return statistics.quantiles(seconds, n=4)[0]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("revision")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--row", default="", help="only the pages whose names contain this")
    options = parser.parse_intermixed_args()  # KIND may follow the options, as REVISION precedes them
    bars = [
        bar
        for kind in options.kinds or ("sqlite", "postgresql")
        for bar in run(kind, options.revision, options.pairs, options.starts, options.row)
    ]
    print()
    print_bars(bars)
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
