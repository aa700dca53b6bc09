"""The view journal: each view is one line, appended to a file of this process before the first byte of the answer.

One write() per view survives kill -9, and no reader waits for the database's write lock. folding.py moves the lines
into the database a moment later.

A process holds a file lock on its journal for as long as it lives.
"""

import fcntl
import os
import secrets
import threading
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from .visitors import AGENT_LENGTH, SLOT_SECONDS, day_of_hour, visitor_hashes, visitor_keys

MAX_JOURNAL_BYTES = 16 * 1024 * 1024  # then the process begins a new file


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


def record(article_id: int, ip: str, agent: str) -> None:
    """Record one view. Raises OSError if the disk does not take it, DatabaseError if the day's key cannot be read."""
    moment = int(time.time())
    _write(article_id, moment, visitor_keys.of(day_of_hour(moment // 3600)), ip, agent)


def record_with_cached_key(article_id: int, ip: str, agent: str) -> bool:
    """The same without a query: False, and nothing is written, where the day's key is not cached in this process."""
    moment = int(time.time())
    key = visitor_keys.cached.get(day_of_hour(moment // 3600))
    if key is not None:
        _write(article_id, moment, key, ip, agent)
    return key is not None


def _write(article_id, moment, key, ip, agent):
    hashes = visitor_hashes(key, ip, agent[:AGENT_LENGTH])
    own_journal.append(b"%d %d %s\n" % (article_id, moment, hashes))


class JournalFile:
    """One file of lines. `name` is random and never used again."""

    def __init__(self, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.name = secrets.token_hex(16)
        self.path = directory / f"{self.name}.log"
        # Locked before it gets its name, or another process could take it for one whose writer has died.
        draft = directory / f"{self.name}.new"
        self._descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        os.rename(draft, self.path)
        self.size = 0

    def write(self, line: bytes) -> None:
        """Raises OSError, and leaves the file as it was, where the disk has no room for the whole line."""
        written = os.write(self._descriptor, line)
        if written < len(line):  # half a line would become the beginning of the next one
            os.ftruncate(self._descriptor, self.size)
            raise OSError(f"{self.path}: only {written} of {len(line)} bytes were written")
        self.size += written

    def close(self) -> None:
        """Release the lock: once no process holds it, any process may fold the rest and remove the file."""
        os.close(self._descriptor)


class Journal:
    """The journal of this process: one JournalFile after the other, the first one created with the first view."""

    def __init__(self) -> None:
        self.file: JournalFile | None = None
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def append(self, line: bytes) -> None:
        with self._lock:
            if self.file is not None and self.file.size >= MAX_JOURNAL_BYTES:
                self.file.close()
                self.file = None
            if self.file is None:
                self.file = JournalFile(settings.VIEW_JOURNAL_DIR)
            self.file.write(line)

    def close(self) -> None:
        """Begin a new file with the next view; this one can be folded to its end."""
        with self._lock:
            if self.file is not None:
                self.file.close()
                self.file = None

    def _leave_to_parent(self):
        """In a forked child: the parent goes on with the file, and still holds the lock on it."""
        if self.file is not None:
            self.file.close()
        self.file, self._lock = None, threading.Lock()


own_journal = Journal()
