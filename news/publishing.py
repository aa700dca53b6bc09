"""The verbs of publishing: each is one function, whichever page of the admin calls it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from .models import Article

AT_ONCE = 500  # primary keys in a statement


class CannotPublish(Exception):
    """The reason in words, a sentence for the editor."""


def check(article: Article) -> None:
    """Raise CannotPublish where a draft, published now, would be refused by the database or seen by nobody."""
    if not article.body.strip():
        raise CannotPublish(gettext("还没有正文。"))
    moment = article.published_at or timezone.now()
    if article.expires_at and article.expires_at <= max(moment, timezone.now()):
        raise CannotPublish(
            gettext("到期时间（%(moment)s）已经过了，请先改到期时间。")
            % {"moment": date_format(timezone.localtime(article.expires_at), "Y-m-d H:i")}
            if article.expires_at <= timezone.now()
            else gettext("到期时间要在发布时间之后。")
        )
    try:
        article.clean_fields(exclude=["body", "body_text", "section", "cover"])
    except ValidationError as error:
        raise CannotPublish(" ".join(error.messages)) from error


def publish(article: Article) -> None:
    """Make a draft public: now, or at its `published_at` where that is still to come. Raises CannotPublish."""
    check(article)
    article.status = Article.Status.PUBLISHED
    dated = (
        [] if article.published_at else ["published_at"]
    )  # save() fills it in, and indexes the article again
    article.save(update_fields=["status", "updated_at", *dated])


def withdraw(article: Article) -> None:
    """Make an article a draft again. Its URL answers 410 where visitors could read it before, 404 otherwise."""
    article.status = Article.Status.DRAFT
    article.save(update_fields=["status", "updated_at"])


# The same for many, in a few statements: while one thousand articles are saved, SQLite would let nobody else write.


def publish_all(pks: Sequence[int]) -> int:
    """Publish the drafts among these that check() accepts, and return their number: one that changes meanwhile stays."""
    now, count = timezone.now(), 0
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    in_order = Q(expires_at=None) | Q(expires_at__gt=F("published_at"))
    for some in _in_parts(pks):
        drafts = Article.objects.drafts().filter(in_time, pk__in=some).exclude(body="")
        values = {"status": Article.Status.PUBLISHED, "updated_at": now}
        count += drafts.filter(in_order, published_at__isnull=False).update(**values)
        count += drafts.filter(published_at__isnull=True).update(**values, published_at=now)
    return count


def withdraw_all(pks: Sequence[int]) -> None:
    now = timezone.now()
    could_be_read = Case(When(published_at__lte=now, then=Value(True)), default=F("was_public"))
    for some in _in_parts(pks):
        published = Article.objects.published_at_any_time().filter(pk__in=some)
        published.update(was_public=could_be_read, status=Article.Status.DRAFT, updated_at=now)


def _in_parts(pks):
    return (pks[begin : begin + AT_ONCE] for begin in range(0, len(pks), AT_ONCE))
