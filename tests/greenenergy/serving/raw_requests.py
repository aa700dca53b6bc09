"""What the tests on the running gunicorn send: raw requests, an editor's form, many readers at once."""

import http.client
import json
import os
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg2

from tests.servers import wait_for

LIMITS = {"WEB_CONCURRENCY": 1, "REQUEST_THREADS": 2, "REQUEST_WAIT_SECONDS": 2, "STATEMENT_SECONDS": 3}
SECTION_AND_ARTICLE = (
    "from greenenergy.models import Section; from news.models import Article; "
    "section = Section.objects.create(name='行业资讯'); "
    "article = Article.objects.create(title='人气', section=section, status='published', body='<p>好</p>'); "
)


def make_article(site):
    """The path of a new article of a site."""
    return site.shell(SECTION_AND_ARTICLE + "print(article.get_absolute_url())")


class Editor:
    """A logged-in editor of a site, and the body of a form that adds an article."""

    CODE = SECTION_AND_ARTICLE + (
        "from django.contrib.auth.models import User; from django.test import Client; from django.conf import settings; "
        "import json; client = Client(); client.force_login(User.objects.create_superuser('editor')); "
        "print(json.dumps([client.cookies['sessionid'].value, section.pk]))"
    )
    TOKEN = "t" * 32

    def __init__(self, site):
        session, self.section = json.loads(site.shell(self.CODE))
        self.site = site
        self.head = (
            f"POST /admin/news/article/add/ HTTP/1.1\r\nHost: {site.host}\r\n"
            f"Cookie: sessionid={session}; csrftoken={self.TOKEN}\r\nOrigin: {site.address}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        )

    def form(self, title):
        """The title is first and the body last: half of the form would make an article with half a body."""
        fields = {
            "csrfmiddlewaretoken": self.TOKEN,
            "title": title,
            "section": self.section,
            "status": "draft",
            "initial_views": 0,
            "attachments-TOTAL_FORMS": 0,
            "attachments-INITIAL_FORMS": 0,
            "body": "<p>" + "能" * 20_000 + "</p>",
        }
        return urlencode(fields).encode()

    def count(self, title):
        return int(
            self.site.shell(
                f"from news.models import Article; print(Article.objects.filter(title='{title}').count())"
            )
        )


def send(site, *pieces):
    connection = site.connect()
    for piece in pieces:
        connection.sendall(piece)
    return connection


def status_of(connection):
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


@contextmanager
def locked_articles(site):
    """On PostgreSQL: every query on articles hangs meanwhile. Yields a function that waits until so many do."""
    url = site.environment["DATABASE_URL"]
    with closing(psycopg2.connect(url)) as lock, closing(psycopg2.connect(url)) as observer:
        lock.cursor().execute("LOCK TABLE news_article IN ACCESS EXCLUSIVE MODE")
        observer.autocommit = True  # in a transaction pg_stat_activity would not change
        cursor = observer.cursor()

        def hang(count):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cursor.fetchone()[0] >= count

        yield lambda count: wait_for(lambda: hang(count))


def let_the_server_read(site):
    """Return once the event loop has seen everything that was sent to it, or closed, until now."""
    for _ in range(2):
        assert site.get("/healthz").status == 200


def get_at_once(site, path, count):
    answers = [None] * count

    def ask(number):
        start = time.monotonic()
        response = site.get(path)
        answers[number] = (response, time.monotonic() - start)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads, answers


def large_file(site, size=3 * 1024**3):
    """A file with holes: large to read, small on disk; its last bytes are known."""
    path = Path(site.data_dir) / "media" / "large.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(size - 4)
        file.seek(0, os.SEEK_END)
        file.write(b"last")
    return "/media/large.mp4"


def memory(pid):
    """Resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
