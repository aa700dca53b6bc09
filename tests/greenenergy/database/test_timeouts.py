"""A statement of a server process is cancelled after its time limit, on both databases."""

import time

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from greenenergy.database.timeouts import limit_statements

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.fixture
def limited():
    """A connection like a server process's, with a limit of one second."""
    limit_statements(1)
    own = connection.copy()
    yield own
    connection_created.disconnect(dispatch_uid="limit_statements")
    own.close()


@pytest.mark.django_db(transaction=True)
def test_an_endless_statement_is_cancelled_and_the_connection_stays_usable(limited):
    start = time.monotonic()
    with pytest.raises(OperationalError), limited.cursor() as cursor:
        cursor.execute(ENDLESS[limited.vendor])
    assert 0.5 < time.monotonic() - start < 5
    for _ in range(3):
        with limited.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
