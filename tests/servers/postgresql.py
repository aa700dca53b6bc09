"""The PostgreSQL server that tests may use."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def postgresql_answers():
    try:
        psycopg2.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def execute_on_postgresql(statement, url=POSTGRESQL):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def query_postgresql(query):
    """The first value of the first row."""
    connection = psycopg2.connect(POSTGRESQL)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def url_of_database(name):
    """The URL of another database of the same server."""
    parts = urlsplit(POSTGRESQL)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))
