"""The door: one request renders, the others wait for its page; nobody waits for a render that is stale already."""

import asyncio
import threading
import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from greenenergy.content_version.version import bump
from greenenergy.page_cache import PageDoor, public_page
from greenenergy.page_cache.middleware import CachePageMiddleware, FillGapsMiddleware
from greenenergy.page_cache.store import pages

SECONDS = 2  # what a test waits at most: less than the door, which gives up a wait after WAIT_SECONDS


class FakeDjango:
    """Renders by `make`, a coroutine function. Its client is slow: it has read all when `is_read` is set."""

    def __init__(self):
        self.make = None
        self.renders = 0
        self.is_read = asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.renders += 1
        await self.make()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.is_read.wait()


class Readers:
    """Clients that request the door's only page."""

    def __init__(self, door, django):
        self.door, self.django = door, django
        self.asked = 0

    async def ask(self) -> int:
        """The status of the answer."""
        statuses = []

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {
            "type": "http", "method": "GET", "path": "/news/", "query_string": b"", "scheme": "http",
            "client": ("127.0.0.1", 1), "headers": [(b"host", b"testserver"), (b"accept-encoding", b"gzip")],
        }  # fmt: skip
        self.asked += 1
        await self.door(scope, None, send, self.django)
        return statuses[0]

    def ask_soon(self, count) -> list[asyncio.Task]:
        return [asyncio.ensure_future(self.ask()) for _ in range(count)]


async def until(condition):
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110  conditions are plain values
            await asyncio.sleep(0)  # the others run meanwhile


class View:
    """The page as Django renders it, cached where the version stands. `is_slow`: it ends when `may_end` is set."""

    def __init__(self, *, is_slow=False):
        self.begun, self.may_end = threading.Event(), threading.Event()
        if not is_slow:
            self.may_end.set()

    def render(self):
        @public_page
        def view(request):
            self.begun.set()
            assert self.may_end.wait(SECONDS)
            return HttpResponse("<p>page</p>", headers={"Vary": "Cookie"})

        request = RequestFactory().get("/news/", HTTP_HOST="testserver")
        CachePageMiddleware(FillGapsMiddleware(view))(request)

    async def __call__(self):
        await asyncio.to_thread(self.render)


async def never_ends():
    await asyncio.Event().wait()


@pytest.fixture
def readers(settings, monkeypatch):
    """Readers of a page that was cached, and is stale since a save. No change is due by the clock."""
    monkeypatch.setattr("greenenergy.page_cache.decorator.next_change", lambda: time.time() + 60)
    settings.CONTENT_VERSION_FILE.parent.mkdir(parents=True, exist_ok=True)
    View().render()
    bump()
    return Readers(PageDoor((), lambda *arguments: True), FakeDjango())


def test_of_many_requests_at_once_one_waits_for_django_and_the_others_for_its_page(readers):
    """After a save fifty readers come: one render, and the slow line of who began it holds up nobody else."""

    async def fifty_ask():
        view = readers.django.make = View(is_slow=True)
        asking = readers.ask_soon(50)
        await until(lambda: readers.asked == 50)
        view.may_end.set()
        await until(lambda: sum(each.done() for each in asking) == 49)
        readers.django.is_read.set()
        return await asyncio.gather(*asking)

    assert asyncio.run(fifty_ask()) == [200] * 50
    assert readers.django.renders == 1


def test_a_save_during_a_render_costs_one_more_render_and_not_one_for_each_who_waits(readers):
    async def fifty_ask_and_one_saves():
        view = readers.django.make = View(is_slow=True)
        readers.django.is_read.set()
        asking = readers.ask_soon(50)
        await until(lambda: readers.asked == 50 and view.begun.is_set())
        bump()
        view.may_end.set()
        return await asyncio.gather(*asking)

    assert asyncio.run(fifty_ask_and_one_saves()) == [200] * 50
    assert readers.django.renders == 2


def test_after_a_save_nobody_waits_for_a_render_that_began_before_it(readers):
    async def save_and_ask():
        readers.django.is_read.set()
        readers.django.make = never_ends
        [old] = readers.ask_soon(1)
        await until(lambda: readers.django.renders == 1)
        bump()
        readers.django.make = View()
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*readers.ask_soon(10))
        old.cancel()

    asyncio.run(save_and_ask())
    assert readers.django.renders == 2
    assert not readers.door.renders_in_progress
    assert not pages.on_rendered


def test_after_a_save_requests_that_wait_for_an_older_render_wait_for_the_new_one(readers):
    async def save_while_one_waits():
        readers.django.is_read.set()
        readers.django.make = never_ends
        [old] = readers.ask_soon(1)
        await until(lambda: readers.django.renders == 1)
        [waiting] = readers.ask_soon(1)
        await until(lambda: readers.asked == 2)
        bump()
        readers.django.make = View()
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(readers.ask(), waiting)
        old.cancel()

    asyncio.run(save_while_one_waits())
    assert readers.django.renders == 2
