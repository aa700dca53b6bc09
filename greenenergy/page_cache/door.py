"""Door 1: valid cached pages, answered on the event loop without waking Django."""

import asyncio
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from greenenergy import content_version
from greenenergy.serving.asgi_types import Application, Receive, Scope, Send
from greenenergy.serving.client_address import TrustedProxies
from greenenergy.serving.compression import accepts_gzip
from greenenergy.serving.public_host import own_url

from .key import PageKey, page_number_in
from .store import CachedPage, pages
from .variants import VariantOfCookie


@lru_cache(256)
def _accepts_gzip(header: bytes) -> bool:
    return accepts_gzip(header.decode("latin-1"))


CountView = Callable[[int, str, str, dict[bytes, bytes]], bool]


class _Render(NamedTuple):
    """A render in progress: the content version in which it began, and a future that is done when it ends."""

    version: int
    done: asyncio.Future[None]


class PageDoor:
    """The ASGI side of the page cache: answers from cached pages, and passes every other request on.

    When a page has just become stale, one request renders it and the others wait, without holding a thread. Nobody
    waits for a render that began before the last save: its page will not be cached.
    """

    _BYPASSED = ("/admin/", "/static/", "/media/", "/contact/chat/")
    WAIT_SECONDS = 5
    # Renders that a request waits for. If saves have made each of them stale, it renders its own.
    WAIT_TURNS = 2

    def __init__(self, trusted_proxies: Iterable[str], count_view: CountView):
        """`count_view(subject, method, ip, headers)` returns whether the view could be counted without Django."""
        self._proxies = TrustedProxies(trusted_proxies)
        self._count_view = count_view
        self._variant_of_cookie = VariantOfCookie()
        self._session_cookie = settings.SESSION_COOKIE_NAME.encode()
        self.renders_in_progress: dict[PageKey, _Render] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send, django: Application) -> None:
        headers = dict(scope["headers"])
        key = self._key(scope, headers)
        if key is None:
            return await django(scope, receive, send)
        page = pages.get(key)
        if page is None and pages.was_cached(key):
            page = await self._wait_for(key)
        if page is not None and await self.answer(scope, page, headers, send):
            return None
        if self._current_render(key):
            return await django(scope, receive, send)
        render = self._begin(key)
        try:
            return await django(scope, receive, send)
        finally:
            self._end(key, render)

    async def answer(self, scope: Scope, page: CachedPage, headers: dict[bytes, bytes], send: Send) -> bool:
        """Send this page; False, and nothing sent, where only Django can count the view."""
        if page.subject is not None:
            ip = self._proxies.ip_of(scope, headers)
            if not self._count_view(page.subject, scope["method"], ip, headers):
                return False
        answer = page.compressed() if _accepts_gzip(headers.get(b"accept-encoding", b"")) else page.plain()
        wanted = headers.get(b"if-none-match")
        if wanted and (wanted.strip() == b"*" or answer.etag in wanted):
            unchanged = [(name, value) for name, value in answer.headers if not name.startswith(b"content-")]
            await send({"type": "http.response.start", "status": 304, "headers": unchanged})
            await send({"type": "http.response.body", "body": b""})
            return True
        await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})
        return True

    def _key(self, scope: Scope, headers: dict[bytes, bytes]) -> PageKey | None:
        """The key of this request's page; None where this door cannot answer the request."""
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD") or path.startswith(self._BYPASSED):
            return None
        if len(headers) < len(scope["headers"]):
            return None  # a header was sent twice: Django decides what that means
        cookie = headers.get(b"cookie")
        if cookie and self._session_cookie in cookie:
            return None
        query = scope["query_string"]
        page_number = page_number_in(query) if query else ""
        if page_number is None:
            return None
        scheme = self._proxies.scheme_of(scope, headers)
        host = headers.get(b"host", b"").decode("latin-1")
        return PageKey(scheme, own_url(host) or host, path, page_number, self._variant_of_cookie(cookie))

    async def _wait_for(self, key: PageKey) -> CachedPage | None:
        """The page that another request is rendering, or None where this one has to render it."""
        for _ in range(self.WAIT_TURNS):
            render = self._current_render(key)
            if render is None:
                return None
            await asyncio.wait([render.done], timeout=self.WAIT_SECONDS)
            page = pages.get(key)
            if page is not None:
                return page
        return None

    def _current_render(self, key: PageKey) -> _Render | None:
        render = self.renders_in_progress.get(key)
        return render if render and render.version == content_version.current() else None

    def _begin(self, key: PageKey) -> _Render:
        loop = asyncio.get_running_loop()
        outdated = self.renders_in_progress.get(key)
        if outdated and not outdated.done.done():
            outdated.done.set_result(None)  # the requests that wait for it now wait for the new one
        render = self.renders_in_progress[key] = _Render(content_version.current(), loop.create_future())

        def rendered(version: int) -> None:
            if version >= render.version:  # else an older render of the same page has finished
                loop.call_soon_threadsafe(self._end, key, render)

        pages.on_rendered[key] = rendered
        return render

    def _end(self, key: PageKey, render: _Render) -> None:
        """Wake the requests that wait. The answer itself may still be on its way to a slow client."""
        if not render.done.done():
            render.done.set_result(None)
        if self.renders_in_progress.get(key) is render:
            del self.renders_in_progress[key]
            del pages.on_rendered[key]
