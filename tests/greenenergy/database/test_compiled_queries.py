"""A question that is compiled once, asked with other values each time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from greenenergy.database.compiled_queries import CompiledQuery
from news.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_it_finds_what_its_queryset_finds(django_assert_num_queries):
    builds = []

    def public_at(section, at):
        builds.append(1)
        articles = Article.objects.published(at).filter(section=section).newest_first()
        return articles.only("title", "published_at").annotate(twice=F("initial_views") * 2)

    prepared = CompiledQuery(public_at, section=int, at=datetime)
    first, second = make_article("旧的", days_old=9), make_article("新的", days_old=2)
    now = datetime.now(UTC)
    with django_assert_num_queries(3):
        assert prepared(section=first.section_id, at=now) == [second, first]
        assert prepared(section=first.section_id, at=now - timedelta(days=5)) == [first]
        assert prepared(section=first.section_id + 1000, at=now) == []
    assert len(builds) == 1
    row = prepared(section=first.section_id, at=now)[0]
    assert (row.title, row.twice) == ("新的", 2 * second.initial_views)
    assert abs(row.published_at - second.published_at) < timedelta(milliseconds=1)
    assert "body" in row.get_deferred_fields()


def test_a_value_that_does_not_reach_the_query_is_told():
    prepared = CompiledQuery(lambda pk, title: Article.objects.filter(pk=pk), pk=int, title=int)
    with pytest.raises(AssertionError, match="title"):
        prepared(pk=1, title=2)
