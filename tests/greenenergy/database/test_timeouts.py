"""A statement of a server process ends by itself, on both databases."""

import time

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from greenenergy.database.timeouts import limit_statements

FOR_EVER = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.fixture
def limited():
    """A connection as a server process makes it: statements of at most one second."""
    limit_statements(1)
    own = connection.copy()
    yield own
    connection_created.disconnect(dispatch_uid="limit_statements")
    own.close()


@pytest.mark.django_db(transaction=True)
def test_a_statement_without_end_is_ended_and_the_connection_goes_on(limited):
    start = time.monotonic()
    with pytest.raises(OperationalError), limited.cursor() as cursor:
        cursor.execute(FOR_EVER[limited.vendor])
    assert 0.5 < time.monotonic() - start < 5
    for _ in range(3):
        with limited.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
