"""Counting views: one line where a page is answered, and the key that makes a visitor of an address.

A view is appended to a file of the process with one write, before the first byte of the answer:
it survives kill -9, and no reader waits for the database's write lock. view_folding.py moves the
lines into the database a moment later.

The process that writes a journal holds a file lock on it for as long as it lives.
"""

import fcntl
import os
import secrets
import threading
import time
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from greenenergy.serving.client_address import network_of
from news.models import VisitorKey

SLOT_SECONDS = 1800  # one visitor counts once per article and clock half-hour
AGENT_LENGTH = 500  # what stands behind tells nobody apart, and would fill the memory
MAX_JOURNAL_BYTES = 16 * 1024 * 1024  # then the process begins a new one


class View(NamedTuple):
    """One line of a journal. `address` and `visitor` are keyed hashes of 16 hexadecimal digits."""

    article_id: int
    time: int
    address: str
    visitor: str

    @property
    def slot(self) -> int:
        """Half-hours since 1970; Shanghai's offset is whole hours, so these are clock half-hours there."""
        return self.time // SLOT_SECONDS

    @classmethod
    def from_line(cls, line: bytes) -> "View | None":
        """The view of a line, or None for a line that a crash or a full disk has left unfinished."""
        parts = line.decode("ascii", "replace").split(" ")
        if len(parts) != 4 or not (parts[0].isdecimal() and parts[1].isdecimal()):
            return None
        article_id, moment, address, visitor = int(parts[0]), int(parts[1]), parts[2], parts[3]
        if len(address) != 16 or len(visitor) != 16 or article_id >= 2**63 or moment >= 2**40:
            return None
        return cls(article_id, moment, address, visitor)


def record(article_id: int, remote_address: str, user_agent: str) -> None:
    """Write one view down. Raises OSError where the disk does not take it."""
    moment = int(time.time())
    _write(article_id, moment, visitor_key(_day(moment // 3600)), remote_address, user_agent)


def record_with_known_key(article_id: int, remote_address: str, user_agent: str) -> bool:
    """The same, unless the database would have to be asked for the day's key: then False, and nothing is written."""
    moment = int(time.time())
    key = _keys.get(_day(moment // 3600))
    if key is not None:
        _write(article_id, moment, key, remote_address, user_agent)
    return key is not None


def _write(article_id, moment, key, remote_address, user_agent):
    who = _hashes(key, remote_address, user_agent[:AGENT_LENGTH])
    _append(b"%d %d %s\n" % (article_id, moment, who))


@lru_cache(4096)  # whoever reads one page often reads another
def _hashes(key, remote_address, user_agent):
    """Address and visitor as they stand in a line."""
    network = network_of(remote_address).encode()
    address = blake2b(network, key=key, digest_size=8).hexdigest()
    visitor = blake2b(
        network + b"\n" + user_agent.encode("utf-8", "replace"), key=key, digest_size=8
    ).hexdigest()
    return f"{address} {visitor}".encode()


@lru_cache(64)
def _day(hour):
    """Of an hour since 1970: Shanghai's offset is whole hours."""
    return datetime.fromtimestamp(hour * 3600, timezone.get_default_timezone()).date()


_keys: dict = {}


def visitor_key(day) -> bytes:
    """The random key of a day (Shanghai), made by whoever needs it first; all machines read the same."""
    key = _keys.get(day)
    if key is None:
        row, _created = VisitorKey.objects.get_or_create(day=day, defaults={"key": secrets.token_bytes(32)})
        key = _keys[day] = bytes(row.key)
    return key


def prepare_keys() -> None:
    """Make today's and tomorrow's key ahead of need, and forget those of the days before yesterday."""
    today = timezone.localdate()
    for day in (today, today + timedelta(days=1)):
        visitor_key(day)
    oldest = today - timedelta(days=1)
    VisitorKey.objects.filter(day__lt=oldest).delete()
    for day in [day for day in _keys if day < oldest]:
        del _keys[day]
        _hashes.cache_clear()  # with the key goes whatever was made with it


class Journal:
    """The file that one process appends its views to. `name` is random and never used again."""

    def __init__(self, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.name = secrets.token_hex(16)
        self.path = directory / f"{self.name}.log"
        # Locked before it has its name: nobody may take it for one that lost its process.
        draft = directory / f"{self.name}.new"
        self._descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        os.rename(draft, self.path)
        self.size = 0

    def write(self, line: bytes) -> None:
        written = os.write(self._descriptor, line)
        if written < len(line):  # half a line would become the beginning of the next one
            os.ftruncate(self._descriptor, self.size)
            raise OSError(f"{self.path}: only {written} of {len(line)} bytes were written")
        self.size += written

    def close(self) -> None:
        """Give the file up: when every process has, anybody may fold the rest of it."""
        os.close(self._descriptor)


_current: Journal | None = None
_current_lock = threading.Lock()


def _append(line):
    global _current
    with _current_lock:
        if _current is not None and _current.size >= MAX_JOURNAL_BYTES:
            _current.close()
            _current = None
        if _current is None:
            _current = Journal(settings.VIEW_JOURNAL_DIR)
        _current.write(line)


def _forget_parents_journal():
    """In a forked process: the parent goes on with its file, and with the lock on it."""
    global _current, _current_lock
    if _current is not None:
        _current.close()
    _current, _current_lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_parents_journal)


def own_journal() -> Journal | None:
    """The journal that this process writes to at the moment, if it has begun one."""
    return _current


def close_own_journal() -> None:
    """Begin a new journal with the next view; what stands in this one can be folded to its end."""
    global _current
    with _current_lock:
        if _current is not None:
            _current.close()
            _current = None
