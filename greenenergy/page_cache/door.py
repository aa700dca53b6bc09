"""Door 1: public pages that were rendered before in this content version, answered from memory without Django.

A view says @public_page. Its answer is kept with the content version that was read before its first
query, and only if that version still stands when it is done; so nobody gets old text after a save.
What the clock will change (publication, expiry, a notice) bounds every page, and five minutes do.

人气 goes on while a page is kept: see page_body.py.
"""

import asyncio
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.http.cookie import parse_cookie
from django.utils import timezone

from greenenergy import content_version
from greenenergy.serving.client_address import TrustedProxies
from greenenergy.site.visitor_choices import CARE_COOKIE, LANGUAGE_COOKIE, is_in_care, language_of

from .body import Body

MAX_SECONDS = 300
MAX_BYTES = 48 * 1024 * 1024  # of compressed pages in one process
MAX_KNOWN = 20_000  # addresses
KNOWN_PARAMETER = "page"  # the only one that a public page may see
_NUMBER = re.compile(r"[0-9]{0,4}")  # another text is answered, and not kept: each would be a page of its own
KEPT = (b"server-timing", b"kept")  # in a browser's tools: this answer came from memory

# What other apps tell: when the clock changes what visitors see.
_next_changes: list[Callable[[datetime], datetime | None]] = []
_next_change, _settled = math.inf, 0.0  # as it was known last; since when what it changed is read anew


def register_next_change(source: Callable[[datetime], datetime | None]) -> None:
    """`source(now)` is the next moment at which something appears or disappears by itself, or None."""
    _next_changes.append(source)


def public_page(view):
    """The same for every visitor of one language and size of text: may be kept. The view sees ?page= and no more."""

    @wraps(view)
    def render(request, *args, **kwargs):
        seen, whole = request.GET, request.META.get("QUERY_STRING", "")
        known = QueryDict(mutable=True)
        if KNOWN_PARAMETER in seen:
            known[KNOWN_PARAMETER] = seen[KNOWN_PARAMETER]
        request.GET, request.META["QUERY_STRING"] = known, known.urlencode()
        request.is_public_page = settings.SESSION_COOKIE_NAME not in request.COOKIES
        request.public_until = 0  # an answer to a database that does not answer is not kept
        try:
            if request.is_public_page:
                # Before the first query: the clock may pass it while we render.
                request.public_until = next_change()
            return view(request, *args, **kwargs)
        finally:
            request.META["QUERY_STRING"] = whole

    return render


