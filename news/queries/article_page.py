"""An article's page: the article, and what the page shows around its text.

Each query is compiled once, see greenenergy/database/compiled_queries.py.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Subquery, Value
from django.utils import timezone

from greenenergy.database.compiled_queries import CompiledQuery
from greenenergy.site.rows import shared_sections
from news.models import Article, ArticleQuerySet, Attachment, Tag

from .related import sharing_tags
from .tags import is_frequent

MOST_RELATED = 6
RELATED_AMONG = 100  # the newest ones with a tag in common, where the whole site is searched


def find_article(pk: int) -> Article | None:
    """The article with this primary key, public or not, with its section and 人气."""
    article = next(iter(_article(article=pk)), None)
    section = article and shared_sections().get(article.section_id)
    if article and section:
        article.set_section(section)
    return article


def context_of(article: Article) -> dict[str, Any]:
    """What templates/news/article_detail.html needs."""
    tags = _tags(article=article.pk)
    article.tag_names = [tag.name for tag in tags]  # for Article.keywords
    newer, older, picked = _others(article)
    return {
        "article": article,
        "section": article.section,
        "tags": tags,
        "attachments": _attachments(article=article.pk),
        "newer": newer,
        "older": older,
        "related": _related(picked, article, tags),
    }


def _others(article: Article) -> tuple[Article | None, Article | None, list[Article]]:
    """(the next newer one, the next older one, those picked by hand), in one query."""
    place = {"article": article.pk, "published_at": article.published_at, "section": article.section_id}
    found: dict[int, list[Article]] = {_NEWER: [], _OLDER: [], _PICKED: []}
    for row in _others_of(**place, at=timezone.now()):
        found[row.role].append(row)
    picked = sorted(found[_PICKED], key=lambda row: (row.published_at, row.pk), reverse=True)
    return next(iter(found[_NEWER]), None), next(iter(found[_OLDER]), None), picked


def _related(picked: list[Article], article: Article, tags: list[Tag]) -> list[Article]:
    """What to read next: articles picked by hand first, then those that share most tags.

    The newest articles of the site are searched first, the whole site only if those give too few.
    """
    if not tags or len(picked) >= MOST_RELATED:
        return picked[:MOST_RELATED]
    sharing = sharing_tags(article, tags, most=2 * MOST_RELATED)
    if len(sharing) < MOST_RELATED:
        query = _sharing_frequent if any(is_frequent(tag, RELATED_AMONG) for tag in tags) else _sharing
        sharing = query(article=article.pk, at=timezone.now())
    return [*picked, *(found for found in sharing if found not in picked)][:MOST_RELATED]


_NOT_SHOWN = (
    "body_text", "import_key", "created_at", "is_pinned", "pinned_until", "is_recommended", "recommended_until",
    "is_headline", "headline_until",
)  # fmt: skip
_article = CompiledQuery(
    lambda article: (
        Article.objects.filter(pk=article).defer(*_NOT_SHOWN).annotate(counted=F("view_total__views"))
    ),
    has_one_plan=True,
    article=int,
)
_tags = CompiledQuery(lambda article: Tag.objects.of_article(article), has_one_plan=True, article=int)
_attachments = CompiledQuery(
    lambda article: Attachment.objects.filter(article=article), has_one_plan=True, article=int
)


def _in_short(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.only("id", "title", "published_at")


_NEWER, _OLDER, _PICKED = range(3)


def _newer_older_and_picked(
    article: int, published_at: datetime, section: int, at: datetime
) -> ArticleQuerySet:
    here = Article(pk=article, published_at=published_at)
    newer = Article.objects.published(at).filter(section=section).newer_than(here)
    older = Article.objects.published(at, until=published_at).filter(section=section).older_than(here)
    links = Article.related.through.objects.filter(from_article=article)
    parts = (
        Article.objects.filter(pk=Subquery(newer.values("pk")[:1])),
        Article.objects.filter(pk=Subquery(older.values("pk")[:1])),
        Article.objects.published(at).filter(pk__in=links.values("to_article")),
    )
    first, *others = (
        _in_short(part.annotate(role=Value(role)).order_by()) for role, part in enumerate(parts)
    )
    return first.union(*others, all=True)


_others_of = CompiledQuery(
    _newer_older_and_picked, has_one_plan=True, article=int, published_at=datetime, section=int, at=datetime
)


def _sharing_tags(article: int, at: datetime, is_frequent: bool = False) -> ArticleQuerySet:
    """Twice as many as are shown, because some may be picked by hand already."""
    own = Article.tags.through.objects.filter(article=article).values("tag")
    newest = Article.objects.published(at).tagged(own, is_frequent=is_frequent).exclude(pk=article)
    among = newest.newest_first().values("pk")[:RELATED_AMONG]
    sharing = Article.objects.filter(pk__in=among, tags__in=own).annotate(shared_tags=Count("tags"))
    return _in_short(sharing.order_by("-shared_tags", "-published_at", "-id"))[: 2 * MOST_RELATED]


_sharing = CompiledQuery(_sharing_tags, article=int, at=datetime)
_sharing_frequent = CompiledQuery(
    lambda article, at: _sharing_tags(article, at, is_frequent=True), article=int, at=datetime
)
