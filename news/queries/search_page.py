"""The page of search results: articles of a query, narrowed by section and year."""

from typing import Any

from greenenergy.content_version import cached
from greenenergy.models import Section
from news.models import Article, ArticleQuerySet
from news.search import Query, estimate

from .pagination import ListPage, get_page

MAX_COUNT = 2000  # the newest ones that are ranked; nobody pages further
# Newest matches taken from the index. Some are not public or, where the search is narrowed, of another section or year.
MATCHES, MATCHES_NARROWED = 2500, 10_000


def context_of(query: Query, *, page: str | None, section: str | None, year: str | None) -> dict[str, Any]:
    """What templates/news/search.html needs. `section` is a slug; a section or year that does not exist narrows nothing.

    Http404 for a page that does not exist, as from get_page().
    """
    public = Article.objects.published()
    sections = cached("sections with articles", lambda: list(Section.objects.lists()))
    years = cached("years of articles", public.year_span)
    chosen_section = next((one for one in sections if one.slug == section), None)
    chosen_year = next((one for one in years if str(one) == year), None)
    is_narrowed = bool(chosen_section or chosen_year)

    found = public.matching(query, MATCHES_NARROWED if is_narrowed else MATCHES)
    if chosen_section:
        found = found.in_section(chosen_section)
    if chosen_year:
        found = found.in_year(chosen_year)
    pks = found.best_first(query, MAX_COUNT + 1)
    is_more = len(pks) > MAX_COUNT
    return {
        "query": query,
        "page": _results(public, query, pks, page),
        "count": min(len(pks), MAX_COUNT),
        "is_more": is_more,
        "about": roughly(estimate(query, public.db)) if is_more and not is_narrowed else None,
        "sections": sections,
        "years": years,
        "chosen_section": chosen_section,
        "chosen_year": chosen_year,
        "is_narrowed": is_narrowed,
    }


def _results(public: ArticleQuerySet, query: Query, pks: list[int], number: str | None) -> ListPage[Article]:
    """The page's articles, with the search terms marked; an empty page if nothing was found."""
    page = get_page(pks, number if pks else None)
    rows = public.for_results().in_bulk(page.items)
    articles = [rows[pk] for pk in page if pk in rows]
    for article in articles:
        article.marked_title = query.highlight(article.title)
        article.marked_excerpt = query.highlight(query.snippet(article.body_text) or article.excerpt)
    return page.with_items(articles)


def roughly(number: int) -> int:
    """Rounded to two digits, 331742 to 330000, and never fewer than the articles that are shown."""
    unit = 10 ** max(len(str(number)) - 2, 0)
    return max(round(number / unit) * unit, MAX_COUNT)
