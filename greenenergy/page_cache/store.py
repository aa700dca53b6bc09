"""The cached pages of one process, compressed, bounded in bytes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.http import HttpResponse

from greenenergy import content_version

from .body import Body, Compressed
from .key import PageKey

MAX_SECONDS = 300  # no page is cached for longer
MAX_BYTES = 48 * 1024 * 1024  # of compressed pages
MAX_KNOWN_KEYS = 20_000
# Headers, and Python's own objects: a cached page of 6.5 KiB takes 12.5 KiB, measured.
OVERHEAD_BYTES = 6000
# Shown by the browser's developer tools: this answer came from the page cache.
CACHED = (b"server-timing", b"kept")

Headers = list[tuple[bytes, bytes]]


class Answer:
    """Body and headers of one answer, ready to be sent."""

    def __init__(self, headers: Headers, etag: bytes, body: bytes):
        self.headers = [*headers, (b"etag", etag), (b"content-length", b"%d" % len(body))]
        self.etag, self.body = etag, body


class CachedPage:
    """One page: valid in one content version, until a moment (Unix seconds)."""

    _NOT_CACHED = {"content-length", "content-encoding", "etag", "date", "connection"}

    def __init__(
        self, version: int, until: float, response: HttpResponse, body: Body, subject: int | None = None
    ):
        """`subject` is the primary key of the object whose views are counted; None if the page counts none."""
        self.version, self.until, self.subject = version, until, subject
        self._body = body
        self._compressed: Compressed | None = None
        self._answer: Answer | None = None
        self.headers: Headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in response.items()
            if name.lower() not in self._NOT_CACHED
        ]
        self.headers.append(CACHED)
        self.bytes = len(body) + OVERHEAD_BYTES

    def compressed(self) -> Answer:
        """Under gzip. The same object until a view count of the page has changed."""
        compressed = self._body.compressed()
        if self._answer is None or compressed is not self._compressed:
            self._compressed = compressed
            self._answer = Answer([*self.headers, (b"content-encoding", b"gzip")], *compressed)
        return self._answer

    def plain(self) -> Answer:
        """For the few clients that accept no gzip."""
        return Answer(self.headers, *self._body.plain())


class PageStore:
    """Cached pages by key; beyond MAX_BYTES the least recently used are evicted. Safe for threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, CachedPage] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0  # of all pages
        self._known_keys: set[PageKey] = set()
        # Called with the content version in which a finished render began.
        self.on_rendered: dict[PageKey, Callable[[int], None]] = {}

    def was_cached(self, key: PageKey) -> bool:
        """Whether this key has had a page that could be cached: then another request's render is worth waiting for."""
        return key in self._known_keys

    def get(self, key: PageKey) -> CachedPage | None:
        """The page, where it is still valid."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.version != content_version.current() or page.until <= time.time():
            self._drop(key, page)
            return None
        if self.bytes > MAX_BYTES // 2:  # below that nothing is evicted soon, and the order does not matter
            with self._lock:
                if key in self._pages:
                    self._pages.move_to_end(key)
        return page

    def put(self, key: PageKey, page: CachedPage) -> None:
        with self._lock:
            replaced = self._pages.pop(key, None)
            self.bytes += page.bytes - (replaced.bytes if replaced else 0)
            self._pages[key] = page
            while self.bytes > MAX_BYTES:
                _key, evicted = self._pages.popitem(last=False)
                self.bytes -= evicted.bytes
            if len(self._known_keys) > MAX_KNOWN_KEYS:
                self._known_keys.clear()
            self._known_keys.add(key)
        self.notify(key, page.version)

    def notify(self, key: PageKey, version: int) -> None:
        """A render of this page that began in that version has finished, whether it was cached or not."""
        callback = self.on_rendered.get(key)
        if callback:
            callback(version)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._known_keys.clear()
            self.bytes = 0

    def _drop(self, key: PageKey, page: CachedPage) -> None:
        with self._lock:
            if self._pages.get(key) is page:  # not one that was put there meanwhile
                del self._pages[key]
                self.bytes -= page.bytes

    def __len__(self) -> int:
        return len(self._pages)


pages = PageStore()
