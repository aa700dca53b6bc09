"""A fault of the data is never told as one of the database."""

import random

import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.test import RequestFactory

from greenenergy.database.outages import is_outage
from greenenergy.site import views
from news.models import Article
from news.search import Query
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def fault_of(sql):
    """What this database raises for the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except Exception as error:
        return error
    raise AssertionError("no fault")


class Cause(Exception):
    pgcode = sqlite_errorname = None


def caused_by(**values):
    error, cause = OperationalError("text"), Cause()
    for name, value in values.items():
        setattr(cause, name, value)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "state", [None, "08006", "25006", "40P01", "53300", "55P03", "57014", "57P01", "58030"]
)
def test_a_lost_connection_a_time_out_and_a_full_disk_are_outages(state):
    assert is_outage(caused_by(pgcode=state))


@pytest.mark.parametrize("name", ["SQLITE_BUSY", "SQLITE_IOERR_WRITE", "SQLITE_FULL", "SQLITE_INTERRUPT"])
def test_a_lock_and_a_disk_of_sqlite_are_outages(name):
    assert is_outage(caused_by(sqlite_errorname=name))


@pytest.mark.parametrize(
    "values", [{"pgcode": "54000"}, {"pgcode": "54001"}, {"sqlite_errorname": "SQLITE_ERROR"}]
)
def test_a_text_or_a_query_too_large_is_none(values):
    assert not is_outage(caused_by(**values))


def test_what_the_driver_raises_itself_is_told_apart():
    """With the driver's own errors: psycopg2 names the state `pgcode`."""
    if connection.vendor == "postgresql":
        raised = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}'; END $$"
        assert not is_outage(fault_of(raised.format("54000")))
        assert is_outage(fault_of(raised.format("25006")))
        assert is_outage(fault_of(raised.format("53100")))
        assert not is_outage(fault_of(raised.format("25P01")))
    else:
        assert not is_outage(fault_of(f"SELECT {'+'.join('1' * 5000)}"))


def test_other_faults_of_this_database_are_none():
    assert not is_outage(fault_of("SELECT nowhere FROM news_article"))
    assert not is_outage(fault_of("SELEC 1"))
    for error in (DataError(), IntegrityError(), ProgrammingError(), ValueError(), None):
        assert not is_outage(error)


@pytest.mark.parametrize(
    ("values", "status"), [({"pgcode": "54000"}, 500), ({"pgcode": "57014"}, 503), ({}, 503)]
)
def test_only_an_outage_asks_to_come_back_later(values, status):
    try:
        raise caused_by(**values)
    except OperationalError:
        response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == status
    assert ("Retry-After" in response) == (status == 503)


def test_a_very_long_article_is_saved_and_found():
    """190,000 characters and nearly as many different pairs: more than a tsvector of PostgreSQL takes."""
    text = "".join(chr(code) for code in random.Random(1).choices(range(0x4E00, 0x9F00), k=190_000))
    article = make_article("长文", body=f"<p>开头说光伏发电。{text}</p>")
    assert Article.objects.get(pk=article.pk).body_text.endswith(text[-30:])
    for words in ("光伏发电", text[:2], text[110_000:110_002]):
        assert list(Article.objects.matching(Query.parse(words))) == [article]
