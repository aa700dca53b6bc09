"""What a million articles cost: every kind of page beside a site of a thousand.

    python -m tests.bench.scale [--articles 1000000] [--rounds 40] [KIND …]
    python -m tests.bench.scale --database-url URL --data-dir FOLDER sqlite     with a site that is filled already

Both sites run at once. Pages are requested one after the other, bypassing the page cache: each round requests every
page of each site once. The medians of the time to the complete answer are compared.
"""

import argparse
import http.client
import random
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.bench.bars import Bar, exit_status, print_bars, write_json
from tests.bench.pages import PERSON, TWICE
from tests.bench.sites import fresh_site, percentile, print_table, resident_kib, session_of, written_kib
from tests.servers import ROOT, Site

SMALL = 1000
MOST_MINUTES, MOST_FILL_MIB = 30, 1024
MOST_RATIO, MOST_SEARCH_MS, MOST_ADMIN_MS, MOST_MEMORY_MIB = 1.5, 100, 300, 10

FIRST = """
from news.models import Article
public = Article.objects.published()
oldest = public.order_by("published_at").first().published_at
print(public.newest_first()[0].pk, public.newest_first()[100].pk, oldest.year, oldest.month)
"""


@dataclass
class Timed:
    """A page of one site, and how many milliseconds each answer took."""

    path: str
    headers: tuple = ()
    times: list[float] = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.times)


def _request(site, page):
    connection = http.client.HTTPConnection(site.host, timeout=60)
    connection.connect()
    begin = time.perf_counter()
    connection.putrequest("GET", page.path)
    for name, value in (PERSON, *TWICE, *page.headers):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    page.times.append((time.perf_counter() - begin) * 1000)
    connection.close()
    assert response.status == 200, (page.path, response.status)


def run(kind: str, articles: int, rounds: int = 40, filled: Site | None = None) -> dict:
    """Figures, and their bars under "bars". `filled` is the large site where it exists already, not started."""
    with ExitStack() as stack:
        small = stack.enter_context(fresh_site(kind))
        small.manage("demo_content", "--articles", str(SMALL))
        large, bars = filled, []
        if large is None:
            large = stack.enter_context(fresh_site(kind))
            bars += _fill(large, articles)
        sites = {"small": small, "large": large}
        pages = {}
        for name, site in sites.items():
            site.start()
            stack.callback(site.terminate)
            pages[name] = _pages(site)
        for turn in range(rounds + 3):
            # In another order each time: the request after a search finds the caches of the processor cold.
            for page in random.sample(list(pages["large"]), len(pages["large"])):
                for name in sites:
                    if page in pages[name]:
                        _request(sites[name], pages[name][page])
            if turn == 2:  # these rounds warmed up
                for timed in (timed for of_site in pages.values() for timed in of_site.values()):
                    timed.times.clear()
        memory = {
            name: sum(map(written_kib, site.workers())) / 1024 / len(site.workers())
            for name, site in sites.items()
        }
    rows = list(_rows(pages))
    print_table(rows)
    bars += _bars(kind, pages, memory)
    print_bars(bars)
    return {"kind": kind, "articles": articles, "rows": rows, "memory_mib": memory, "bars": bars}


def _fill(site, articles):
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo_content", "--articles", str(articles)], cwd=ROOT, env=site.environment
    )  # fmt: skip
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident_kib([process.pid]))
        time.sleep(0.5)
    assert process.returncode == 0
    minutes = (time.perf_counter() - begin) / 60
    yield Bar.at_most(f"demo_content --articles {articles}", round(minutes, 1), MOST_MINUTES, "min")
    yield Bar.at_most("its memory", round(peak / 1024), MOST_FILL_MIB, "MiB")


def _pages(site):
    newest, another, year, month = site.shell(FIRST).split()
    session = (("Cookie", f"sessionid={session_of(site, 'staff')}"),)
    tag = f"/news/tags/{quote('光伏')}/"
    pages = {
        "home": Timed("/"),
        "list": Timed("/news/"),
        "article": Timed(f"/news/{newest}/"),
        "another article": Timed(f"/news/{another}/"),
        "section": Timed("/news/industry/"),
        "tag": Timed(tag),
        "tags": Timed("/news/tags/"),
        "archive": Timed("/news/archive/"),
        "year": Timed(f"/news/archive/{year}/"),
        "oldest month": Timed(f"/news/archive/{year}/{month}/"),
        "feed": Timed("/news/feed/"),
        "sitemap": Timed("/sitemap.xml"),
        "sitemap of articles": Timed("/sitemap-articles.xml"),
        "contact": Timed("/contact/"),
        **{f"search {word}": Timed(f"/search/?q={quote(word)}") for word in ("光伏", "公司", "氢能")},
        "admin list": Timed("/admin/news/article/", session),
        "admin search": Timed(f"/admin/news/article/?q={quote('光伏')}", session),
    }
    for name in ("list", "section", "tag"):
        path = pages[name].path
        if site.get(f"{path}?page=100").status == 200:
            pages[f"{name}, page 100"] = Timed(f"{path}?page=100")
    return pages


def _rows(pages):
    for name, timed in pages["large"].items():
        small = pages["small"].get(name)
        yield {
            "page": name,
            "small ms": round(small.median, 1) if small else "",
            "large ms": round(timed.median, 1),
            "ratio": round(timed.median / small.median, 2) if small else "",
            "large p95": round(percentile(timed.times, 0.95), 1),
            "large max": round(max(timed.times), 1),
        }


def _bars(kind, pages, memory):
    small, large = pages["small"], pages["large"]
    for name in ("list", "section", "tag"):
        deep = large.get(f"{name}, page 100")
        if deep:
            yield _ratio(f"{kind}: {name}, page 100", deep, large[name], "page 1")
    yield _ratio(f"{kind}: oldest month", large["oldest month"], large["list"], "page 1 of the list")
    for name, timed in large.items():
        if name.startswith("search"):
            worst = round(percentile(timed.times, 0.95), 1)
            yield Bar.at_most(f"{kind}: {name}, p95", worst, MOST_SEARCH_MS, "ms")
        elif name.startswith("admin"):
            yield Bar.at_most(f"{kind}: {name}", round(timed.median, 1), MOST_ADMIN_MS, "ms")
        elif name in small and name != "oldest month":  # its month has fewer articles on the small site
            yield _ratio(f"{kind}: {name}", timed, small[name], f"with {SMALL} articles")
    added = round(memory["large"] - memory["small"], 1)
    yield Bar.at_most(f"{kind}: memory that the articles add to a worker", added, MOST_MEMORY_MIB, "MiB")


def _ratio(what, timed, other, of_what):
    ratio = timed.median / other.median
    figure = f"{ratio:.2f} ({timed.median:.1f} and {other.median:.1f} ms)"
    return Bar(what, f"≤ {MOST_RATIO} × {of_what}", figure, ratio <= MOST_RATIO)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database-url", help="of the large site, where it is filled already")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    filled = Site(options.data_dir, options.database_url) if options.database_url else None
    kinds = options.kinds or ("sqlite", "postgresql")
    runs = [run(kind, options.articles, options.rounds, filled) for kind in kinds]
    write_json(options.json, runs)
    return exit_status(runs)


if __name__ == "__main__":
    raise SystemExit(main())
