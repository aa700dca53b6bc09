"""Views into the database's rows: repeats are dropped, the rest is added to the totals."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from news.models import Article, DailyViews, ViewTotal, Visit

from .journal import View
from .visitors import SLOT_SECONDS

ROWS_PER_STATEMENT = 500
RETAINED_SLOTS = 2 * 24 * 2  # two days, as long as the visitors' keys
_ADVISORY_LOCK = 0x76696577  # an arbitrary number, for PostgreSQL's lock: one process folds at a time

Place = tuple[int, int, str]  # slot, primary key of the article, hash of the IP address


def lock_totals() -> None:
    """Until the end of the transaction: the limit per IP address is a count, which two processes must not take at once.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def add_views(views: list[View]) -> None:
    """Count each visitor once per article and half-hour, VIEWS_PER_ADDRESS visitors of one IP address at most.

    Views of deleted articles are dropped. Call it within a transaction that holds lock_totals().
    """
    pks = set(Article.objects.filter(pk__in={view.article_id for view in views}).values_list("pk", flat=True))
    counted = _not_counted_yet([view for view in views if view.article_id in pks])
    Visit.objects.bulk_create(
        [
            Visit(slot=slot, article_id=pk, address=address, visitor=visitor)
            for (slot, pk, address), visitor in counted
        ],
        batch_size=ROWS_PER_STATEMENT,
    )
    _add(ViewTotal, ["article_id"], Counter((pk,) for (_slot, pk, _address), _visitor in counted))
    _add(
        DailyViews,
        ["article_id", "day"],
        Counter((pk, _day(slot)) for (slot, pk, _address), _visitor in counted),
    )


def delete_old_visits() -> None:
    """Delete the visits of one half-hour that is older than the visitors' keys: a little at a time."""
    oldest_retained = int(timezone.now().timestamp()) // SLOT_SECONDS - RETAINED_SLOTS
    old = Visit.objects.filter(slot__lt=oldest_retained)
    slot = old.order_by("slot").values_list("slot", flat=True).first()
    if slot is not None:
        Visit.objects.filter(slot=slot).delete()


def _not_counted_yet(views: list[View]) -> list[tuple[Place, str]]:
    """(place, visitor) of the views that count, in their order."""
    visitors = _visitors_of({(view.slot, view.article_id, view.address) for view in views})
    counted = []
    for view in views:
        place = (view.slot, view.article_id, view.address)
        there = visitors.setdefault(place, set())
        if view.visitor not in there and len(there) < settings.ENVIRONMENT.views_per_address:
            there.add(view.visitor)
            counted.append((place, view.visitor))
    return counted


def _visitors_of(places: Iterable[Place]) -> dict[Place, set[str]]:
    """The visitors that are counted already, by place: one statement for some hundred places."""
    visitors: dict[Place, set[str]] = {}
    places = sorted(places)
    table = Visit._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(places), ROWS_PER_STATEMENT):
            part = places[start : start + ROWS_PER_STATEMENT]
            rows = ", ".join(["(%s, %s, %s)"] * len(part))
            cursor.execute(
                f"SELECT slot, article_id, address, visitor FROM {table} "  # noqa: S608  our own names only
                f"WHERE (slot, article_id, address) IN (VALUES {rows})",
                [value for place in part for value in place],
            )
            for slot, article_id, address, visitor in cursor.fetchall():
                visitors.setdefault((slot, article_id, address), set()).add(visitor)
    return visitors


def _add(model, key_columns, counts):
    """Add the counts to `views` of the rows with these keys, and insert missing rows.

    In the order of the keys, so that two transactions cannot deadlock.
    """
    table = model._meta.db_table
    keys = ", ".join(key_columns)
    with connection.cursor() as cursor:
        items = sorted(counts.items())
        for start in range(0, len(items), ROWS_PER_STATEMENT):
            part = items[start : start + ROWS_PER_STATEMENT]
            row = f"({', '.join(['%s'] * (len(key_columns) + 1))})"
            cursor.execute(
                f"INSERT INTO {table} ({keys}, views) VALUES {', '.join([row] * len(part))} "  # noqa: S608  likewise
                f"ON CONFLICT ({keys}) DO UPDATE SET views = {table}.views + excluded.views",
                [value for key, count in part for value in (*key, count)],
            )


def _day(slot: int) -> date:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, timezone.get_default_timezone()).date()
