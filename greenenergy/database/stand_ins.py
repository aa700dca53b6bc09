"""Placeholders that a compiled query is built with instead of values. Querysets accept them; Python cannot use them.

The function that builds the query runs once. If it decided something in Python by a value, the decision would hold for
all later values; so each such attempt raises StandInError.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from django.db.models import BigIntegerField, DateTimeField, Value

FIRST_OFFSET = 910_000_000_000  # larger than any other number in a queryset's SQL


class StandInError(TypeError):
    """The query was built in a way that depends on a value, and cannot be compiled for all values."""


def _refuse(stand_in: object, *others: object) -> NoReturn:
    raise StandInError(
        f"{stand_in!r} stands for a value that is not known yet: Python cannot compare it or compute with it. "
        "Let the database do so, with Least(), Greatest() or F()."
    )


@dataclass(frozen=True)
class Slot:
    """Marks where the value of this name belongs among the parameters of the SQL."""

    name: str


class StandIn(Value):
    """An integer or a moment, as an expression: filters, annotations and database functions take it."""

    def __init__(self, name: str, kind: type):
        super().__init__(Slot(name), output_field=_FIELDS[kind]())
        self.is_moment = kind is datetime

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        # In a prepared statement PostgreSQL would take the parameters of LEAST() for texts.
        cast = "::timestamptz" if self.is_moment and connection.vendor == "postgresql" else ""
        return f"%s{cast}", (self.value,)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | datetime):
            _refuse(self, other)
        return super().__eq__(other)  # Django compares expressions

    __hash__ = Value.__hash__

    # bool() stays true: Django uses it on every expression.
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = _refuse


class Offset(int):
    """How many rows a slice skips: `rows[first : first + 20]`, and no other use.

    A slice accepts only integers, so this is an integer; it is found in the SQL by its digits.
    """

    def __lt__(self, other: int) -> bool:
        return False if other == 0 else _refuse(self, other)  # Django looks for negative slices

    def __add__(self, other: int) -> "Offset":
        return Offset(int(self) + other)

    def __eq__(self, other: object) -> bool:
        return self is other or _refuse(self, other)

    __hash__ = int.__hash__

    def __bool__(self) -> bool:
        _refuse(self)

    __le__ = __gt__ = __ge__ = _refuse
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = _refuse


_FIELDS = {int: BigIntegerField, datetime: DateTimeField}


def make_stand_ins(kinds: dict[str, type]) -> dict[str, StandIn | Offset]:
    return {
        # a thousand rows apart: the end of one slice is never the beginning of another
        name: Offset(FIRST_OFFSET + 1000 * position) if kind is Offset else StandIn(name, kind)
        for position, (name, kind) in enumerate(kinds.items())
    }
