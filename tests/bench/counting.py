"""What counting a view costs: a cached article for a person, and the same for a crawler, which is not counted.

    python -m tests.bench.counting [--rounds 20] [--seconds 1.5] [KIND …]

The figure is the workers' CPU time for one answer, in short windows that alternate; neighbouring windows are compared.
"""

import re
import statistics

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.load import request_bytes
from tests.bench.pages import GZIP, PERSON, WORKERS, Side
from tests.bench.sites import fresh_site

CRAWLER = ("User-Agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)")
MOST_MICROSECONDS = 20


def run(kind: str, rounds: int = 20, seconds: float = 1.5) -> dict:
    with fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content", "--articles", "30")
        site.start()
        article = re.search(r'href="(/news/\d+/)"', site.get("/").body.decode())[1]
        person, crawler = (
            Side(site, request_bytes(site.host, article, (agent, GZIP))) for agent in (PERSON, CRAWLER)
        )
        for turn in range(rounds + 1):
            for side in (person, crawler) if turn % 2 else (crawler, person):
                side.measure(seconds)
    differences = [a - b for a, b in zip(person.cpu[1:], crawler.cpu[1:], strict=True)]
    median = statistics.median(differences)
    figure = f"{median:.1f} µs ({statistics.median(person.cpu[1:]):.1f} beside {statistics.median(crawler.cpu[1:]):.1f})"
    bar = Bar("CPU for counting a view", f"≤ {MOST_MICROSECONDS} µs", figure, median <= MOST_MICROSECONDS)
    return {"differences": differences, "bars": [bar]}


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, rounds=20, seconds=1.5))
