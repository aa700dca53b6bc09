"""The lists that visitors read, page by page. Each is compiled once, see greenenergy/database/compiled_queries.py."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.db.models import F
from django.utils import timezone

from greenenergy.content_version import cached, next_change
from greenenergy.database.compiled_queries import LARGEST, CompiledQuery
from greenenergy.database.stand_ins import Offset
from greenenergy.models import Section
from greenenergy.site.rows import lists_below, shared_sections
from news.models import Article, ArticleQuerySet, Tag

from .pagination import MOST_ROWS, PAGE_SIZE, ListPage, get_page
from .tags import is_frequent

# Called with `at` and `first`: the articles of a list from row `first` on, one more than a page shows.
ReadRows = Callable[..., list[Article]]


def all_articles(number: str | None) -> ListPage[Article]:
    """Page `number` (None: the first) of all articles but the pinned ones. Http404 as from get_page()."""
    return _page(_all, number)


def articles_of_section(section: Section, number: str | None) -> ListPage[Article]:
    """The same of a section and of those below it."""
    return _page(_of_sections(_pks_of(section)), number)


def articles_of_tag(tag: Tag, number: str | None) -> ListPage[Article]:
    """The same of a tag, pinned articles included."""

    def rows(at: datetime, first: int) -> list[Article]:
        if is_frequent(tag, first + PAGE_SIZE):
            return _from_nearest_place(tag, at, first)
        return _of_tag(tag=tag.pk, at=at, first=first)

    return _page(rows, number)


def _from_nearest_place(tag: Tag, at: datetime, first: int) -> list[Article]:
    """A frequent tag's articles, read from the nearest place before `first` that an earlier request has found.

    The database checks one article after the other for the tag; from the beginning, a deep page would check thousands.
    Cached per tag until the content or the clock changes the list: {rows skipped: (published_at, pk) of the next row}.
    """
    unchanged_until = next_change()
    places: dict[int, tuple[datetime, int]] = {}
    if unchanged_until:
        places = cached(("places", tag.pk, unchanged_until), dict, follows_clock=False)
    nearest = max((skipped for skipped in list(places) if skipped <= first), default=0)
    moment, pk = places.get(nearest, (at, LARGEST))
    found = _of_frequent_tag(tag=tag.pk, at=at, moment=moment, pk=pk, first=first - nearest)
    for row in (0, PAGE_SIZE):
        if row < len(found):
            places[first + row] = found[row].published_at, found[row].pk
    return found


def pinned_articles(within: Section | None = None) -> list[Article]:
    """The articles at the top of a first page. Few are pinned, so those of a section are selected in Python."""
    pinned = _with_sections(_pinned(at=timezone.now()))
    if within is None:
        return pinned
    return [article for article in pinned if article.section_id in _pks_of(within)]


def headlines(count: int) -> list[Article]:
    """The newest `count` headlines."""
    return _block(_headlines, count)


def recommended(count: int) -> list[Article]:
    """The newest `count` recommended articles."""
    return _block(_recommended, count)


def latest(count: int, section: Section | None = None) -> list[Article]:
    """The newest `count` of all articles, or of a section and those below it."""
    if section is None:
        return _block(_latest, count)
    return _block(_latest_of_sections, count, _pks_of(section))


class _Rows:
    """What get_page() takes a slice of."""

    def __init__(self, read: ReadRows) -> None:
        self._read = read

    def __getitem__(self, part: slice, /) -> list[Article]:
        return _with_sections(self._read(at=timezone.now(), first=part.start))


def _page(read: ReadRows, number: str | None) -> ListPage[Article]:
    return get_page(_Rows(read), number)


def _block(
    compiled: Callable[..., CompiledQuery[Article]], count: int, *more: tuple[int, ...]
) -> list[Article]:
    # Django compiles no queryset that is empty for certain.
    return _with_sections(compiled(count, *more)(at=timezone.now())) if count > 0 else []


def _with_sections(articles: list[Article]) -> list[Article]:
    """The same articles; the section that a card shows is not fetched again."""
    sections = shared_sections()
    for article in articles:
        if article.section_id in sections:
            article.set_section(sections[article.section_id])
    return articles


def _pks_of(section: Section) -> tuple[int, ...]:
    """Of the section and of those below it."""
    return tuple(one.pk for one in lists_below(section))


def _cards(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.for_cards_alone().annotate(counted=F("view_total__views")).newest_first()


def _from(articles: ArticleQuerySet, first: int) -> ArticleQuerySet:
    """Skipped rows are skipped within the index; only the rows that are shown are read."""
    shown = articles.newest_first().values("pk")[first : first + PAGE_SIZE + 1]
    return _cards(Article.objects.filter(pk__in=shown))


def _compiled(build: Callable[[datetime], ArticleQuerySet]) -> CompiledQuery[Article]:
    return CompiledQuery(build, has_one_plan=True, at=datetime)


# LIMIT is not a parameter of the SQL, so each count is compiled once. Templates use a few counts only.


@lru_cache(32)
def _headlines(count: int) -> CompiledQuery[Article]:
    return _compiled(lambda at: _cards(Article.objects.published(at).headlines(at))[:count])


@lru_cache(32)
def _recommended(count: int) -> CompiledQuery[Article]:
    return _compiled(lambda at: _cards(Article.objects.published(at).recommended(at))[:count])


@lru_cache(32)
def _latest(count: int) -> CompiledQuery[Article]:
    return _compiled(lambda at: _cards(Article.objects.published(at))[:count])


@lru_cache(256)
def _latest_of_sections(count: int, sections: tuple[int, ...]) -> CompiledQuery[Article]:
    return _compiled(lambda at: _cards(Article.objects.published(at).in_sections(sections, count))[:count])


_pinned = _compiled(lambda at: _cards(Article.objects.published(at).pinned(at)))
_all = CompiledQuery(
    lambda at, first: _from(Article.objects.published(at).not_pinned(at), first),
    has_one_plan=True,
    at=datetime,
    first=Offset,
)


@lru_cache(256)
def _of_sections(sections: tuple[int, ...]) -> CompiledQuery[Article]:
    return CompiledQuery(
        lambda at, first: _from(
            Article.objects.published(at).not_pinned(at).in_sections(sections, MOST_ROWS), first
        ),
        has_one_plan=True,
        at=datetime,
        first=Offset,
    )


# Planned for each tag: a plan that is good for a rare tag is slow for a frequent one.
_of_tag = CompiledQuery(
    lambda tag, at, first: _from(Article.objects.published(at).tagged([tag], is_frequent=False), first),
    tag=int,
    at=datetime,
    first=Offset,
)
_of_frequent_tag = CompiledQuery(
    lambda tag, at, moment, pk, first: _from(
        Article.objects.published_from(at, moment, pk).tagged([tag], is_frequent=True), first
    ),
    tag=int,
    at=datetime,
    first=Offset,
    moment=datetime,
    pk=int,
)
