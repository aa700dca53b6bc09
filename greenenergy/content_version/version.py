"""Rows that every page shows, read once for as long as nothing has changed.

The content version is one number in a file that the workers of a machine share in memory: reading it
costs less than a microsecond. Saving something that visitors see raises it. What the file cannot tell
(another machine saved, a process died between commit and raising) stands in the database, as a row
that was written in the same transaction; ChangeWatcher asks for such rows twice a second.
"""

import fcntl
import itertools
import logging
import math
import mmap
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import contextmanager
from hashlib import sha256

from django.conf import settings
from django.db import Error, close_old_connections, connection, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from greenenergy.models import ContentChange

logger = logging.getLogger(__name__)

KEPT_SECONDS = 1
MOST_KEPT = 5000  # rows and pieces of pages, of a few KB; then it begins anew
_BYTES = 16  # the version, and a number that no other machine has

_kept: dict = {}
_is_watched = False  # by a ChangeWatcher of this process


def cached(name: Hashable, read: Callable, *, follows_clock: bool = True):
    """What `read()` gave in this content version; the callers share one object and must not change it.

    What does not follow the clock is kept as long as the version, where somebody watches for changes of other machines.
    A transaction that has changed something sees its own rows, and nobody else sees them before its commit.
    """
    # Before reading: a change while we read makes the next request read again.
    version = (current(), _own_change())
    entry = _kept.get(name)
    now = time.monotonic()
    seconds = KEPT_SECONDS if follows_clock or not _is_watched else math.inf
    if entry is None or entry[0] != version or now - entry[1] > seconds:
        entry = (version, now, read())
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[name] = entry
    return entry[2]


def clear_cache() -> None:
    """Read everything anew in this process."""
    _kept.clear()


def content_changed() -> None:
    """What visitors see has changed: at once for this transaction, and for all others when it is committed.

    A transaction, however much it saves, is one new version, and its commit is the moment: a page made before it
    would have to be made again.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        _raise()
    change = _change_in(connection)
    if change:
        change.number = next(_numbers)
    else:
        pending = ContentChange.objects.create(machine=_machine())
        transaction.on_commit(_Change(pending.pk))


class _Change:
    """What a transaction has changed so far: called when it is committed, forgotten when it is rolled back."""

    def __init__(self, pending: int):
        self.pending, self.number = pending, next(_numbers)

    def __call__(self):
        if _gathered is None:
            _tell([self.pending])
        else:
            _gathered.add(self.pending)


def _tell(pending):
    """These changes are committed: a new version here, and a row that other machines have not seen."""
    _raise()
    try:
        with transaction.atomic():  # one commit
            ContentChange.objects.create(machine=_machine(), is_pending=False)
            ContentChange.objects.filter(pk__in=pending).delete()
    except Error as error:
        logger.error("other machines hear of a change late: %s", error)


@contextmanager
def batched_changes():
    """For a command that saves thousands of rows, each in a transaction: a new version once a second, not with each.

    Else no page of the site would be ready as long as the command runs. What dies within has left its rows pending,
    and ChangeWatcher begins a version for them. The command itself must not rely on kept rows.
    """
    global _gathered
    _gathered = _Gathered()
    try:
        yield
    finally:
        _gathered.tell()
        _gathered = None


class _Gathered:
    def __init__(self):
        self._pending, self._told = [], time.monotonic()

    def add(self, pending):
        self._pending.append(pending)
        if time.monotonic() - self._told >= KEPT_SECONDS:
            self.tell()

    def tell(self):
        if self._pending:
            _tell(self._pending)
        self._pending, self._told = [], time.monotonic()


_gathered: _Gathered | None = None
_numbers = itertools.count(1)


def _change_in(connection):
    changes = (entry[1] for entry in connection.run_on_commit)
    return next((change for change in changes if isinstance(change, _Change)), None)


def _own_change() -> int:
    """Another number after each change that this thread's transaction has made; 0 where it has made none."""
    connection = transaction.get_connection()
    change = connection.run_on_commit and _change_in(connection)  # nearly always there is nothing
    return change.number if change else 0


