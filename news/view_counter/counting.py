"""Which answers count as a view."""

import logging
import re
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError

from . import journal

logger = logging.getLogger(__name__)

# Crawlers, link previews and monitors say what they are. An HTTP library without such a name is counted: it cannot
# be told from an app's own reader, and one address can add no more than VIEWS_PER_ADDRESS.
_CRAWLER = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|facebookexternalhit|whatsapp|embedly|preview|lighthouse|pingdom|uptime"
    r"|monitor|scrapy|feedfetcher|feedly|inoreader|archiver|mediapartners|yisou|sogou web|validator|nutch",
    re.IGNORECASE,
)  # CUBOT makes phones


class CountViewsMiddleware:
    """Writes a view down before the first byte of the answer is sent.

    A view names its article in `request.public_page.subject`. Counted are answers 200 and 304 to the
    GET of a person, with JavaScript or without; not HEAD, prefetch, crawlers, staff.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        page = getattr(request, "public_page", None)
        article_id = page.subject if page else None
        if article_id is not None and response.status_code in (200, 304) and is_read_by_a_person(request):
            try:
                journal.record(
                    article_id, request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", "")
                )
            except (DatabaseError, OSError) as error:
                # A reader gets the page even where the view cannot be written down.
                logger.error("a view of article %d is not counted: %s", article_id, error)
        return response


def count_at_the_door(article_id: int, method: str, address: str, headers: dict) -> bool:
    """A ready page is about to be answered without Django. False where the view cannot be written down here.

    `headers` by name, in bytes. Whoever has a session does not come this way.
    """
    purpose = headers.get(b"sec-purpose") or headers.get(b"purpose") or headers.get(b"x-moz")
    if method != "GET" or (purpose and _is_ahead(purpose.decode("latin-1"))):
        return True
    agent = _agent_of_person(headers.get(b"user-agent", b"")[: journal.AGENT_LENGTH])
    if agent is None:
        return True
    try:
        return journal.record_with_known_key(article_id, address, agent)
    except OSError as error:
        logger.error("a view of article %d is not counted: %s", article_id, error)
        return True  # Django could not write it down either


def is_read_by_a_person(request) -> bool:
    """Whether the request, by its headers and session, is a visitor who reads: not HEAD, prefetch, crawler, staff."""
    header = request.headers.get
    purpose = header("Sec-Purpose") or header("Purpose") or header("X-Moz") or ""
    return (
        request.method == "GET"
        and not _is_ahead(purpose)
        and not _says_crawler(header("User-Agent", "")[: journal.AGENT_LENGTH])
        and not _is_staff(request)
    )


def _is_ahead(purpose):
    """A prefetch, whichever header says so."""
    return "prefetch" in purpose or "prerender" in purpose


@lru_cache(4096)  # thousands of readers share a few hundred of them
def _agent_of_person(agent: bytes) -> str | None:
    agent = agent.decode("latin-1")
    return None if _says_crawler(agent) else agent


def _says_crawler(agent):
    return bool(_CRAWLER.search(agent))


def _is_staff(request):
    # Only a session cookie can make somebody staff: other readers cost no query.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff
