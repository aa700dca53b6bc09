"""The verbs of publishing: each is one function, whichever page of the admin calls it."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from .models import Article


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
        article.clean_fields(exclude=["body", "section", "cover"])
    except ValidationError as error:
        raise CannotPublish(" ".join(error.messages)) from error


def publish(article: Article) -> None:
    """Make a draft public: now, or at its `published_at` where that is still to come. Raises CannotPublish."""
    check(article)
    article.status = Article.Status.PUBLISHED
    article.save()


def withdraw(article: Article) -> None:
    """Make an article a draft again. Its URL answers 410 where visitors could read it before, 404 otherwise."""
    article.status = Article.Status.DRAFT
    article.save(update_fields=["status", "updated_at"])
