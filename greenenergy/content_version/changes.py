"""What begins a new content version: a save, announced when its transaction has been committed.

Other machines find it in ContentChange rows. A pending row is written in the transaction itself: if the process dies
between commit and announcement, ChangeWatcher (watcher.py) finds the row.
"""

import itertools
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from greenenergy.models import ContentChange

from .version import bump, machine

logger = logging.getLogger(__name__)

BATCH_SECONDS = 1  # between two versions of a command that saves much

_numbers = itertools.count(1)


def content_changed() -> None:
    """Begin a new version when the current transaction is committed; values cached for it before are stale at once.

    A transaction is one new version, however much it saves. A page rendered before the commit would be stale anyway.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        bump()
    change = _change_of(connection)
    if change:
        change.number = next(_numbers)
    else:
        pending = ContentChange.objects.create(machine=machine())
        transaction.on_commit(_Change(pending.pk))


def number_of_own_change() -> int:
    """Changes with each change made in this thread's open transaction; 0 without any."""
    connection = transaction.get_connection()
    change = connection.run_on_commit and _change_of(connection)  # the list is nearly always empty
    return change.number if change else 0


@contextmanager
def batched_changes() -> Iterator[None]:
    """For a command that saves thousands of rows, each in its own transaction: one new version a second.

    With a version for each row no page would stay cached while the command runs. If the process dies meanwhile, its
    pending rows stay, and ChangeWatcher begins the version. The command itself must not rely on cached rows.
    """
    _batch.open()
    try:
        yield
    finally:
        _batch.close()


def watch(*models: type[Model]) -> None:
    """Call content_changed() whenever a row of these models is saved or deleted."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid=f"content_version.{model._meta.label}")


def watch_links(*through: type[Model]) -> None:
    """The same for many-to-many tables."""
    for table in through:
        m2m_changed.connect(_row_changed, sender=table, dispatch_uid=f"content_version.{table._meta.label}")


def _row_changed(sender: type[Model], **kwargs: Any) -> None:
    if not kwargs.get("action", "post_").startswith("pre_"):  # m2m_changed comes before and after
        content_changed()


class _Change:
    """The changes of one transaction: called at its commit, dropped with its rollback."""

    def __init__(self, pending: int):
        self.pending, self.number = pending, next(_numbers)

    def __call__(self) -> None:
        if _batch.is_open:
            _batch.add(self.pending)
        else:
            _announce([self.pending])


class _Batch:
    """Committed changes that are announced together."""

    def __init__(self) -> None:
        self.is_open = False
        self._pending: list[int] = []
        self._announced_at = 0.0  # on the monotonic clock

    def open(self) -> None:
        self.is_open, self._announced_at = True, time.monotonic()

    def close(self) -> None:
        self.is_open = False
        self.announce()

    def add(self, pending: int) -> None:
        self._pending.append(pending)
        if time.monotonic() - self._announced_at >= BATCH_SECONDS:
            self.announce()

    def announce(self) -> None:
        if self._pending:
            _announce(self._pending)
        self._pending, self._announced_at = [], time.monotonic()


_batch = _Batch()


def _announce(pending: list[int]) -> None:
    """Begin a new version here, and replace the pending rows by one that other machines act on."""
    bump()
    try:
        with transaction.atomic():  # one commit for both statements
            ContentChange.objects.create(machine=machine(), is_pending=False)
            ContentChange.objects.filter(pk__in=pending).delete()
    except Error as error:
        logger.error("other machines learn of a change late: %s", error)


def _change_of(connection: Any) -> _Change | None:
    callbacks = (entry[1] for entry in connection.run_on_commit)
    return next((callback for callback in callbacks if isinstance(callback, _Change)), None)
