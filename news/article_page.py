"""What the page of one article shows around its text. Each question is compiled once, see greenenergy/prepared.py."""

from datetime import datetime

from django.db.models import Count, F, Q, Subquery
from django.utils import timezone

from greenenergy.prepared import Prepared
from greenenergy.shared_rows import shared_sections

from . import newest
from .models import Article, Attachment, Tag

MOST_RELATED = 6
RELATED_AMONG = 100  # the newest so many with a tag in common


def find_article(pk: int) -> Article | None:
    """The article of this number, public or not, with its section and 人气."""
    for article in _article(article=pk):
        section = shared_sections().get(article.section_id)
        if section:
            article.set_section(section)
        return article


def context_of(article: Article) -> dict:
    """What templates/news/article_detail.html needs."""
    tags = _tags(article=article.pk)
    newer, older = neighbours(article)
    article.tag_names = [tag.name for tag in tags]  # the keywords are made of them
    return {
        "article": article,
        "section": article.section,
        "tags": tags,
        "attachments": _attachments(article=article.pk),
        "newer": newer,
        "older": older,
        "related": related_articles(article, tags),
    }


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """The next newer and the next older public article of the section."""
    place = (article.published_at, article.pk)
    both = _neighbours(
        article=article.pk, published_at=article.published_at, section=article.section_id, at=timezone.now()
    )
    found = {(row.published_at, row.pk) > place: row for row in both}
    return found.get(True), found.get(False)


def related_articles(article: Article, tags: list[Tag], limit: int = MOST_RELATED) -> list[Article]:
    """Public articles to read next: hand-picked ones first, then those that share most of its tags.

    They are looked for among the newest of the site, and in all of it only where those are too few.
    """
    here = {"article": article.pk, "at": timezone.now()}
    picked = _picked(**here)[:limit]
    if not tags or len(picked) == limit:
        return picked
    sharing = newest.sharing_tags(article, tags, most=2 * limit)
    if len(sharing) < limit:
        is_frequent = any(tag.is_frequent(RELATED_AMONG) for tag in tags)
        sharing = (_sharing_frequent if is_frequent else _sharing)(**here)
    return [*picked, *(found for found in sharing if found not in picked)][:limit]


_article = Prepared(
    lambda article: (
        Article.objects.filter(pk=article).defer("body_text").annotate(counted=F("view_total__views"))
    ),
    article=int,
)
_tags = Prepared(lambda article: Tag.objects.filter(articles=article), article=int)
_attachments = Prepared(lambda article: Attachment.objects.filter(article=article), article=int)


def _in_short(articles):
    return articles.only("id", "title", "published_at")


def _newer_and_older(article, published_at, section, at):
    here = Article(pk=article, published_at=published_at)
    newer = Article.objects.published(at).filter(section=section).newer_than(here)
    older = Article.objects.published(at, until=published_at).filter(section=section).older_than(here)
    first_of_each = Q(pk=Subquery(newer.values("pk")[:1])) | Q(pk=Subquery(older.values("pk")[:1]))
    return _in_short(Article.objects.filter(first_of_each))


# The stand-in of published_at is the earlier one: published() takes the earlier of the two as its bound.
_neighbours = Prepared(_newer_and_older, article=int, published_at=datetime, section=int, at=datetime)


def _picked_by_hand(article, at):
    links = Article.related.through.objects.filter(from_article=article)
    return _in_short(Article.objects.published(at).filter(pk__in=links.values("to_article")).newest_first())[
        :MOST_RELATED
    ]


def _sharing_tags(article, at, is_frequent=False):
    """Twice as many as are shown: some may have been picked by hand."""
    own = Article.tags.through.objects.filter(article=article).values("tag")
    newest = Article.objects.published(at).tagged(own, is_frequent=is_frequent).exclude(pk=article)
    among = newest.newest_first().values("pk")[:RELATED_AMONG]
    sharing = Article.objects.filter(pk__in=among, tags__in=own).annotate(shared_tags=Count("tags"))
    return _in_short(sharing.order_by("-shared_tags", "-published_at", "-id"))[: 2 * MOST_RELATED]


_picked = Prepared(_picked_by_hand, article=int, at=datetime)
_sharing = Prepared(_sharing_tags, article=int, at=datetime)
_sharing_frequent = Prepared(
    lambda article, at: _sharing_tags(article, at, is_frequent=True), article=int, at=datetime
)