class CachePageMiddleware:
    """Around all others: keeps a public page as it leaves, with every header that it got on its way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        version, begun = content_version.current(), time.time()
        response = self.get_response(request)
        body = getattr(request, "page_body", None)
        key = _key_of(request) if body is not None and request.method == "GET" else None
        if key is not None:
            until = min(begun + MAX_SECONDS, request.public_until)
            if (
                response.status_code == 200
                and not response.cookies
                and "CSRF_COOKIE" not in request.META
                and content_version.current() == version
                and until > begun
            ):
                article = getattr(request, "viewed_article_id", None)
                pages.put(key, Page(version, until, response, body, article))
            else:
                pages.tell(key, version)
        return response


def next_change() -> float:
    """Seconds since 1970 until which nothing appears or disappears by itself; 0 where that has just happened.

    What follows the clock is kept for a second (content_version.kept): so long a page may show rows from before.
    """

    def read():
        global _next_change, _settled
        now = timezone.now()
        if _next_change == math.inf:
            # The clock was not watched until now: what is kept may be of before a change.
            content_version.clear_cache()
        elif _next_change <= now.timestamp():
            _settled = time.time() + content_version.KEPT_SECONDS
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)
        moments = [source(now) for source in _next_changes]
        _next_change = min([midnight, *(moment for moment in moments if moment)]).timestamp()
        return _next_change

    moment = content_version.cached("next change", read)
    return moment if time.time() >= _settled else 0


class Page:
    """One kept page. `zipped` and `plain` make its answers."""

    _NOT_KEPT = {"content-length", "content-encoding", "etag", "date", "connection"}

    def __init__(self, version: int, until: float, response, body: Body, article: int | None = None):
        """`article` is the one that is read here, if any."""
        self.version, self.until, self.article = version, until, article
        self._body, self._zipped, self._answer = body, None, None
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in response.items()
            if name.lower() not in self._NOT_KEPT
        ]
        self.headers.append(KEPT)
        self.bytes = len(body) + 6000  # headers, and what Python adds: 12.5 KiB for a page of 6.5, measured

    def zipped(self) -> "Answer":
        zipped = self._body.zipped()
        if zipped is not self._zipped:
            headers = [*self.headers, (b"content-encoding", b"gzip")]
            self._zipped, self._answer = zipped, Answer(headers, *zipped)
        return self._answer

    def plain(self) -> "Answer":
        return Answer(self.headers, *self._body.plain())


class Answer:
    """The bytes of one answer, and its whole header."""

    def __init__(self, headers, tag: bytes, body: bytes):
        self.headers = [*headers, (b"etag", tag), (b"content-length", b"%d" % len(body))]
        self.tag, self.body = tag, body


class Pages:
    """Kept pages of this process, the least used ones thrown out where they are too many."""

    def __init__(self):
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self._kept_once: set[tuple] = set()
        self.on_rendered: dict[tuple, Callable[[int], None]] = {}  # who waits for a page

    def has_kept(self, key) -> bool:
        """Whether this address has had a page that could be kept: then it is worth waiting for one."""
        return key in self._kept_once

    def get(self, key) -> Page | None:
        """The page where it may still be shown."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.version != content_version.current() or page.until <= time.time():
            self._drop(key, page)
            return None
        if self._bytes > MAX_BYTES // 2:  # before that nothing is thrown out, and the order says nothing
            with self._lock:
                if key in self._pages:
                    self._pages.move_to_end(key)
        return page

    def put(self, key, page) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += page.bytes - (old.bytes if old else 0)
            self._pages[key] = page
            while self._bytes > MAX_BYTES:
                _key, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.bytes
            if len(self._kept_once) > MAX_KNOWN:
                self._kept_once.clear()
            self._kept_once.add(key)
        self.tell(key, page.version)

    def tell(self, key, version) -> None:
        """A render of this page that began in that version is done, whether it was kept or not."""
        tell = self.on_rendered.get(key)
        if tell:
            tell(version)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key, page):
        with self._lock:
            if self._pages.get(key) is page:  # and not one that has just been made anew
                del self._pages[key]
                self._bytes -= page.bytes

    def __len__(self):
        return len(self._pages)


pages = Pages()


def _key_of(request):
    """None for a page that is not to be kept."""
    number = request.GET.get(KNOWN_PARAMETER, "")
    if not _NUMBER.fullmatch(number):
        return None
    host = request.META.get("HTTP_HOST", "")
    return (request.scheme, host, request.path, number, language_of(request), is_in_care(request))


def _number_in(query: bytes) -> str | None:
    """The page that is asked for, "" for none; None where a kept page cannot be the answer."""
    if b"page=" not in query and b"%" not in query:  # a name may be written with %
        return ""
    try:
        number = QueryDict(query).get(KNOWN_PARAMETER, "")
    except SuspiciousOperation:
        return None  # too many parameters: Django refuses them
    return number if _NUMBER.fullmatch(number) else None


class _Rendering(NamedTuple):
    """A page that is being made: the version in which that began, and its end."""

    version: int
    done: asyncio.Future


