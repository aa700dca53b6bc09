"""What an article's page shows around the text: neighbours are public, for every viewer and at every moment."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from news.models import Article
from news.queries.article_page import context_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def scheduled(title, *, days):
    return make_article(title, published_at=timezone.now() + timedelta(days=days))


def test_the_preview_of_a_scheduled_article_names_no_other_that_waits(admin_client):
    """It stands among the waiting ones by its moment, but its neighbours are those that visitors can open."""
    public = make_article("已经公开的一篇")
    between, previewed, later = (
        scheduled(title, days=days) for title, days in [("先等的", 1), ("要预览的", 2), ("后等的", 3)]
    )
    page = admin_client.get(f"/admin/news/article/{previewed.pk}/preview/")
    assert (page.context["older"], page.context["newer"]) == (public, None)
    for waiting in (between, later):
        assert waiting.title not in page.text
        assert waiting.get_absolute_url() not in page.text


def test_a_public_article_names_its_public_neighbours(client):
    oldest, older, article = (
        make_article(title, days_old=days) for title, days in [("最旧的", 9), ("上一篇", 5), ("这一篇", 3)]
    )
    make_article("过期的", days_old=4, expires_at=timezone.now() - timedelta(hours=1))
    newer = make_article("下一篇", days_old=1)
    scheduled("还在等的", days=1)
    page = client.get(article.get_absolute_url())
    assert (page.context["older"], page.context["newer"]) == (older, newer)
    assert oldest.title not in page.text.partition("上一篇")[0]
    last = client.get(newer.get_absolute_url())
    assert (last.context["older"], last.context["newer"]) == (article, None)


UPPER_BOUND = {
    "sqlite": r"article_newest_in_section \(section_id=\? .*published_at<\?",
    "postgresql": r"article_newest_in_section .*\n *Index Cond: \(.*published_at <= ",
}


@pytest.mark.parametrize("side", ["older", "newer"])
def test_a_neighbour_is_searched_in_the_index_below_an_upper_bound(side):
    """Without the bound the database would read all articles that wait, or all that are newer."""
    now = timezone.now()
    here = make_article(days_old=2)
    neighbours = {
        "older": Article.objects.published(now, until=here.published_at).older_than(here),
        "newer": Article.objects.published(now).newer_than(here),
    }[side].filter(section=here.section)
    if connection.vendor == "postgresql":  # which would read a table of one row as a whole
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    assert re.search(UPPER_BOUND[connection.vendor], neighbours.values("pk")[:1].explain())


def test_an_article_without_neighbours_names_none():
    context = context_of(make_article())
    assert (context["older"], context["newer"]) == (None, None)
