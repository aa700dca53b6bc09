"""A query that is compiled once, and run with other values each time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Least

from greenenergy.database.compiled_queries import CompiledQuery
from greenenergy.database.stand_ins import Offset, StandInError
from news.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_it_finds_what_its_queryset_finds(django_assert_num_queries):
    builds = []

    def public_at(section, at):
        builds.append(1)
        articles = Article.objects.published(at).filter(section=section).newest_first()
        return articles.only("title", "published_at").annotate(twice=F("initial_views") * 2)

    compiled = CompiledQuery(public_at, section=int, at=datetime)
    first, second = make_article("旧的", days_old=9), make_article("新的", days_old=2)
    now = datetime.now(UTC)
    with django_assert_num_queries(3):
        assert compiled(section=first.section_id, at=now) == [second, first]
        assert compiled(section=first.section_id, at=now - timedelta(days=5)) == [first]
        assert compiled(section=first.section_id + 1000, at=now) == []
    assert len(builds) == 1
    row = compiled(section=first.section_id, at=now)[0]
    assert (row.title, row.twice) == ("新的", 2 * second.initial_views)
    assert abs(row.published_at - second.published_at) < timedelta(milliseconds=1)
    assert "body" in row.get_deferred_fields()


def until_the_earlier_of(at, until, first):
    return Article.objects.filter(published_at__lte=Least(at, until)).newest_first()[first : first + 2]


KINDS = {"at": datetime, "until": datetime, "first": Offset}


@pytest.mark.parametrize("names", [["at", "until", "first"], ["first", "until", "at"]])
@pytest.mark.parametrize("has_one_plan", [True, False])
def test_values_may_be_declared_and_given_in_any_order(names, has_one_plan):
    kinds = {name: KINDS[name] for name in names}
    compiled = CompiledQuery(until_the_earlier_of, has_one_plan=has_one_plan, **kinds)
    articles = [make_article(f"第 {days} 天", days_old=days) for days in range(1, 6)]
    now = datetime.now(UTC)
    three_days_ago = now - timedelta(days=2.5)
    assert compiled(at=now, until=three_days_ago, first=0) == articles[2:4]
    assert compiled(until=now, at=three_days_ago, first=0) == articles[2:4]
    assert compiled(first=2, at=now, until=now) == articles[2:4]
    assert compiled(first=4, at=now, until=now) == articles[4:]


def test_two_slices_each_get_their_own_beginning():
    def build(first, second):
        newest = Article.objects.newest_first()
        of_second = newest.values("pk")[second : second + 1]
        return Article.objects.filter(pk__in=newest.values("pk")[first : first + 2]).filter(pk__in=of_second)

    compiled = CompiledQuery(build, second=Offset, first=Offset)
    articles = [make_article(f"第 {days} 天", days_old=days) for days in range(1, 6)]
    assert compiled(first=1, second=2) == [articles[2]]
    assert compiled(first=1, second=3) == []


OF_PYTHON = {
    "the earlier": lambda at, pk: Article.objects.filter(published_at__lte=min(at, datetime.now(UTC)), pk=pk),
    "the later": lambda at, pk: Article.objects.filter(published_at__lte=max(datetime.now(UTC), at), pk=pk),
    "a moment before": lambda at, pk: Article.objects.filter(published_at__lte=at - timedelta(days=1), pk=pk),
    "the next number": lambda at, pk: Article.objects.filter(published_at__lte=at, pk__in=[pk, 1 + pk]),
    "an equal": lambda at, pk: Article.objects.filter(published_at__lte=at, pk=pk if pk != 0 else None),
    "an order": lambda at, pk: Article.objects.filter(published_at__lte=at, pk=pk if pk > 5 else None),
    "a format": lambda at, pk: Article.objects.filter(published_at__lte=at, pk=f"{pk:d}"),
}


@pytest.mark.parametrize("build", OF_PYTHON.values(), ids=OF_PYTHON)
def test_a_query_that_decides_by_a_value_in_python_is_refused(build):
    with pytest.raises((StandInError, TypeError)):
        CompiledQuery(build, at=datetime, pk=int)(at=datetime.now(UTC), pk=1)


WITH_AN_OFFSET = {
    "compared": lambda first: Article.objects.all()[first : first + 2 if first > 0 else None],
    "looked at": lambda first: Article.objects.all()[first : first + 2] if first else Article.objects.all(),
    "multiplied": lambda first: Article.objects.all()[2 * first :],
    "in a filter": lambda first: Article.objects.filter(pk__gt=first)[first : first + 2],
    "as an end": lambda first: Article.objects.all()[:first],
    "moved": lambda first: Article.objects.all()[first + 1 : first + 2],
}


@pytest.mark.parametrize("build", WITH_AN_OFFSET.values(), ids=WITH_AN_OFFSET)
def test_an_offset_is_the_beginning_of_a_slice_and_nothing_else(build):
    with pytest.raises(StandInError):
        CompiledQuery(build, first=Offset)(first=1)


def test_a_value_that_does_not_reach_the_query_is_an_error():
    compiled = CompiledQuery(lambda pk, title: Article.objects.filter(pk=pk), pk=int, title=int)
    with pytest.raises(StandInError, match="title"):
        compiled(pk=1, title=2)


def test_a_value_that_is_not_given_is_an_error():
    compiled = CompiledQuery(lambda pk: Article.objects.filter(pk=pk), pk=int)
    with pytest.raises(KeyError, match="pk"):
        compiled()


def test_an_integer_that_no_column_can_hold_finds_nothing(django_assert_num_queries):
    compiled = CompiledQuery(lambda pk: Article.objects.filter(pk=pk), pk=int)
    with django_assert_num_queries(0):
        assert compiled(pk=2**63) == []
