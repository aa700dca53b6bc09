"""The lists that visitors read, page by page. Each is compiled once, see greenenergy/database/compiled_queries.py."""

from datetime import datetime
from functools import lru_cache

from django.db.models import F
from django.utils import timezone

from greenenergy.content_version import cached, next_change
from greenenergy.database.compiled_queries import LARGEST, CompiledQuery
from greenenergy.database.stand_ins import Offset
from greenenergy.models import Section
from greenenergy.site.rows import lists_below, shared_sections
from news.models import Article, Tag

from .pagination import MOST_ROWS, PAGE_SIZE, Page, get_page
from .tags import is_frequent

MOST_IN_BLOCK = 12  # of a block of the home page


def all_articles(number: str | None) -> Page:
    """Page `number` (None: the first) of all articles but the pinned ones. Http404 for a page that is none."""
    return _page(_all, number)


def articles_of_section(section: Section, number: str | None) -> Page:
    """The same of a section and of those below it."""
    return _page(_of_sections(_numbers_of(section)), number)


def articles_of_tag(tag: Tag, number: str | None) -> Page:
    def rows(at, first):
        if is_frequent(tag, first + PAGE_SIZE):
            return _from_a_known_place(tag, at, first)
        return _of_tag(tag=tag.pk, at=at, first=first)

    return _page(rows, number)


def _from_a_known_place(tag, at, first):
    """A frequent tag's articles are asked for one by one: not again for pages that lie before one that is known.

    Kept for each tag: after how many articles which one stands, until something or the clock changes that.
    """
    unchanged_until = next_change()
    places = cached(("places", tag.pk, unchanged_until), dict, follows_clock=False) if unchanged_until else {}
    known = max((skipped for skipped in list(places) if skipped <= first), default=0)
    moment, number = places.get(known, (at, LARGEST))
    found = _of_frequent_tag(tag=tag.pk, at=at, moment=moment, number=number, first=first - known)
    for row in (0, PAGE_SIZE):
        if row < len(found):
            places[first + row] = found[row].published_at, found[row].pk
    return found


def pinned_articles(within: Section | None = None) -> list[Article]:
    """What stands before all others on a first page. Few are pinned: those of a section are picked here."""
    pinned = _complete(_pinned(at=timezone.now()))
    if within is None:
        return pinned
    return [article for article in pinned if article.section_id in _numbers_of(within)]


def headlines() -> list[Article]:
    """Newest first, as all that follow; at most MOST_IN_BLOCK."""
    return _complete(_headlines(at=timezone.now()))


def recommended() -> list[Article]:
    return _complete(_recommended(at=timezone.now()))


def latest(section: Section | None = None) -> list[Article]:
    """Of all articles, or of a section and those below it."""
    prepared = _latest if section is None else _latest_of_sections(_numbers_of(section))
    return _complete(prepared(at=timezone.now()))


class _Rows:
    """What get_page() takes a slice of."""

    def __init__(self, rows_from):
        self._rows_from = rows_from

    def __getitem__(self, part):
        return _complete(self._rows_from(at=timezone.now(), first=part.start))


def _page(rows_from, number):
    return get_page(_Rows(rows_from), number)


def _complete(articles):
    """With the section that a card shows."""
    sections = shared_sections()
    for article in articles:
        if article.section_id in sections:
            article.set_section(sections[article.section_id])
    return articles


def _numbers_of(section):
    return tuple(one.pk for one in lists_below(section))


def _cards(articles):
    return articles.for_cards_alone().annotate(counted=F("view_total__views")).newest_first()


def _from(articles, first):
    """What is skipped is skipped in the index; only the rows that are shown are read."""
    shown = articles.newest_first().values("pk")[first : first + PAGE_SIZE + 1]
    return _cards(Article.objects.filter(pk__in=shown))


def _block(articles):
    return _cards(articles)[:MOST_IN_BLOCK]


_AT = {"has_one_plan": True, "at": datetime}
_headlines = CompiledQuery(lambda at: _block(Article.objects.published(at).headlines(at)), **_AT)
_recommended = CompiledQuery(lambda at: _block(Article.objects.published(at).recommended(at)), **_AT)
_latest = CompiledQuery(lambda at: _block(Article.objects.published(at)), **_AT)


@lru_cache(256)
def _latest_of_sections(numbers):
    return CompiledQuery(
        lambda at: _block(Article.objects.published(at).in_sections(numbers, MOST_IN_BLOCK)), **_AT
    )


_PAGE = {**_AT, "first": Offset}
_all = CompiledQuery(lambda at, first: _from(Article.objects.published(at).not_pinned(at), first), **_PAGE)
_pinned = CompiledQuery(lambda at: _cards(Article.objects.published(at).pinned(at)), **_AT)


@lru_cache(256)
def _of_sections(numbers):
    return CompiledQuery(
        lambda at, first: _from(
            Article.objects.published(at).not_pinned(at).in_sections(numbers, MOST_ROWS), first
        ),
        **_PAGE,
    )


_TAG = {"tag": int, "at": datetime, "first": Offset}
_of_tag = CompiledQuery(
    lambda tag, at, first: _from(Article.objects.published(at).tagged([tag], is_frequent=False), first),
    **_TAG,
)
_of_frequent_tag = CompiledQuery(
    lambda tag, at, moment, number, first: _from(
        Article.objects.published_from(at, moment, number).tagged([tag], is_frequent=True), first
    ),
    **_TAG,
    moment=datetime,
    number=int,
)
