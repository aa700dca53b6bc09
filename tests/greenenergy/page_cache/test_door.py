"""The door: one request renders, the others wait for its page; nobody waits for a render that is stale already."""

import asyncio
import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from greenenergy.content_version.version import bump
from greenenergy.page_cache import PageDoor, public_page
from greenenergy.page_cache.middleware import CachePageMiddleware, FillGapsMiddleware
from greenenergy.page_cache.store import pages


@pytest.fixture
def door(settings):
    """A door whose one page is made by `make`, a coroutine function, in place of Django. `ask()` gives the status."""
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    door = PageDoor((), lambda *arguments: True)
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
    bump()
    return door


def render(seconds=0):
    """The page as Django makes it: kept where the version stands."""

    @public_page
    def view(request):
        time.sleep(seconds)
        return HttpResponse("<p>page</p>", headers={"Vary": "Cookie"})

    request = RequestFactory().get("/news/", HTTP_HOST="testserver")
    CachePageMiddleware(FillGapsMiddleware(view))(request)


@pytest.fixture
def no_changes_by_the_clock(monkeypatch):
    monkeypatch.setattr("greenenergy.page_cache.decorator.next_change", lambda: time.time() + 60)


async def fifty(door, save_after=None):
    """(statuses, seconds until all but the slowest are answered) of fifty who ask at once."""
    begin = time.monotonic()

    async def ask():
        return await door.ask(), time.monotonic() - begin

    asking = [asyncio.ensure_future(ask()) for _ in range(50)]
    if save_after:
        await asyncio.sleep(save_after)
        bump()
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
        bump()
        door.make = lambda: asyncio.to_thread(render)
        begin = time.monotonic()
        await asyncio.gather(*(door.ask() for _ in range(10)))
        seconds = time.monotonic() - begin
        old.cancel()
        return seconds

    assert asyncio.run(save_and_ask()) < 1.5
    assert door.renders == 2
    assert not door.renders_in_progress
    assert not pages.on_rendered


@pytest.mark.usefixtures("no_changes_by_the_clock")
def test_after_a_save_whoever_waits_for_an_older_render_waits_for_the_new_one(door):
    async def save_while_one_waits():
        door.make = lambda: asyncio.sleep(3)
        old = asyncio.ensure_future(door.ask())
        await asyncio.sleep(0.05)
        waiting = asyncio.ensure_future(door.ask())
        await asyncio.sleep(0.05)
        bump()
        door.make = lambda: asyncio.to_thread(render)
        begin = time.monotonic()
        await asyncio.gather(door.ask(), waiting)
        seconds = time.monotonic() - begin
        old.cancel()
        return seconds

    assert asyncio.run(save_while_one_waits()) < 1.5
    assert door.renders == 2
