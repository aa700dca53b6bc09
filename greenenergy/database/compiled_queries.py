"""A query that is written as a queryset and compiled once.

Building and compiling a queryset costs Django 0.5 to 2 ms each time, more than most of our queries
need in the database. Where a page asks the same question with other values each time, the question
is asked here.
"""

import re
from datetime import UTC, datetime

from django.db import connection, connections

from .prepared_statements import PreparedStatement

LARGEST = 2**63 - 1


class CompiledQuery:
    """`CompiledQuery(lambda pk, at: …queryset…, pk=int, at=datetime)`; called with values, it gives the rows.

    The function is called once, with stand-ins for its values, which have to reach the database as they are:
    as an integer or a moment to compare with, or as the first row of a slice. `only()` and annotations hold as usual,
    `select_related()` and `prefetch_related()` do not.
    """

    def __init__(self, build, *, has_one_plan: bool = False, **kinds: type):
        """`has_one_plan`: the database may read the same way whatever the values are, and need not think each time.

        Not so where a value may be frequent or rare, like a tag. Further pages of a list are planned each time.
        """
        self._build, self._has_one_plan, self._kinds = build, has_one_plan, kinds
        self._compiled = {}  # by kind of database

    def __call__(self, **values) -> list:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = _Compiled(self._build, self._has_one_plan, self._kinds)
            self._compiled[connection.vendor] = compiled
        if any(isinstance(value, int) and not -LARGEST <= value <= LARGEST for value in values.values()):
            return []  # as a queryset would say: no such number can be in the database
        return compiled.rows(values)


class _Compiled:
    """The SQL of one kind of database, and how its rows become models."""

    def __init__(self, build, has_one_plan, kinds):
        stand_ins = {
            name: 910_000_000_000 + number if kind is int else datetime(9000, 1, 1 + number, tzinfo=UTC)
            for number, (name, kind) in enumerate(kinds.items())
        }
        compiler = build(**stand_ins).query.get_compiler(connection=connection)
        self._sql, parameters = compiler.as_sql()
        names = {_for_database(value): name for name, value in stand_ins.items()}
        self._parameters = [(names.get(value) if _is_plain(value) else None, value) for value in parameters]
        self._offsets = set()
        for literal in re.findall(r"OFFSET (91\d{10})\b", self._sql):  # a slice stands in the SQL itself
            before = self._sql[: self._sql.index(literal)].count("%s")
            self._offsets.add(names[int(literal)])
            self._parameters.insert(before, (names[int(literal)], None))
            self._sql = self._sql.replace(literal, "%s", 1)
        missing = set(kinds) - {name for name, _value in self._parameters}
        assert not missing, f"{missing} did not reach the query as they were given"  # noqa: S101  a fault of ours
        self._statement = None
        if has_one_plan and connection.vendor == "postgresql":
            first_page = [
                (None, 0) if name in self._offsets else (name, value) for name, value in self._parameters
            ]
            self._statement = PreparedStatement(self._sql, first_page)
        self._read_columns(compiler)

    def _read_columns(self, compiler):
        """What Django's ModelIterable finds out for each query anew."""
        columns = [expression for expression, _sql, _alias in compiler.select]
        fields = compiler.klass_info["select_fields"]
        self._model = compiler.klass_info["model"]
        self._fields = slice(fields[0], fields[-1] + 1)
        self._field_names = [column.target.attname for column in columns[self._fields]]
        self._annotations = list(compiler.annotation_col_map.items())
        self._converters = [
            (position, convert, expression)
            for position, (converters, expression) in compiler.get_converters(columns).items()
            for convert in converters
        ]

    def rows(self, values):
        known = {name: _for_database(value) for name, value in values.items()}
        database = connections[connection.alias]  # this thread's own, without the detour through `connection`
        with database.cursor() as cursor:
            if self._statement and not any(known[name] for name in self._offsets):
                self._statement.execute(database, cursor, known)
            else:
                cursor.execute(self._sql, [known.get(name, value) for name, value in self._parameters])
            return [self._to_model(row, database) for row in cursor.fetchall()]

    def _to_model(self, row, database):
        row = list(row)
        for position, convert, expression in self._converters:
            row[position] = convert(row[position], expression, database)
        model = self._model.from_db(database.alias, self._field_names, row[self._fields])
        for name, position in self._annotations:
            setattr(model, name, row[position])
        return model


def _for_database(value):
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _is_plain(value):
    return isinstance(value, int | str | datetime)
