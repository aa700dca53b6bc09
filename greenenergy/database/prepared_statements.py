"""Queries that PostgreSQL parses once for each connection, and plans once where one plan fits all values.

Planning takes PostgreSQL longer than finding an article's neighbours: 0.28 of 0.33 ms. psycopg2 has no API for prepared
statements, so they are written in SQL: https://www.postgresql.org/docs/current/sql-prepare.html
Behind a pooler that gives each transaction another connection, a statement may be missing; then the query runs unprepared.
"""

import logging
from hashlib import sha256
from typing import Any

from django.db import DatabaseError, ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)

# Error codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
_EXISTS = "42P05"
_IS_GONE, _COLUMN_CHANGED = "26000", "0A000"


class PreparedStatement:
    """`sql` with %s for each of `parameters`: (name, None) for a value given with each call, or (None, constant)."""

    def __init__(self, sql: str, parameters: list[tuple[str | None, Any]]):
        self._sql, self._parameters = sql, parameters
        self._names = list(dict.fromkeys(name for name, _constant in parameters if name))
        self._name = "site_" + sha256(repr((sql, parameters)).encode()).hexdigest()[:24]
        self._can_be_prepared = True
        self._call = f"EXECUTE {self._name} ({', '.join(['%s'] * len(self._names))})"

    def execute(self, connection: BaseDatabaseWrapper, cursor: CursorWrapper, values: dict[str, Any]) -> None:
        """Run the query and leave its rows in the cursor.

        Unprepared in a transaction: the error of a missing statement would abort it.
        """
        if not connection.in_atomic_block and self._is_prepared(connection):
            try:
                cursor.execute(self._call, [values[name] for name in self._names])
                return
            except DatabaseError as error:
                code = _code_of(error)
                if code not in (_IS_GONE, _COLUMN_CHANGED):
                    raise
                _prepared_on(connection).discard(self._name)
                if code == _COLUMN_CHANGED:
                    cursor.execute(f"DEALLOCATE {self._name}")
        cursor.execute(self._sql, [values[name] if name else constant for name, constant in self._parameters])

    def _is_prepared(self, connection):
        connection.ensure_connection()
        prepared = _prepared_on(connection)
        if self._can_be_prepared and self._name not in prepared:
            try:
                # Not through Django's cursor, which would count and log it among the page's queries.
                with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                    cursor.execute(f"PREPARE {self._name} AS {self._text(cursor)}")
                prepared.add(self._name)
            except ProgrammingError as error:
                if _code_of(error) == _EXISTS:
                    prepared.add(self._name)
                else:
                    self._can_be_prepared = False
                    logger.warning("the query runs unprepared: %s %s", error, self._sql)
        return self._name in prepared

    def _text(self, cursor):
        first, *others = self._sql.split("%s")
        pieces = [first]
        for (name, constant), text in zip(self._parameters, others, strict=True):
            place = f"${self._names.index(name) + 1}" if name else cursor.mogrify("%s", (constant,)).decode()
            pieces += (place, text)
        return "".join(pieces).replace("%%", "%")


def _code_of(error):
    return getattr(error.__cause__, "pgcode", None)


def _prepared_on(connection) -> set[str]:
    """The names of the statements that were prepared on this connection; none after a reconnection."""
    made_for, prepared = getattr(connection, "prepared_statements", (None, set()))
    if made_for is not connection.connection:
        prepared = set()
        connection.prepared_statements = (connection.connection, prepared)
    return prepared
