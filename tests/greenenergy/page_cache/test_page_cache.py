"""Door 1: ready pages from memory. Never old after a save, never another's, never without its view counted."""

import asyncio
import gzip
import math
import re
import secrets
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from greenenergy.content_version import version as content_version
from greenenergy.page_cache import body as page_body
from greenenergy.page_cache import door as page_cache
from tests.servers import execute_on_postgresql, wait_for

pytestmark = pytest.mark.server

FILL = """
from django.utils import timezone
from contact.models import Channel
from greenenergy.models import Section, SiteSettings
from news.models import Article
SiteSettings(company_name="绿源").save()
section = Section.objects.create(name="行业资讯", slug="industry")
article = Article.objects.create(title="旧标题", section=section, status="published", published_at=timezone.now(),
    body="<p>正文。</p>" * 30, initial_views=100)
from news.models import Tag
article.tags.set(Tag.objects.for_names(["光伏"]))
print(article.pk)
"""
PERSON = {"User_Agent": "Mozilla/5.0 (Linux; Android 13) Mobile", "Accept_Encoding": "gzip"}


@pytest.fixture
def site(make_site, database_kind):
    site = make_site(database_kind)
    site.article = f"/news/{site.shell(FILL)}/"
    return site


def read(site, path, **headers):
    response = site.get(path, **{**PERSON, **headers})
    body = response.body
    response.text = (
        gzip.decompress(body) if response.getheader("Content-Encoding") == "gzip" else body
    ).decode()
    return response


def is_ready(response):
    """Whether door 1 has answered."""
    return response.getheader("Server-Timing") == "kept"


def read_until_ready(site, path, **headers):
    """Asked until every worker has kept the page."""
    in_a_row = 0

    def ready():
        nonlocal in_a_row
        in_a_row = in_a_row + 1 if is_ready(read(site, path, **headers)) else 0
        return in_a_row >= 12

    wait_for(ready)
    return read(site, path, **headers)


def views(site):
    return int(re.search(r'views__number">(\d+)<', read(site, site.article, User_Agent="a bot").text)[1])


@pytest.mark.parametrize(
    "path", ["/", "/news/", "/news/industry/", "/news/tags/%E5%85%89%E4%BC%8F/", "/news/archive/"]
)
def test_a_public_page_is_kept_and_the_same_as_from_django(site, path):
    first = read(site, path)
    ready = read_until_ready(site, path)
    assert ready.text == first.text
    own = {"date", "connection", "transfer-encoding", "server-timing"}
    names = {name.lower(): value for name, value in first.getheaders() if name.lower() not in own}
    assert {name.lower(): value for name, value in ready.getheaders() if name.lower() not in own} == names


def test_the_request_after_a_save_sees_the_new_text_in_every_worker(site):
    assert "旧标题" in read_until_ready(site, site.article).text
    assert "旧标题" in read_until_ready(site, "/news/").text
    for turn in range(5):
        site.shell(
            f"from news.models import Article; a = Article.objects.get(); a.title = '标题{turn}'; a.save()"
        )
        for path in (site.article, "/news/", "/"):
            for _ in range(8):
                assert f"标题{turn}" in read(site, path).text
    site.shell("from news.models import Article; Article.objects.update(title='成批改的')")
    assert all("成批改的" in read(site, site.article).text for _ in range(8))
    site.shell("from news.models import Article; Article.objects.get().delete()")
    assert all(read(site, site.article).status == 410 for _ in range(8))
    site.shell(
        "from contact.models import Channel; Channel.objects.create(kind='hotline', value='400-123-4567')"
    )
    assert all("400-123-4567" in read(site, "/news/").text for _ in range(8))


def test_a_change_that_no_file_tells_of_is_seen_within_a_second(site):
    """Another machine has saved, or the process died between its commit and the touch."""
    read_until_ready(site, site.article)
    change = "INSERT INTO greenenergy_contentchange (machine, is_pending, created_at) VALUES ('another', {}, '2026-01-01')"
    rename = "UPDATE news_article SET title = '别的机器改的'"
    if site.environment["DATABASE_URL"].startswith("sqlite"):
        site.shell(
            f"from django.db import connection; c = connection.cursor(); c.execute({rename!r}); c.execute({change.format(0)!r})"
        )
    else:
        execute_on_postgresql(f"{rename}; {change.format('false')}", site.environment["DATABASE_URL"])
    wait_for(lambda: all("别的机器改的" in read(site, site.article).text for _ in range(6)), 2)


