"""Prepared statements give the rows of the plain query, whatever happens to the connection."""

import environ
import psycopg2
import pytest
from django.db.utils import ConnectionHandler, OperationalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from greenenergy.database.prepared_statements import PreparedStatement
from tests.servers import POSTGRESQL

pytestmark = [pytest.mark.server, pytest.mark.django_db]

SQL = "SELECT n, %s AS word, '100%%' AS all FROM generate_series(%s::int, %s::int) AS n WHERE n <> %s ORDER BY n"
PARAMETERS = [(None, "it's 50% or %s"), ("first", None), ("last", None), ("first", None)]
ROWS = [(5, "it's 50% or %s", "100%"), (6, "it's 50% or %s", "100%")]
NAMES = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
def postgresql():
    """A second Django database connection, besides that of the tests."""
    handler = ConnectionHandler({"default": environ.Env.db_url_config(POSTGRESQL)})
    yield handler["default"]
    handler["default"].close()


def run(connection, statement, **values):
    with connection.cursor() as cursor:
        statement.execute(connection, cursor, values)
        return cursor.fetchall()


def count_names(connection):
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return cursor.fetchone()[0]


def test_it_is_prepared_once_and_run_with_other_values(postgresql):
    statement = PreparedStatement(SQL, PARAMETERS)
    for _ in range(8):  # from the sixth time on PostgreSQL may cache its plan
        assert run(postgresql, statement, first=4, last=6) == ROWS
        assert run(postgresql, statement, first=4, last=5) == ROWS[:1]
    assert count_names(postgresql) == 1


def test_a_new_connection_prepares_again(postgresql):
    statement = PreparedStatement(SQL, PARAMETERS)
    run(postgresql, statement, first=4, last=6)
    postgresql.close()
    assert run(postgresql, statement, first=4, last=6) == ROWS
    assert count_names(postgresql) == 1


def test_a_pooler_may_hand_out_another_connection(postgresql):
    """The statement is missing there, or another client has prepared it."""
    statement = PreparedStatement(SQL, PARAMETERS)
    run(postgresql, statement, first=4, last=6)
    with postgresql.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert run(postgresql, statement, first=4, last=6) == ROWS
    assert run(postgresql, statement, first=4, last=6) == ROWS
    del postgresql.prepared_statements
    assert run(postgresql, statement, first=4, last=6) == ROWS
    assert count_names(postgresql) == 1


def test_a_missing_statement_aborts_no_transaction(postgresql):
    statement = PreparedStatement(SQL, PARAMETERS)
    run(postgresql, statement, first=4, last=6)
    postgresql.set_autocommit(False)
    postgresql.in_atomic_block = True
    with postgresql.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert run(postgresql, statement, first=4, last=6) == ROWS


def test_a_column_that_has_changed_its_type_is_read_as_it_is_now(postgresql):
    statement = PreparedStatement("SELECT word FROM words WHERE word <> %s", [("other", None)])
    with postgresql.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE words (word varchar(10))")
        cursor.execute("INSERT INTO words VALUES ('7')")
    assert run(postgresql, statement, other="x") == [("7",)]
    with postgresql.cursor() as cursor:
        cursor.execute("ALTER TABLE words ALTER word TYPE text")
    for _ in range(2):
        assert run(postgresql, statement, other="x") == [("7",)]
    with CaptureQueriesContext(postgresql) as queries:  # prepared again
        assert run(postgresql, statement, other="x") == [("7",)]
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("EXECUTE")


def test_a_locked_table_raises_operational_error(postgresql):
    """From PREPARE as from EXECUTE: the visitor gets a 503."""
    with postgresql.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS locked_words (word text)")
        cursor.execute("SET lock_timeout = '100ms'")
    with psycopg2.connect(POSTGRESQL) as other, other.cursor() as lock:
        lock.execute("LOCK TABLE locked_words IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError):
            run(
                postgresql,
                PreparedStatement("SELECT word FROM locked_words WHERE word = %s", [("w", None)]),
                w=1,
            )
        other.rollback()
    other.close()
    with postgresql.cursor() as cursor:
        cursor.execute("DROP TABLE locked_words")


def test_a_query_that_cannot_be_prepared_runs_as_it_is(postgresql, caplog):
    statement = PreparedStatement(
        "SELECT * FROM generate_series(%s, %s)", PARAMETERS[1:3]
    )  # of unknown types
    for _ in range(3):
        assert run(postgresql, statement, first=4, last=5) == [(4,), (5,)]
    assert len(caplog.records) == 1
    assert "generate_series" in caplog.text


def test_an_error_of_the_query_is_raised(postgresql):
    with pytest.raises(ProgrammingError) as raised:
        run(postgresql, PreparedStatement("SELECT nothing FROM nowhere WHERE 1 = %s", [("one", None)]), one=1)
    assert isinstance(raised.value.__cause__, psycopg2.errors.UndefinedTable)


OPEN_ALL = """
from django.db import connection
from django.test import Client
from django.utils import timezone
from greenenergy.models import Section
from news.models import Article, Tag
section = Section.objects.create(name="行业资讯", slug="industry")
for number in range(3):
    article = Article.objects.create(title=f"第{number}篇", section=section, status="published",
        published_at=timezone.now(), body="<p>正文。</p>")
    article.tags.set(Tag.objects.for_names(["光伏"]))
client = Client(SERVER_NAME="127.0.0.1")
for path in ("/", "/news/", "/news/industry/", article.get_absolute_url(), Tag.objects.first().get_absolute_url()):
    assert client.get(path).status_code == 200, path
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_prepared_statements")
    print(cursor.fetchone()[0])
"""


def test_every_compiled_query_of_the_pages_can_be_prepared(make_site):
    site = make_site("postgresql", start=False)
    printed = site.manage("shell", "-v", "0", "-c", OPEN_ALL)
    assert int(printed.stdout) > 8
    assert "unprepared" not in printed.stderr
