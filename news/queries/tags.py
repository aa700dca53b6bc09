"""How many articles have a tag: for the overview of tags, and to choose how a tag's articles are read."""

import math
import time
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Exists, Max, OuterRef, Subquery

from greenenergy.content_version import cached
from news.models import Article, Tag

MOST_USES = 50_000  # no more articles of one tag are counted; a tag of more is frequent in any case
COUNTED = 100  # articles of one tag, for the overview
LATELY = 500  # the newest articles, which decide the order of the frequent tags
BATCH = 500  # articles per query


class TagUses:
    """How many articles have a tag, drafts included: an estimate, counted again after an hour.

    Only speed depends on it, so each process has its own, and a change of tags does not invalidate it.
    """

    MAX_AGE_SECONDS = 3600

    def __init__(self) -> None:
        # By the tag's primary key: uses, and when they were counted.
        self._counts: dict[int, tuple[int, float]] = {}

    def of(self, tag: Tag) -> int:
        """Up to MOST_USES."""
        if not self._is_fresh(tag):
            uses = Article.tags.through.objects.filter(tag=tag)[:MOST_USES].count()
            self._counts[tag.pk] = uses, time.monotonic()
        return self._counts[tag.pk][0]

    def load(self, tags: Iterable[Tag]) -> None:
        """Count all tags in one query, unless the counts of these are fresh."""
        if all(self._is_fresh(tag) for tag in tags):
            return
        now = time.monotonic()
        uses = dict.fromkeys(Tag.objects.values_list("pk", flat=True), 0)
        uses |= dict(Article.tags.through.objects.values_list("tag").annotate(Count("pk")).order_by())
        for pk, count in uses.items():
            self._counts[pk] = min(count, MOST_USES), now

    def clear(self) -> None:
        self._counts.clear()

    def _is_fresh(self, tag: Tag) -> bool:
        _uses, counted_at = self._counts.get(tag.pk, (0, -math.inf))
        return time.monotonic() - counted_at <= self.MAX_AGE_SECONDS


tag_uses = TagUses()


def is_frequent(tag: Tag, newest: int) -> bool:
    """Whether the tag's `newest` articles are found sooner among the newest of all than among its own.

    Its own are as many as its uses, all of them to be read and sorted. Among the newest of all,
    newest × all ÷ uses articles have to be checked for the tag.
    """
    uses = tag_uses.of(tag)
    return uses >= MOST_USES or uses**2 > newest * _number_of_articles()


def tags_with_public_articles() -> list[Tag]:
    """Tags that have something to show, most used first, with `article_count` and `has_more`.

    Articles are counted up to COUNTED; a tag of more has that number and `has_more`. Among those, the tags of most
    of the newest articles come first.
    """
    tags = list(Tag.objects.all())
    tag_uses.load(tags)
    lately = _tags_of_newest_articles()
    few: list[Tag] = []
    many: list[Tag] = []
    for tag in tags:
        tag.has_more, tag.article_count = tag_uses.of(tag) > COUNTED, COUNTED
        (many if tag.has_more else few).append(tag)
    counts, public = _count_public_articles(few), _with_a_public_article(many, lately)
    for tag in few:
        tag.article_count = counts[tag.pk]
    shown = [tag for tag in tags if (tag.pk in public if tag.has_more else tag.article_count)]
    return sorted(shown, key=lambda tag: (-tag.article_count, -lately[tag.pk], tag.name))


def _number_of_articles() -> int:
    """An estimate, the highest primary key: COUNT(*) would read the whole index."""
    return cached(
        "articles", lambda: Article.objects.aggregate(Max("pk"))["pk__max"] or 0, follows_clock=False
    )


def _tags_of_newest_articles() -> Counter[int]:
    newest = Article.objects.published().newest_first().values_list("pk", flat=True)[:LATELY]
    uses = Article.tags.through.objects.filter(article__in=list(newest))
    return Counter(uses.values_list("tag", flat=True))


def _count_public_articles(tags: list[Tag]) -> Counter[int]:
    """By tag. These tags have few uses, so the articles are fetched by primary key, in batches."""
    uses = Article.tags.through.objects.filter(tag__in=[tag.pk for tag in tags])
    pairs = list(uses.values_list("tag", "article"))
    articles = list({article for _tag, article in pairs})
    public: set[int] = set()
    for begin in range(0, len(articles), BATCH):
        rows = Article.objects.published().filter(pk__in=articles[begin : begin + BATCH])
        public.update(rows.values_list("pk", flat=True))
    return Counter(tag for tag, article in pairs if article in public)


def _with_a_public_article(tags: list[Tag], lately: Counter[int]) -> set[int]:
    """Which of these frequent tags have a public article at all: after an import, all may be drafts."""
    frequent = {tag.pk for tag in tags}
    of_one = Article.objects.published().filter(pk=OuterRef("article"))
    uses = Article.tags.through.objects.filter(Exists(of_one), tag=OuterRef("pk"))
    # The limit makes PostgreSQL stop at each tag's first public article, rather than join all uses of all tags.
    others = Tag.objects.filter(pk__in=frequent - lately.keys()).annotate(
        public=Subquery(uses.values("article")[:1])
    )
    return frequent & lately.keys() | set(others.filter(public__isnull=False).values_list("pk", flat=True))
