"""A query that is written as a queryset and compiled once.

Building and compiling a queryset costs Django 0.5 to 2 ms each time, more than most of our queries
need in the database. Where a page asks the same question with other values each time, the question
is asked here.
"""

import re
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

LARGEST = 2**63 - 1


class Prepared:
    """`Prepared(lambda pk, at: …queryset…, pk=int, at=datetime)`; called with values, it gives the rows.

    The function is called once, with stand-ins for its values, which have to reach the database as they are:
    as an integer or a moment to compare with, or as the first row of a slice. `only()` and annotations hold as usual,
    `select_related()` and `prefetch_related()` do not.
    """

    def __init__(self, build, **kinds: type):
        self._build, self._kinds = build, kinds
        self._compiled = {}  # by kind of database

    def __call__(self, **values) -> list:
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile()
        if any(isinstance(value, int) and not -LARGEST <= value <= LARGEST for value in values.values()):
            return []  # as a queryset would say: no such number can be in the database
        model, sql, parameters = self._compiled[connection.vendor]
        known = {name: _for_database(value) for name, value in values.items()}
        return list(model._base_manager.raw(sql, [known.get(name, value) for name, value in parameters]))

    def _compile(self):
        stand_ins = {
            name: 910_000_000_000 + number if kind is int else datetime(9000, 1, 1 + number, tzinfo=UTC)
            for number, (name, kind) in enumerate(self._kinds.items())
        }
        rows: QuerySet = self._build(**stand_ins)
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
        names = {_for_database(value): name for name, value in stand_ins.items()}
        named = [(names.get(value) if _is_plain(value) else None, value) for value in parameters]
        for literal in re.findall(r"OFFSET (91\d{10})\b", sql):  # a slice stands in the SQL itself
            before = sql[: sql.index(literal)].count("%s")
            named.insert(before, (names[int(literal)], None))
            sql = sql.replace(literal, "%s", 1)
        missing = set(self._kinds) - {name for name, _value in named}
        assert not missing, f"{missing} did not reach the query as they were given"  # noqa: S101  a fault of ours
        return rows.model, sql, named


def _for_database(value):
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _is_plain(value):
    return isinstance(value, int | str | datetime)
