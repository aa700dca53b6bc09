"""Moving the lines of the view journals into the database, each exactly once.

How many bytes of a journal are folded is stored in the same transaction as their views, so it does
not matter what dies in between. A journal is removed when it is folded to its end and its writer
is gone; only then is its row forgotten, by whoever removed the file.
"""

import fcntl
import logging
import os
import threading
from collections import Counter
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from news.models import Article, DailyViews, FoldedJournal, ViewTotal, Visit

from . import journal, shown
from .journal import SLOT_SECONDS, View

logger = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024  # of a journal in one transaction, about 5,000 views: short enough for other writers
ROWS_PER_STATEMENT = 500
KEPT_SLOTS = 2 * 24 * 2  # two days, as long as the visitors' keys
_ADVISORY_LOCK = 0x76696577  # any number of our own; PostgreSQL's lock for one folder at a time


def fold_all() -> int:
    """Fold this process's journal and every one that has lost its process. Returns the number of lines."""
    folded = 0
    own = journal.own_journal()
    if own is not None:
        folded += _fold_file(own.path)
    return folded + fold_orphans()


def fold_orphans() -> int:
    folded = 0
    for path in sorted(settings.VIEW_JOURNAL_DIR.glob("*.log")):
        folded += _fold_orphan(path)
    return folded


def _fold_orphan(path):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:
            return 0  # folded and removed by another process between our two steps
        folded = _fold_file(path)
        path.unlink()
        FoldedJournal.objects.filter(pk=path.stem).delete()
        return folded
    except BlockingIOError:
        return 0  # its writer lives
    finally:
        os.close(descriptor)


def _fold_file(path: Path) -> int:
    """Fold what is new in a journal, chunk by chunk; an unfinished last line waits, or is left behind."""
    folded, is_at_end = 0, False
    while not is_at_end:  # and no transaction only to find nothing: other processes wait for the lock
        with transaction.atomic():
            _one_folder_at_a_time()
            row, _created = FoldedJournal.objects.get_or_create(pk=path.stem)
            lines, size, is_at_end = _read_lines(path, row.folded_bytes)
            views = [view for view in map(View.from_line, lines) if view]
            if len(views) < len(lines):
                logger.warning("%s: %d broken lines left out", path.name, len(lines) - len(views))
            _store(views)
            row.folded_bytes += size
            row.save()
        folded += len(lines)
    return folded


def _read_lines(path, offset):
    """(different lines of the next chunk, its bytes, whether it reached the file's end)."""
    with open(path, "rb") as file:
        file.seek(offset)
        chunk = file.read(CHUNK_BYTES)
    is_at_end = len(chunk) < CHUNK_BYTES or b"\n" not in chunk
    chunk = chunk[: chunk.rfind(b"\n") + 1]
    # The same visitor's repeats within one second are the same line, and count once anyway.
    return list(dict.fromkeys(chunk.splitlines())), len(chunk), is_at_end


