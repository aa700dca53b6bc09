"""A query that is written as a queryset and compiled once.

Building and compiling a queryset costs Django 0.5 to 2 ms each time, more than most of our queries
need in the database. Where a page runs the same query with other values each time, it is compiled here.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection, connections
from django.db.models import Model, QuerySet

from .prepared_statements import PreparedStatement
from .stand_ins import FIRST_OFFSET, Offset, Slot, StandInError, make_stand_ins

LARGEST = 2**63 - 1

Row = TypeVar("Row", bound=Model)


class CompiledQuery(Generic[Row]):
    """`CompiledQuery(lambda pk, at: …queryset…, pk=int, at=datetime)`; called with values by name, it returns the rows.

    The function is called once for each kind of database, with stand-ins that raise StandInError where Python compares
    them or computes with them, see stand_ins.py. A value is an integer or a moment (`int`, `datetime`), or the first
    row of a slice (`Offset`). `only()` and annotations hold as usual, `select_related()` and `prefetch_related()` do not.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], *, has_one_plan: bool = False, **kinds: type):
        """`has_one_plan`: one plan is good for all values, so PostgreSQL may cache it and skip planning.

        Leave it off where a value may be frequent or rare, like a tag. With an offset above 0 the query is always planned.
        """
        self._build, self._has_one_plan, self._kinds = build, has_one_plan, kinds
        self._compiled: dict[str, _Compiled] = {}  # by kind of database

    def __call__(self, **values: int | datetime | None) -> list[Row]:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = _Compiled(self._build, self._has_one_plan, self._kinds)
            self._compiled[connection.vendor] = compiled
        if any(isinstance(value, int) and not -LARGEST <= value <= LARGEST for value in values.values()):
            return []  # like a queryset: no such integer can be in the database
        return compiled.rows(values)


class _Compiled:
    """The SQL of one kind of database, and how its rows become models."""

    def __init__(self, build, has_one_plan, kinds):
        stand_ins = make_stand_ins(kinds)
        compiler = build(**stand_ins).query.get_compiler(connection=connection)
        self._sql, parameters = compiler.as_sql()
        self._parameters = [
            (value.name, None) if isinstance(value, Slot) else (None, value) for value in parameters
        ]
        self._put_offsets({name: value for name, value in stand_ins.items() if isinstance(value, Offset)})
        missing = set(kinds) - {name for name, _constant in self._parameters}
        if missing:
            raise StandInError(f"{', '.join(sorted(missing))} did not reach the query.")
        self._statement = None
        if has_one_plan and connection.vendor == "postgresql":
            first_page = [
                (None, 0) if name in self._offsets else (name, value) for name, value in self._parameters
            ]
            self._statement = PreparedStatement(self._sql, first_page)
        self._read_columns(compiler)

    def _put_offsets(self, stand_ins):
        """Django writes a slice into the SQL itself: make parameters of its offsets."""
        names = {str(int(value)): name for name, value in stand_ins.items()}
        self._offsets = set(names.values())
        for literal in re.findall(r"OFFSET (\d+)\b", self._sql):
            if literal in names:
                before, after = self._sql.split(f"OFFSET {literal}", 1)
                self._parameters.insert(before.count("%s"), (names[literal], None))
                self._sql = f"{before}OFFSET %s{after}"
        strays = [
            value for _name, value in self._parameters if isinstance(value, int) and value >= FIRST_OFFSET
        ]
        if strays:
            raise StandInError("An Offset reached the query elsewhere than as the beginning of a slice.")

    def _read_columns(self, compiler):
        """Compute once what Django's ModelIterable would compute for each query."""
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

    def rows(self, values: dict[str, Any]) -> list:
        adapted = {name: _for_database(value) for name, value in values.items()}
        database = connections[connection.alias]  # `connection` would look it up at each access
        with database.cursor() as cursor:
            if self._statement and not any(adapted[name] for name in self._offsets):
                self._statement.execute(database, cursor, adapted)
            else:
                cursor.execute(
                    self._sql, [adapted[name] if name else value for name, value in self._parameters]
                )
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