def test_a_scheduled_article_appears_on_the_second_and_an_expiring_one_goes(site):
    number = site.shell(
        "from datetime import timedelta; from django.utils import timezone; from news.models import Article; "
        "from greenenergy.models import Section; moment = timezone.now() + timedelta(seconds=6); "
        "a = Article.objects.create(title='定时的', section=Section.objects.get(), status='published', body='<p>x</p>', "
        "published_at=moment, expires_at=moment + timedelta(seconds=4)); print(a.pk, moment.timestamp())"
    )
    pk, moment = number.split()
    moment = float(moment)
    read_until_ready(site, "/news/")
    looks = 0
    while True:
        page, listing = read(site, f"/news/{pk}/"), read(site, "/news/")
        if time.time() >= moment:  # asked before, answered after: both would be right
            break
        assert page.status == 404
        assert "定时的" not in listing.text
        looks += 1
        time.sleep(0.02)
    assert looks > 20
    time.sleep(max(0, moment + 0.02 - time.time()))
    for _ in range(8):
        assert "定时的" in read(site, "/news/").text
        assert read(site, f"/news/{pk}/").status == 200
    time.sleep(max(0, moment + 4.02 - time.time()))
    for _ in range(8):
        assert "定时的" not in read(site, "/news/").text
        assert read(site, f"/news/{pk}/").status == 410


def test_each_language_and_size_of_text_has_its_own(site):
    plain = read_until_ready(site, "/news/")
    english = read_until_ready(site, "/news/", Cookie="language=en")
    care = read_until_ready(site, "/news/", Cookie="care=1")
    assert '<html lang="en"' in english.text
    assert '<html lang="zh-Hans"' in plain.text
    assert 'class="care"' in care.text
    assert 'class="care"' not in plain.text
    assert "Cookie" in plain.getheader("Vary")
    assert "Accept-Encoding" in plain.getheader("Vary")
    assert read(site, "/news/", Cookie="language=xx; care=2; chat=abc; other=1").text == plain.text


def test_what_a_page_does_not_know_is_not_in_it(site):
    read_until_ready(site, "/news/")
    response = read(site, "/news/?utm_source=%3Cscript%3Eevil&secret=1")
    assert is_ready(response)
    assert "evil" not in response.text
    assert read(site, "/news/?page=99").status == 404
    assert read(site, "/news/?page=1").text.count("旧标题") >= 1
    poisoned = read(site, "/news/archive/?utm_source=evil")
    assert "evil" not in poisoned.text
    assert "evil" not in read(site, "/news/archive/").text


def test_sessions_forms_searches_and_posts_pass_by(site):
    for path in ("/contact/", "/search/?q=%E6%A0%87", "/no/such/page/", "/news/feed/"):
        for _ in range(6):
            assert not is_ready(read(site, path))
    read_until_ready(site, "/news/")
    assert not is_ready(read(site, "/news/", Cookie="sessionid=abc"))
    assert read(site, "/news/", method="POST").status == 403
    assert read(site, "/news/", Host="evil.example").status == 400
    assert not is_ready(read(site, "/news/", Host="evil.example"))


def test_head_and_304_and_no_gzip(site):
    ready = read_until_ready(site, "/news/")
    tag = ready.getheader("ETag")
    head = site.get("/news/", method="HEAD", **PERSON)
    assert head.body == b""
    assert head.getheader("ETag") == tag
    assert head.getheader("Content-Length") == ready.getheader("Content-Length")
    for wanted in (tag, f'W/{tag}, "x"', "*"):
        unchanged = read(site, "/news/", If_None_Match=wanted)
        assert unchanged.status == 304
        assert unchanged.body == b""
        assert unchanged.getheader("ETag") == tag
    plain = read(site, "/news/", Accept_Encoding="identity")
    assert plain.getheader("Content-Encoding") is None
    assert plain.text == ready.text
    assert plain.getheader("ETag") == tag.replace("-gzip", "")


def test_a_first_render_without_compression_is_whole(site):
    for _ in range(6):
        response = read(
            site, site.article, Accept_Encoding="identity", User_Agent="a bot", X_Forwarded_For="192.0.2.1"
        )
        assert int(response.getheader("Content-Length")) == len(response.body)
        assert response.text.rstrip().endswith("</html>")
        assert "\x02" not in response.text
        site.shell("from greenenergy.content_version import content_changed; content_changed()")


