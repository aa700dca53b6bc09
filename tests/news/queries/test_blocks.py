"""The blocks of the home page: as many articles as the template says, for the same number of queries."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from tests.factories import make_article, make_section, make_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def thirty_articles():
    """Each of them is a headline and recommended."""
    section = make_section(slug="industry", on_home=True)
    return [
        make_article(f"第{n}篇", section=section, days_old=n, is_headline=True, is_recommended=True)
        for n in range(30)
    ]


def titles_of(tag, count):
    names = {"section_blocks": "rows.0.1"}.get(tag, "rows")
    template = f"{{% load news_tags %}}{{% {tag} {count} as rows %}}{{% for row in {names} %}}{{{{ row.title }}}} {{% endfor %}}"
    return Template(template).render(Context()).split()


@pytest.mark.parametrize("count", [1, 12, 20, 29])
@pytest.mark.parametrize(
    "tag", ["latest_articles", "headline_articles", "recommended_articles", "section_blocks"]
)
def test_a_block_shows_as_many_articles_as_the_template_says(thirty_articles, tag, count):
    assert titles_of(tag, count) == [article.title for article in thirty_articles[:count]]


@pytest.mark.parametrize("tag", ["latest_articles", "section_blocks"])
def test_a_block_of_no_articles_is_empty(thirty_articles, tag):
    assert titles_of(tag, 0) == []


def test_a_block_of_any_length_costs_one_query(thirty_articles, django_assert_num_queries):
    titles_of("latest_articles", 1)  # the sections are cached per content version from here on
    for count in (8, 20, 29):
        with django_assert_num_queries(1):
            titles_of("latest_articles", count)


def test_the_home_page_costs_one_query_for_each_block(client, thirty_articles):
    """Headline, latest, recommended, two sections, most read in 7 and in 30 days."""
    make_settings()
    make_article(section=make_section("公司新闻", slug="company", on_home=True))
    client.get("/")  # fills the caches that all pages share, and prepares the statements of PostgreSQL
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    assert len(captured) == 7, [query["sql"] for query in captured]
