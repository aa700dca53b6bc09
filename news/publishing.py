"""The verbs of publishing: each is one function, whichever page of the admin calls it."""

from .models import Article


class EmptyBody(Exception):
    """An article without a body cannot be published."""


def publish(article: Article) -> None:
    """Make a draft public: now, or at its `published_at` where that is still to come. Raises EmptyBody."""
    if not article.body.strip():
        raise EmptyBody
    article.status = Article.Status.PUBLISHED
    article.save()


def withdraw(article: Article) -> None:
    """Make an article a draft again. Its URL answers 410 where visitors could read it before, 404 otherwise."""
    article.status = Article.Status.DRAFT
    article.save(update_fields=["status", "updated_at"])
