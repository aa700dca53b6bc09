"""The newest articles and their tags: read once in a content version, looked through for every article's page."""

import heapq
from collections import Counter, defaultdict
from typing import NamedTuple

from greenenergy.content_version import cached
from news.models import Article, Tag

MOST = 500
MOST_OF_TAG = 60


class _Newest(NamedTuple):
    articles: list[Article]  # newest first; some of them may be due later, or have expired
    places: dict[int, list[int]]  # by tag: where its newest articles stand in the list


def sharing_tags(article: Article, tags: list[Tag], most: int) -> list[Article]:
    """Those of the newest articles that are public and share most of these tags, the newer first of equals."""
    newest = cached("newest articles", _read, follows_clock=False)
    shared = Counter()
    for tag in tags:
        shared.update(newest.places.get(tag.pk, ()))
    # A few more than are wanted: some may not be public.
    best = heapq.nsmallest(2 * most, shared, key=lambda place: (-shared[place], place))
    found = (newest.articles[place] for place in best)
    return [other for other in found if other.pk != article.pk and other.is_public][:most]


def _read():
    articles = list(
        Article.objects.published_some_day()
        .newest_first()
        .only("title", "status", "published_at", "expires_at")[:MOST]
    )
    place_of = {article.pk: place for place, article in enumerate(articles)}
    links = Article.tags.through.objects.filter(article__in=place_of).values_list("tag", "article")
    places = defaultdict(list)
    for tag, number in links:
        places[tag].append(place_of[number])
    return _Newest(articles, {tag: sorted(found)[:MOST_OF_TAG] for tag, found in places.items()})
