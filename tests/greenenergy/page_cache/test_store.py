"""The store: bounded in bytes, whatever is cached."""

import secrets
import time

from django.http import HttpResponse

from greenenergy.page_cache import store
from greenenergy.page_cache.body import Body
from greenenergy.page_cache.key import PageKey
from greenenergy.page_cache.store import CachedPage, PageStore
from greenenergy.page_cache.variants import Variant


def test_the_cached_pages_are_bounded_in_bytes(monkeypatch):
    monkeypatch.setattr(store, "MAX_BYTES", 100_000)
    pages = PageStore()
    for number in range(100):
        page = CachedPage(0, time.time() + 60, HttpResponse(), Body(secrets.token_bytes(3000)))
        pages.put(PageKey("http", "testserver", f"/{number}/", "", Variant("zh-hans", False)), page)
    assert 5 < len(pages) < 40
    assert pages.bytes <= 100_000