def test_views_are_counted_shown_soon_and_never_fall(site):
    read_until_ready(site, site.article, User_Agent="Googlebot")
    before = views(site)
    tag = read(site, site.article, User_Agent="Googlebot").getheader("ETag")
    for number in range(1, 21):
        assert is_ready(read(site, site.article, source=f"127.0.1.{number}"))
    read(site, site.article, source="127.0.1.1")  # again in the same half-hour
    read(site, site.article, source="127.0.2.1", method="HEAD")
    read(site, site.article, source="127.0.2.2", Sec_Purpose="prefetch")
    read(site, site.article, source="127.0.2.3", User_Agent="Baiduspider")
    assert read(site, site.article, source="127.0.1.99", If_None_Match=tag).status in (200, 304)
    shown = [before]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and shown[-1] < before + 21:
        shown.append(views(site))
        time.sleep(0.05)
    assert shown == sorted(shown)
    assert shown[-1] == before + 21
    for _ in range(5):
        time.sleep(0.5)
        assert views(site) == before + 21


@pytest.fixture
def door(settings):
    """A door whose one page is made by `make`, a coroutine function, in place of Django. `ask()` gives the status."""
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    door = page_cache.PageDoor((), lambda *arguments: True)
    scope = {"type": "http", "method": "GET", "path": "/news/", "query_string": b"", "scheme": "http"}
    scope["client"] = ("127.0.0.1", 1)
    scope["headers"] = [(b"host", b"testserver"), (b"accept-encoding", b"gzip")]
    door.renders = 0

    async def django(scope, receive, send):
        door.renders += 1
        await door.make()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.5)  # a reader on a slow line does not hold up the others

    async def ask():
        statuses = []

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await door(scope, None, send, django)
        return statuses[0]

    door.ask = ask
    render()  # it is known that this page can be kept
    content_version._raise()
    return door


def render(seconds=0):
    """The page as Django makes it: kept where the version stands."""

    @page_cache.public_page
    def view(request):
        time.sleep(seconds)
        return HttpResponse("<p>page</p>", headers={"Vary": "Cookie"})

    request = RequestFactory().get("/news/", HTTP_HOST="testserver")
    page_cache.CachePageMiddleware(page_body.FillGapsMiddleware(view))(request)


@pytest.fixture
def no_changes_by_the_clock(monkeypatch):
    monkeypatch.setattr(page_cache, "next_change", lambda: time.time() + 60)


async def fifty(door, save_after=None):
    """(statuses, seconds until all but the slowest are answered) of fifty who ask at once."""
    begin = time.monotonic()

    async def ask():
        return await door.ask(), time.monotonic() - begin

    asking = [asyncio.ensure_future(ask()) for _ in range(50)]
    if save_after:
        await asyncio.sleep(save_after)
        content_version._raise()
    statuses, seconds = zip(*await asyncio.gather(*asking), strict=True)
    return statuses, sorted(seconds)[-2]


@pytest.mark.usefixtures("no_changes_by_the_clock")
def test_of_many_who_ask_at_once_one_waits_for_django_and_the_others_for_its_page(door):
    """After a save fifty readers come: one render."""
    door.make = lambda: asyncio.to_thread(render, 0.05)
    statuses, seconds = asyncio.run(fifty(door))
    assert statuses == (200,) * 50
    assert door.renders == 1
    assert seconds < 0.4


@pytest.mark.usefixtures("no_changes_by_the_clock")
def test_a_save_during_a_render_costs_one_more_render_and_not_one_for_each_who_waits(door):
    door.make = lambda: asyncio.to_thread(render, 0.1)
    statuses, _seconds = asyncio.run(fifty(door, save_after=0.05))
    assert statuses == (200,) * 50
    assert door.renders == 2


@pytest.mark.usefixtures("no_changes_by_the_clock")
def test_after_a_save_nobody_waits_for_a_render_that_began_before_it(door):
    async def save_and_ask():
        door.make = lambda: asyncio.sleep(2)
        old = asyncio.ensure_future(door.ask())
        await asyncio.sleep(0.05)
        content_version._raise()
        door.make = lambda: asyncio.to_thread(render)
        begin = time.monotonic()
        await asyncio.gather(*(door.ask() for _ in range(10)))
        seconds = time.monotonic() - begin
        old.cancel()
        return seconds

    assert asyncio.run(save_and_ask()) < 1.5
    assert door.renders == 2
    assert not door._rendering
    assert not page_cache.pages.on_rendered


