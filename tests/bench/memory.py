"""What a thousand pages in the page cache cost each worker.

    python -m tests.bench.memory [--pages 1000] [KIND …]

Every page is rendered once without being cached; then memory is measured, and the pages are read until every worker has
cached them.
"""

import itertools

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.load import request_bytes
from tests.bench.pages import GZIP, PERSON
from tests.bench.readers import fetch, page_request
from tests.bench.sites import fresh_site, written_kib
from tests.bench.workers import connect_to_every_worker
from tests.servers import wait_for

WORKERS = 2
MOST_MIB = 30
SESSION = ("Cookie", "sessionid=" + "s" * 32)  # of nobody; pages for a session are not cached

PATHS = """
from news.models import Article
for article in Article.objects.published().order_by("-pk")[:{count}]:
    print(article.get_absolute_url())
"""


def run(kind: str, pages: int = 1000) -> dict:
    with fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content", "--articles", str(pages))
        paths = site.shell(PATHS.format(count=pages)).split()
        site.start()
        clients = connect_to_every_worker(site)
        _render_uncached(site, clients, paths)
        before = [written_kib(worker) for worker in site.workers()]
        _read_until_cached(site, clients, paths)
        after = [written_kib(worker) for worker in site.workers()]
        for client in clients:
            client.close()
    added = [(late - early) / 1024 for early, late in zip(before, after, strict=True)]
    bar = Bar(
        f"memory of {pages} pages in the page cache",
        f"≤ {MOST_MIB} MiB a worker",
        f"{' and '.join(f'{mib:.1f}' for mib in added)} MiB (on {before[0] / 1024:.0f} MiB)",
        max(added) <= MOST_MIB,
    )
    return {"MiB": added, "bars": [bar]}


def _render_uncached(site, clients, paths):
    """Let Django, its threads, the allocator and the database's cache allocate before the measurement."""
    for path, client in zip(paths, itertools.cycle(clients), strict=False):
        fetch(client, request_bytes(site.host, path, (PERSON, GZIP, SESSION)))


def _read_until_cached(site, clients, paths):
    """Request every page on every connection until the answers on all of them come from the workers' caches."""
    for path in paths:
        request = page_request(site.host, path)
        for client in clients:
            fetch(client, request)
        wait_for(lambda request=request: all(_is_cached(fetch(client, request)) for client in clients), 30)
    cached = [
        _is_cached(fetch(client, page_request(site.host, path))) for path in paths for client in clients
    ]
    assert all(cached), f"{cached.count(False)} of {len(cached)} answers were evicted before the end"


def _is_cached(answer):
    return b"\r\nserver-timing: kept" in answer.partition(b"\r\n\r\n")[0].lower()


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, pages=1000))