def _one_folder_at_a_time():
    """The cap per address is a count, so two folders must not count at once. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def _store(views):
    """Drop repeats and what one address sends too much, add the rest to the totals."""
    articles = set(
        Article.objects.filter(pk__in={view.article_id for view in views}).values_list("pk", flat=True)
    )
    views = [view for view in views if view.article_id in articles]
    visitors = _visitors_of({(view.slot, view.article_id, view.address) for view in views})
    counted = []
    for view in views:
        place = (view.slot, view.article_id, view.address)
        known = visitors.setdefault(place, set())
        if view.visitor not in known and len(known) < settings.ENVIRONMENT.views_per_address:
            known.add(view.visitor)
            counted.append((*place, view.visitor))
    Visit.objects.bulk_create(
        [
            Visit(slot=slot, article_id=pk, address=address, visitor=visitor)
            for slot, pk, address, visitor in counted
        ],
        batch_size=ROWS_PER_STATEMENT,
    )
    _add(ViewTotal, ["article_id"], Counter((pk,) for _slot, pk, _address, _visitor in counted))
    _add(
        DailyViews,
        ["article_id", "day"],
        Counter((pk, _day(slot)) for slot, pk, _address, _visitor in counted),
    )


def _visitors_of(places) -> dict:
    """Visitors already counted, by (slot, article, address): one statement for some hundred places."""
    known = {}
    places = sorted(places)
    table = Visit._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(places), ROWS_PER_STATEMENT):
            part = places[start : start + ROWS_PER_STATEMENT]
            rows = ", ".join(["(%s, %s, %s)"] * len(part))
            cursor.execute(
                f"SELECT slot, article_id, address, visitor FROM {table} "  # noqa: S608  no text of others in it
                f"WHERE (slot, article_id, address) IN (VALUES {rows})",
                [value for place in part for value in place],
            )
            for slot, article_id, address, visitor in cursor.fetchall():
                known.setdefault((slot, article_id, address), set()).add(visitor)
    return known


def _add(model, key_columns, counts):
    """Raise `views` of the rows with these keys, and make those that are missing; in the order of the keys."""
    table = model._meta.db_table
    keys = ", ".join(key_columns)
    with connection.cursor() as cursor:
        items = sorted(counts.items())
        for start in range(0, len(items), ROWS_PER_STATEMENT):
            part = items[start : start + ROWS_PER_STATEMENT]
            row = f"({', '.join(['%s'] * (len(key_columns) + 1))})"
            cursor.execute(
                f"INSERT INTO {table} ({keys}, views) VALUES {', '.join([row] * len(part))} "  # noqa: S608
                f"ON CONFLICT ({keys}) DO UPDATE SET views = {table}.views + excluded.views",
                [value for key, count in part for value in (*key, count)],
            )


def _day(slot):
    return datetime.fromtimestamp(slot * SLOT_SECONDS, timezone.get_default_timezone()).date()


def forget_old_visits() -> None:
    """Delete the visits of one half-hour that is older than the visitors' keys: a little at a time."""
    newest_old_slot = int(timezone.now().timestamp()) // SLOT_SECONDS - KEPT_SLOTS
    oldest = (
        Visit.objects.filter(slot__lt=newest_old_slot).order_by("slot").values_list("slot", flat=True).first()
    )
    if oldest is not None:
        Visit.objects.filter(slot=oldest).delete()


class FoldingThread(threading.Thread):
    """Folds in the background of a server process, until it is stopped."""

    FOLD_SECONDS = 1
    SHOWN_EVERY = 2  # rounds; a page is compressed anew when its number has changed
    HOUSEKEEPING_EVERY = 30

    def __init__(self):
        super().__init__(name="view-folding", daemon=True)
        self._stopping = threading.Event()
        self._folded_size = {}

    def run(self):
        round_number = 0
        while True:
            stopping = self._stopping.is_set()
            try:
                self._round(round_number, stopping)
                if stopping or round_number % self.SHOWN_EVERY == 0:
                    shown.refresh()
            except DatabaseError as error:
                # Nothing is lost: the lines stay in the files, and the next round folds them.
                logger.warning("views wait in the journal: %s", str(error).strip())
            except OSError as error:
                logger.error("a view journal cannot be read: %s", error)
            if stopping:
                break
            close_old_connections()
            round_number += 1
            self._stopping.wait(self.FOLD_SECONDS)
        connection.close()

    def stop(self, timeout: float = 5) -> None:
        """Fold what is left and end; what does not fit into `timeout` seconds waits in the files."""
        self._stopping.set()
        self.join(timeout)

    def _round(self, number, stopping):
        if number % self.HOUSEKEEPING_EVERY == 0:
            journal.prepare_keys()
            forget_old_visits()
        own = journal.own_journal()
        if own is not None and self._folded_size.get(own.name) != own.size:
            size = own.size
            _fold_file(own.path)
            self._folded_size = {own.name: size}
        if stopping:
            journal.close_own_journal()
        fold_orphans()


_thread: FoldingThread | None = None
_thread_process = None


def start_folding() -> None:
    """Start the thread in this process; called again, or by a process forked since, it does what is missing."""
    global _thread, _thread_process
    if _thread_process != os.getpid():
        _thread, _thread_process = FoldingThread(), os.getpid()
        _thread.start()


def stop_folding() -> None:
    """Fold what is left, at most five seconds, and end the thread."""
    global _thread, _thread_process
    if _thread is not None and _thread_process == os.getpid():
        _thread.stop()
        _thread = _thread_process = None
