"""Moving the lines of the view journals into the database, each exactly once.

How many bytes of a journal are folded is stored in the transaction that adds their views, so it does not matter which
process dies in between. A journal is removed once it is folded to its end and its writer is gone; only then is its row
deleted, by the process that removed the file.
"""

import fcntl
import logging
import os
import threading
from pathlib import Path

from django.conf import settings
from django.db import transaction

from greenenergy.serving.background import BackgroundThread
from news.models import FoldedJournal

from .journal import JournalFile, View, own_journal
from .shown import shown_views
from .totals import add_views, delete_old_visits, lock_totals
from .visitors import visitor_keys

logger = logging.getLogger(__name__)

# Of a journal in one transaction, about 5,000 views: the longest that other writers wait.
CHUNK_BYTES = 256 * 1024


def fold_all() -> int:
    """Fold this process's journal, and every one whose process is gone. Returns the number of lines."""
    own = own_journal.file
    return (_fold_file(own.path) if own else 0) + fold_orphans()


def fold_orphans() -> int:
    """Fold and remove the journals whose process is gone. Returns the number of lines."""
    return sum(_fold_orphan(path) for path in sorted(settings.VIEW_JOURNAL_DIR.glob("*.log")))


def _fold_orphan(path):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:
            return 0  # folded and removed by another process since we opened it
        folded = _fold_file(path)
        path.unlink()
        FoldedJournal.objects.filter(pk=path.stem).delete()
        return folded
    except BlockingIOError:
        return 0  # its process is alive
    finally:
        os.close(descriptor)


def _fold_file(path: Path) -> int:
    """Fold the new lines of a journal, chunk by chunk. An unfinished last line is not read."""
    folded, is_at_end = 0, False
    while not is_at_end:  # no last transaction that finds nothing: other processes wait for the lock
        with transaction.atomic():
            lock_totals()
            row, _created = FoldedJournal.objects.get_or_create(pk=path.stem)
            lines, size, is_at_end = _read_lines(path, row.folded_bytes)
            views = [view for view in map(View.from_line, lines) if view]
            if len(views) < len(lines):
                logger.warning("%s: %d broken lines left out", path.name, len(lines) - len(views))
            add_views(views)
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
    # One visitor's repeats within a second are equal lines, and count once anyway.
    return list(dict.fromkeys(chunk.splitlines())), len(chunk), is_at_end


class FoldingThread(BackgroundThread):
    """Folds journals in the background of a server process, and refreshes the view counts that it shows."""

    every_seconds = 1
    has_last_work = True  # the views of the last second
    on_fault = "views wait in their journals"  # nothing is lost: a later step folds them
    STEPS_BETWEEN_REFRESHES = 2  # each page with a new number is compressed again
    STEPS_BETWEEN_HOUSEKEEPINGS = 30

    def __init__(self) -> None:
        super().__init__(name="view-folding")
        self._steps = 0
        # This process's file, and its size when it was folded.
        self._folded: tuple[JournalFile, int] | None = None

    def step(self) -> None:
        step, self._steps = self._steps, self._steps + 1
        if step % self.STEPS_BETWEEN_HOUSEKEEPINGS == 0:
            visitor_keys.prepare()
            delete_old_visits()
        self._fold_own_file()
        fold_orphans()
        if step % self.STEPS_BETWEEN_REFRESHES == 0:
            shown_views.refresh()

    def finish(self) -> None:
        self._fold_own_file()
        own_journal.close()
        fold_orphans()
        shown_views.refresh()

    def _fold_own_file(self):
        file = own_journal.file
        if file is not None and self._folded != (file, file.size):
            size = file.size  # before folding: a view may be appended meanwhile
            _fold_file(file.path)
            self._folded = file, size


_thread: FoldingThread | None = None
_starting = threading.Lock()


def start_in_this_process() -> None:
    """Start the thread unless it runs. Call it with each request: a process that was forked since has no thread."""
    global _thread
    if _thread is None or not _thread.is_alive():
        with _starting:
            if _thread is None or not _thread.is_alive():
                _thread = FoldingThread()
                _thread.start()
