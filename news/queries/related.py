"""The newest articles and their tags, read once per content version: each article's page picks related ones from them."""

import heapq
from collections import Counter, defaultdict
from itertools import islice
from typing import NamedTuple

from greenenergy.content_version import cached
from news.models import Article, Tag

MOST = 500
MOST_OF_TAG = 60


class _Newest(NamedTuple):
    articles: list[Article]  # newest first, published ones; some may be scheduled for later, or have expired
    positions: dict[int, list[int]]  # by tag: where its newest articles stand in the list


def sharing_tags(article: Article, tags: list[Tag], most: int) -> list[Article]:
    """At most `most` of the newest public articles: those that share most of these tags, newer ones first."""
    newest = cached("newest articles", _read, follows_clock=False)
    shared: Counter[int] = Counter()
    for tag in tags:
        shared.update(newest.positions.get(tag.pk, ()))
    # Twice as many as are wanted, because some may not be public.
    best = heapq.nsmallest(2 * most, shared, key=lambda position: (-shared[position], position))
    found = (newest.articles[position] for position in best)
    return list(islice((other for other in found if other.pk != article.pk and other.is_public), most))


def _read() -> _Newest:
    articles = list(
        Article.objects.published_at_any_time()
        .newest_first()
        .only("title", "status", "published_at", "expires_at")[:MOST]
    )
    position_of = {article.pk: position for position, article in enumerate(articles)}
    links = Article.tags.through.objects.filter(article__in=position_of).values_list("tag", "article")
    positions = defaultdict(list)
    for tag, article_pk in links:
        positions[tag].append(position_of[article_pk])
    return _Newest(articles, {tag: sorted(found)[:MOST_OF_TAG] for tag, found in positions.items()})
