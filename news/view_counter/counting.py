"""Which answers count as a view: those to people, not to crawlers."""

import logging
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError

from .crawlers import is_crawler
from .journal import record, record_with_cached_key
from .visitors import AGENT_LENGTH

logger = logging.getLogger(__name__)


class CountViewsMiddleware:
    """Records a view before the first byte of the answer is sent.

    The view function names its article in `request.public_page.subject`. Answers 200 and 304 to a person's GET count,
    with or without JavaScript; HEAD, prefetches, crawlers and staff do not.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        page = getattr(request, "public_page", None)
        article_id = page.subject if page else None
        if article_id is not None and response.status_code in (200, 304) and is_read_by_a_person(request):
            try:
                record(article_id, request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", ""))
            except (DatabaseError, OSError) as error:
                # The reader gets the page even if the view cannot be recorded.
                logger.error("a view of article %d is not counted: %s", article_id, error)
        return response


def count_at_the_door(article_id: int, method: str, ip: str, headers: dict[bytes, bytes]) -> bool:
    """Count a cached page that is about to be sent without Django; False where only Django can count it.

    Requests with a session cookie do not come this way, so nobody here is staff.
    """
    purpose = headers.get(b"sec-purpose") or headers.get(b"purpose") or headers.get(b"x-moz")
    if method != "GET" or (purpose and _is_prefetch(purpose.decode("latin-1"))):
        return True
    agent = _agent_of_person(headers.get(b"user-agent", b"")[:AGENT_LENGTH])
    if agent is None:
        return True
    try:
        return record_with_cached_key(article_id, ip, agent)
    except OSError as error:
        logger.error("a view of article %d is not counted: %s", article_id, error)
        return True  # Django would fail on the same disk


def is_read_by_a_person(request) -> bool:
    """Whether a visitor reads the answer, by headers and session: no HEAD, no prefetch, no crawler, no staff."""
    header = request.headers.get
    purpose = header("Sec-Purpose") or header("Purpose") or header("X-Moz") or ""
    return (
        request.method == "GET"
        and not _is_prefetch(purpose)
        and not is_crawler(header("User-Agent", "")[:AGENT_LENGTH])
        and not _is_staff(request)
    )


def _is_prefetch(purpose):
    return "prefetch" in purpose or "prerender" in purpose


@lru_cache(4096)  # thousands of readers share a few hundred User-Agents
def _agent_of_person(agent: bytes) -> str | None:
    agent = agent.decode("latin-1")
    return None if is_crawler(agent) else agent


def _is_staff(request):
    # request.user costs a query, and without a session cookie nobody is staff.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff
