"""No cached page outlives a change by the clock."""

import time
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from greenenergy.content_version import cached
from greenenergy.content_version.clock import SiteClock
from greenenergy.page_cache import public_page
from greenenergy.page_cache.key import key_of_request
from greenenergy.page_cache.middleware import CachePageMiddleware, FillGapsMiddleware
from greenenergy.page_cache.store import pages

BEGIN = 1_800_000_000.0  # Unix seconds


class Now:
    """The current time of all modules."""

    def __init__(self):
        self.seconds = BEGIN

    def at(self, seconds):
        self.seconds = BEGIN + seconds


@pytest.fixture
def now(monkeypatch):
    now = Now()
    monkeypatch.setattr(time, "time", lambda: now.seconds)
    monkeypatch.setattr(time, "monotonic", lambda: now.seconds)
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(now.seconds, UTC))
    return now


@pytest.fixture
def site_clock(monkeypatch):
    """A clock with no sources but the test's own."""
    site_clock = SiteClock()
    monkeypatch.setattr("greenenergy.page_cache.decorator.next_change", site_clock.next_change)
    return site_clock


def due_at(seconds):
    moment = datetime.fromtimestamp(BEGIN + seconds, UTC)
    return lambda now: moment if now < moment else None


def render(view):
    """The page as it was cached, or None."""
    request = RequestFactory().get("/news/", HTTP_HOST="testserver")
    CachePageMiddleware(FillGapsMiddleware(public_page(view)))(request)
    page = pages.get(key_of_request(request))
    return page and page.plain().body


def test_a_page_whose_render_passes_the_next_change_is_not_cached(now, site_clock):
    """The list was queried a moment before an article was due, and is ready a moment after."""
    site_clock.register(due_at(0.2))

    def slow_list(request):
        now.at(0.4)
        return HttpResponse("<p>without the article</p>")

    assert render(slow_list) is None


def test_rows_of_before_a_change_by_the_clock_are_in_no_page_that_outlives_it(now, site_clock):
    """What follows the clock is cached for a second, and so is the next change: each from its own moment on."""
    site_clock.register(due_at(0.8))

    def banner(request):
        return HttpResponse(cached("banner", lambda: b"old" if now.seconds < BEGIN + 0.8 else b"new"))

    def banner_after_a_while(request):
        now.at(0.7)
        return banner(request)

    assert render(banner_after_a_while) == b"old"  # the next change was loaded at 0, the banner at 0.7
    now.at(1.1)
    assert render(banner) is None  # the next change is loaded again, the banner not yet
    now.at(2.2)
    assert render(banner) == b"new"


def test_what_was_cached_before_the_clock_was_watched_is_loaded_again(now, site_clock):
    """A new worker: a page with a session has cached a banner, which the clock changes before the first public page."""
    assert cached("banner", lambda: "before") == "before"
    site_clock.next_change()
    assert cached("banner", lambda: "after") == "after"


def test_midnight_is_a_change_for_everybody(now, site_clock):
    """年 in the footer, 今天 in a list: Beijing's midnight bounds every page."""
    midnight = timezone.localtime(datetime.fromtimestamp(site_clock.next_change(), UTC))
    assert (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0)
    assert 0 < midnight.timestamp() - BEGIN <= 24 * 3600
