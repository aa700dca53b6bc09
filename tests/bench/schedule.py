"""A scheduled article through the page cache: not there before its second, there in every worker after it.

    python -m tests.bench.schedule [--articles 5] [KIND …]

Its own page and the list, which is cached, are read all the time over keep-alive connections to each worker.
"""

import gzip
import time

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.readers import page_request
from tests.bench.sites import fresh_site
from tests.bench.workers import connect_to_every_worker

WORKERS, MOST_SECONDS = 2, 1

SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from greenenergy.models import Section
from news.models import Article
due = timezone.now().replace(microsecond=0) + timedelta(seconds=4)
article = Article.objects.create(title=f"到点出现的文章 {due:%H%M%S}", section=Section.objects.lists()[0], body="<p>到点。</p>",
    status="published", published_at=due)
print(article.pk, due.timestamp(), due.strftime("%H%M%S"))
"""


def run(kind: str, articles: int = 5) -> dict:
    # By connection and page, in seconds after the due moment: the first answer with the article, the last one without it.
    shown, missing = [], []
    with fresh_site(kind, WEB_CONCURRENCY=WORKERS, VIEWS_PER_ADDRESS=100_000) as site:
        site.manage("demo_content")
        site.start()
        clients = connect_to_every_worker(site)
        for _ in range(articles):
            pk, due, name = site.shell(SCHEDULE).split()
            seen = _watch(site, clients, f"/news/{pk}/", f"到点出现的文章 {name}".encode(), float(due))
            for answers in seen.values():
                shown.append(min(moment for moment, is_there in answers if is_there))
                missing.append(max(moment for moment, is_there in answers if not is_there))
        for client in clients:
            client.close()
    bars = [
        Bar(
            "a scheduled article is shown first",
            "not before its moment",
            f"{min(shown):+.2f} s",
            min(shown) >= 0,
        ),
        Bar.at_most("and is missing last, in any worker", round(max(missing), 2) + 0.0, MOST_SECONDS, "s"),
    ]
    return {"first shown": shown, "last missing": missing, "bars": bars}


def _watch(site, clients, path, title, due):
    """{(connection, page): [(seconds after the due moment, whether the article was there)]}"""
    seen = {}
    while time.time() < due + 2:
        for client in clients:
            for page in (path, "/news/"):
                begun = time.time()
                body = _read(client, page_request(site.host, page))
                is_there = title in body
                # With the article the end of the answer counts; without it the start of the request, since a page
                # that was made before the due moment may arrive after it.
                moment = (time.time() if is_there else begun) - due
                seen.setdefault((client, page), []).append((moment, is_there))
        time.sleep(0.02)
    return seen


def _read(client, request):
    """The body of the answer, whatever its status."""
    client.sendall(request)
    answer = bytearray()
    while b"\r\n\r\n" not in answer:
        answer += client.recv(65536)
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += client.recv(65536)
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, articles=5))