def watch(*models) -> None:
    """Call content_changed() whenever a row of these models is saved or deleted."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid=f"content_version.{model._meta.label}")


def watch_links(*through) -> None:
    """The same for many-to-many tables."""
    for table in through:
        m2m_changed.connect(_row_changed, sender=table, dispatch_uid=f"content_version.{table._meta.label}")


def _row_changed(sender, **kwargs):
    if not kwargs.get("action", "post_").startswith("pre_"):
        content_changed()


def _machine():
    """The same for all processes that share the file, and for no others: containers may have one host name."""
    own = f"{socket.gethostname()} {settings.CONTENT_VERSION_FILE} {(_shared or _share())[1]}"
    return sha256(own.encode()).hexdigest()[:40]


class ChangeWatcher(threading.Thread):
    """Hears of changes that this machine's file does not tell of, until it is stopped."""

    EVERY_SECONDS = 0.5
    LOST_SECONDS = 2  # a pending row of our own that old has lost its process
    KEPT_ROWS = 200

    def __init__(self):
        super().__init__(name="change-watcher", daemon=True)
        self._stopping = threading.Event()
        self._seen: dict[int, float] = {}

    def stop(self) -> None:
        self._stopping.set()

    def run(self):
        global _is_watched
        _is_watched = True
        try:
            while not self._stopping.wait(self.EVERY_SECONDS):
                try:
                    self.look()
                except (Error, OSError) as error:
                    logger.warning("changes of other machines are not heard of: %s", str(error).strip())
                close_old_connections()
        finally:
            _is_watched = False
            connection.close()

    def look(self) -> None:
        """Begin a new content version where a row says so that was not there the last time."""
        _forget_replaced_file()
        rows = ContentChange.objects.order_by("-pk").values_list("pk", "machine", "is_pending")
        rows, now, others, lost = list(rows[: self.KEPT_ROWS]), time.monotonic(), [], []
        own = _machine()
        for pk, machine, is_pending in rows:
            if machine == own:
                first_seen = self._seen.setdefault(pk, now)
                if is_pending and now - first_seen > self.LOST_SECONDS:
                    lost.append(pk)
            elif pk not in self._seen:
                others.append(pk)
        if others or lost:
            _raise()
        self._seen.update(dict.fromkeys(others, now))  # not before: what failed is tried again
        if lost:
            ContentChange.objects.filter(pk__in=lost).delete()
        if len(rows) == self.KEPT_ROWS:
            ContentChange.objects.filter(pk__lt=rows[self.KEPT_ROWS // 2][0], is_pending=False).delete()
        self._seen = {pk: self._seen[pk] for pk, _machine_name, _pending in rows if pk in self._seen}


def current() -> int:
    """The content version: another number after whatever visitors see has been saved."""
    return (_shared or _share())[0]


_shared: memoryview | None = None  # the file's two numbers
_inode = 0


def _share():
    global _shared, _inode
    descriptor = os.open(settings.CONTENT_VERSION_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, _BYTES)  # a full disk is an error here, and a dead process later
        shared = memoryview(mmap.mmap(descriptor, _BYTES)).cast("Q")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        shared[1] = shared[1] or secrets.randbits(63) + 1
        _inode, _shared = os.fstat(descriptor).st_ino, shared
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # the memory keeps the file open
        os.close(descriptor)
    return _shared


def forget_file() -> None:
    """Look for the file again when it is asked for next."""
    global _shared
    _shared = None


def _forget_replaced_file():
    """Somebody may have removed the file, or put another one in its place."""
    try:
        is_same = os.stat(settings.CONTENT_VERSION_FILE).st_ino == _inode
    except FileNotFoundError:
        is_same = False
    if not is_same:
        forget_file()
        _raise()


def _raise():
    number = _shared or _share()
    with open(settings.CONTENT_VERSION_FILE, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        number[0] = max(
            time.time_ns(), number[0] + 1
        )  # two changes within a tick of the clock are two versions