class PageDoor:
    """The ASGI side: answers from the kept pages, and hands everything else on.

    Where a page has just become old, one request makes it anew and the others wait for it, without a thread.
    Nobody waits for a render that began before the last save: its page will not be shown.
    """

    _PASSED_BY = ("/admin/", "/static/", "/media/", "/contact/chat/")
    WAIT_SECONDS = 5
    WAIT_TURNS = 2  # where saves follow so fast that no page stays, each request makes its own

    def __init__(self, trusted_proxies, count_view: Callable[[int, str, str, dict], bool]):
        """`count_view(article, method, address, headers)`: whether the view could be dealt with here."""
        self._proxies = TrustedProxies(trusted_proxies)
        self._count_view = count_view
        self._languages = dict(settings.LANGUAGES)
        self._language, self._session = settings.LANGUAGE_CODE, settings.SESSION_COOKIE_NAME.encode()
        self._rendering: dict[tuple, _Rendering] = {}

    async def __call__(self, scope, receive, send, go_on) -> None:
        headers = dict(scope["headers"])
        key = self._key(scope, headers)
        if key is None:
            return await go_on(scope, receive, send)
        page = pages.get(key)
        if page is None and pages.has_kept(key):
            page = await self._wait_for(key)
        if page is not None and await self.answer(scope, page, headers, send):
            return None
        if self._current_rendering(key):
            return await go_on(scope, receive, send)
        rendering = self._begin(key)
        try:
            return await go_on(scope, receive, send)
        finally:
            self._end(key, rendering)

    def _current_rendering(self, key):
        rendering = self._rendering.get(key)
        return rendering if rendering and rendering.version == content_version.current() else None

    def _begin(self, key):
        loop = asyncio.get_running_loop()
        outdated = self._rendering.get(key)
        if outdated and not outdated.done.done():
            outdated.done.set_result(None)  # who waits for it waits for this one now
        rendering = self._rendering[key] = _Rendering(content_version.current(), loop.create_future())

        def tell(version):
            if version >= rendering.version:  # else an older render of the same page has ended
                loop.call_soon_threadsafe(self._end, key, rendering)

        pages.on_rendered[key] = tell
        return rendering

    def _end(self, key, rendering):
        """Wake up who waits. The answer may still be on its way to a slow reader."""
        if not rendering.done.done():
            rendering.done.set_result(None)
        if self._rendering.get(key) is rendering:
            del self._rendering[key]
            del pages.on_rendered[key]

    async def _wait_for(self, key):
        """The page that another request is making, or None where this one has to make it."""
        for _ in range(self.WAIT_TURNS):
            rendering = self._current_rendering(key)
            if rendering is None:
                return None
            await asyncio.wait([rendering.done], timeout=self.WAIT_SECONDS)
            page = pages.get(key)
            if page is not None:
                return page
        return None

    def _key(self, scope, headers):
        """What the page of this request would be kept under; None where it is not for this door."""
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD") or path.startswith(self._PASSED_BY):
            return None
        if len(headers) < len(scope["headers"]):
            return None  # something was said twice: Django knows what to make of it
        language, care = self._language, False
        cookie = headers.get(b"cookie")
        if cookie:
            if self._session in cookie:
                return None
            if b"language" in cookie or b"care" in cookie:
                cookies = parse_cookie(cookie.decode("latin-1"))
                care = cookies.get(CARE_COOKIE) == "1"
                if cookies.get(LANGUAGE_COOKIE) in self._languages:
                    language = cookies[LANGUAGE_COOKIE]
        query = scope["query_string"]
        number = _number_in(query) if query else ""
        if number is None:
            return None
        scheme = self._proxies.scheme_of(scope, headers)
        return (scheme, headers.get(b"host", b"").decode("latin-1"), path, number, language, care)

    async def answer(self, scope, page, headers, send) -> bool:
        """Answer with this page; False, and nothing sent, where its view has to be counted by Django."""
        if page.article is not None:
            address = self._proxies.ip_of(scope, headers)
            if not self._count_view(page.article, scope["method"], address, headers):
                return False
        answer = page.zipped() if b"gzip" in headers.get(b"accept-encoding", b"") else page.plain()
        wanted = headers.get(b"if-none-match")
        if wanted and (wanted.strip() == b"*" or answer.tag in wanted):
            kept = [(name, value) for name, value in answer.headers if not name.startswith(b"content-")]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return True
        await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})
        return True