@pytest.mark.usefixtures("no_changes_by_the_clock")
def test_after_a_save_whoever_waits_for_an_older_render_waits_for_the_new_one(door):
    async def save_while_one_waits():
        door.make = lambda: asyncio.sleep(3)
        old = asyncio.ensure_future(door.ask())
        await asyncio.sleep(0.05)
        waiting = asyncio.ensure_future(door.ask())
        await asyncio.sleep(0.05)
        content_version._raise()
        door.make = lambda: asyncio.to_thread(render)
        begin = time.monotonic()
        await asyncio.gather(door.ask(), waiting)
        seconds = time.monotonic() - begin
        old.cancel()
        return seconds

    assert asyncio.run(save_while_one_waits()) < 1.5
    assert door.renders == 2


@pytest.mark.parametrize("number", ["12345", "x" * 8000, "-1", "１"])
def test_a_page_that_is_none_is_not_kept(client, db, number):
    """A front page answers whatever number is asked for: each text would be a page of its own."""
    before = len(page_cache.pages), len(page_cache.pages._kept_once)
    assert client.get("/", {"page": number}).status_code == 200
    assert (len(page_cache.pages), len(page_cache.pages._kept_once)) == before
    assert client.get("/", {"page": "2"}).status_code == 200
    assert len(page_cache.pages) == before[0] + 1


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (b"", ""),
        (b"page=3", "3"),
        (b"from=%E5%BE%AE%E4%BF%A1&page=3", "3"),
        (b"p%61ge=3", "3"),  # Django would show page 3
        (b"page=3&page=4", "4"),
        (b"page=x", None),
        (b"page=" + b"1" * 5, None),
        (b"page=1" + b"&a" * 20_000, None),  # Django answers 400
    ],
)
def test_the_door_reads_the_page_as_django_does(query, number):
    assert page_cache._number_in(query) == number


def test_the_kept_pages_are_bounded(settings, monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_BYTES", 100_000)
    pages = page_cache.Pages()
    for number in range(100):
        body = page_body.Body(secrets.token_bytes(3000))
        pages.put((number,), page_cache.Page(0, time.time() + 60, HttpResponse(), body))
    assert 5 < len(pages) < 40
    assert pages._bytes <= 100_000


def test_a_page_whose_render_passes_the_next_change_is_not_kept(settings, monkeypatch):
    """The list was asked for a moment before an article was due, and is ready a moment after."""
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(content_version, "KEPT_SECONDS", 0)  # what was asked a moment ago does not help
    due = timezone.now() + timedelta(seconds=0.2)
    monkeypatch.setattr(page_cache, "_next_changes", [lambda now: due if now < due else None])
    request = RequestFactory().get("/news/", HTTP_HOST="testserver")

    @page_cache.public_page
    def slow_list(request):
        time.sleep(0.4)
        return HttpResponse("<p>without the article</p>")

    page_cache.CachePageMiddleware(page_body.FillGapsMiddleware(slow_list))(request)
    assert page_cache.pages.get(page_cache._key_of(request)) is None


def test_rows_of_before_a_change_by_the_clock_are_in_no_page_that_is_kept(settings, monkeypatch):
    """What follows the clock is kept for a second, and when the next change is, too: each from its own moment on."""
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    begin = time.time()
    due = begin + 0.8
    change = datetime.fromtimestamp(due, UTC)
    monkeypatch.setattr(page_cache, "_next_changes", [lambda now: change if now < change else None])
    monkeypatch.setattr(page_cache, "_next_change", math.inf)
    monkeypatch.setattr(page_cache, "_settled", 0)
    request = RequestFactory().get("/news/", HTTP_HOST="testserver")

    @page_cache.public_page
    def view(request):
        time.sleep(max(0, view.wait_until - time.time()))
        text = content_version.cached("banner", lambda: b"old" if time.time() < due else b"new")
        return HttpResponse(text)

    def ask(wait_until):
        view.wait_until = wait_until
        page_cache.CachePageMiddleware(page_body.FillGapsMiddleware(view))(request)
        page = page_cache.pages.get(page_cache._key_of(request))
        return page and page.plain().body

    assert ask(begin + 0.7) == b"old"  # asked for the next change at 0, for the banner at 0.7
    time.sleep(1.1 - (time.time() - begin))
    assert ask(0) is None  # the next change is asked for anew, the banner not yet
    time.sleep(1.1)
    assert ask(0) == b"new"


def test_what_was_kept_before_the_clock_was_watched_is_read_anew(settings, monkeypatch):
    """A worker has just begun: a session's page has read a banner, which the clock changes before the first other page."""
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(page_cache, "_next_changes", [])
    monkeypatch.setattr(page_cache, "_next_change", math.inf)
    assert content_version.cached("banner", lambda: "before") == "before"
    page_cache.next_change()
    assert content_version.cached("banner", lambda: "after") == "after"
