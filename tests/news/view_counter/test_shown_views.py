"""The number that is shown: it follows what other processes count, and never falls."""

import time

import pytest

from news.models import ViewTotal
from news.view_counter import shown
from news.view_counter.shown import shown_views
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_a_shown_count_follows_views_that_others_fold_later():
    """The views of a killed process or another machine are folded after the last request here."""
    article = make_article()
    assert shown_views.number(article.pk, 0) == 0
    for views in (3, 5):
        ViewTotal.objects.update_or_create(article=article, defaults={"views": views})
        shown_views.refresh()
        assert shown_views.number(article.pk, 0) == views
        shown_views.refresh()  # nothing was shown in between


def test_articles_that_nobody_reads_are_refreshed_no_longer(monkeypatch, django_assert_num_queries):
    shown_views.number(make_article().pk, 0)
    shown_views.refresh()
    later = time.monotonic() + shown.CACHED_SECONDS + 1
    monkeypatch.setattr(shown.time, "monotonic", lambda: later)
    with django_assert_num_queries(0):
        shown_views.refresh()


def test_of_very_many_articles_those_shown_last_are_refreshed(monkeypatch):
    monkeypatch.setattr(shown, "MOST_REFRESHED", 3)
    first, second, third, fourth = articles = [make_article().pk for _ in range(4)]
    for pk in (first, second, third, fourth, first):
        shown_views.number(pk, 0)
        shown_views.refresh()
    ViewTotal.objects.bulk_create(ViewTotal(article_id=pk, views=9) for pk in articles)
    shown_views.refresh()
    assert [shown_views.number(pk, 0) for pk in articles] == [9, 0, 9, 9]


def test_a_page_is_answered_though_the_file_of_shown_numbers_is_gone(settings):
    article = make_article()
    shown_views.number(article.pk, 3)
    settings.SHOWN_VIEWS_FILE.unlink()
    assert shown_views.number(article.pk, 5) == 5
    assert shown_views.number(article.pk, 4) == 5
