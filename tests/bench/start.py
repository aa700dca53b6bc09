"""From `gunicorn` to the first page, on a site that is filled already.

    python -m tests.bench.start [--starts 5] [KIND …]

The code is in the page cache of the operating system: the first start after a boot may take longer.
"""

import statistics
import time

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.sites import fresh_site
from tests.servers import wait_for

MOST_SECONDS = 2.5


def run(kind: str, starts: int = 5) -> dict:
    with fresh_site(kind) as site:
        site.manage("demo_content", "--articles", "1000")
        measured = [start_seconds(site) for _ in range(starts)]
    names = ("first answer of /healthz", "first answer of /")
    bars = [_bar(name, seconds) for name, seconds in zip(names, zip(*measured, strict=True), strict=True)]
    return {"seconds": measured, "bars": bars}


def start_seconds(site):
    """Seconds until /healthz answers 200, and until / does after it."""
    begin = time.perf_counter()
    site.start()
    alive = time.perf_counter() - begin
    wait_for(lambda: site.get("/").status == 200, 30, site.read_log)
    page = time.perf_counter() - begin
    site.terminate()
    return alive, page


def _bar(what, seconds):
    median = statistics.median(seconds)
    return Bar(
        what,
        f"≤ {MOST_SECONDS} s after gunicorn",
        f"median {median:.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s in {len(seconds)} starts",
        median <= MOST_SECONDS,
    )


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, starts=5))
