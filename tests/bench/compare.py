"""This checkout beside another revision: is any page slower than before?

    python -m tests.bench.compare REVISION [--rounds 9] [--seconds 1] [KIND …]

Both run with this environment's packages, on databases with the same content. Each page is requested in short windows
that alternate between the two. A row's figure is the median of the windows' ratios, so that a change in the machine's
speed affects both sides alike. Bar: no row below 0.95.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bars import Bar, print_bars
from tests.bench.pages import WORKERS, ours
from tests.bench.sites import fresh_site, print_table
from tests.servers import ROOT

LEAST = 0.95
ARTICLES = 1000


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
    with fresh_site(kind, root=root, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content", "--articles", str(ARTICLES))
        yield site.start()


def run(kind: str, revision: str, rounds: int = 9, seconds: float = 1) -> list[Bar]:
    with checkout(revision) as folder, filled_site(kind, folder) as before, filled_site(kind, ROOT) as now:
        article = re.search(r'href="(/news/\d+/)"', now.get("/").body.decode())[1]
        pairs = {
            name: (side, other)
            for (name, side), other in zip(
                ours(before, article).items(), ours(now, article).values(), strict=True
            )
        }
        for turn in range(rounds + 1):
            for pair in pairs.values():
                for side in pair if turn % 2 else pair[::-1]:
                    side.measure(seconds)
            if turn == 0:  # this round warmed up
                for side in (side for pair in pairs.values() for side in pair):
                    side.rates.clear()
                    side.cpu.clear()
    rows = [_row(name, *pair) for name, pair in pairs.items()]
    print(f"\n{kind}, beside {revision}")
    print_table(rows)
    return [
        Bar(f"{kind}: {row['page']}", f"≥ {LEAST} of before", str(row["ratio"]), row["ratio"] >= LEAST)
        for row in rows
    ]


def _row(name, before, now):
    ratios = [late / max(early, 0.1) for early, late in zip(before.rates, now.rates, strict=True)]
    return {
        "page": name,
        "before/s": round(before.rate, 1),
        "now/s": round(now.rate, 1),
        "ratio": round(statistics.median(ratios), 3),
        "min": round(min(ratios), 3),
        "max": round(max(ratios), 3),
        "CPU µs before": round(statistics.median(before.cpu)),
        "CPU µs now": round(statistics.median(now.cpu)),
        "CPU ratio": round(statistics.median(b / n for b, n in zip(before.cpu, now.cpu, strict=True)), 3),
        "queries": f"{before.queries} → {now.queries}",
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("revision")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1)
    options = parser.parse_intermixed_args()  # KIND may follow the options, as REVISION precedes them
    bars = [
        bar
        for kind in options.kinds or ("sqlite", "postgresql")
        for bar in run(kind, options.revision, options.rounds, options.seconds)
    ]
    print()
    print_bars(bars)
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
