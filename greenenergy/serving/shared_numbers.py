"""Numbers in a file that the processes of one machine share in memory."""

import fcntl
import math
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

FILE_MODE = 0o600
_NUMBER_BYTES = 8


class SharedNumbers:
    """Unsigned 64-bit numbers, 0 until written. Reading one costs less than a microsecond and makes no system call.

    `setting` names the Django setting that holds the file's path; the file grows by `step` numbers at a time, and is made
    where it is missing. Reading and locking may raise OSError: no descriptor is free, or the disk is full.
    """

    def __init__(self, setting: str, *, step: int):
        self._setting, self._step = setting, step
        self._numbers: memoryview | None = None
        self._inode = 0
        self._mapping = threading.Lock()

    def __getitem__(self, index: int) -> int:
        numbers = self._numbers
        if numbers is None or index >= len(numbers):
            numbers = self._map(index)
        return numbers[index]

    @contextmanager
    def locked(self, index: int = 0) -> Iterator[memoryview]:
        """The numbers up to `index` and beyond, to be written while no other process writes."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # released when the descriptor is closed
            yield self._map(index)
        finally:
            os.close(descriptor)

    def is_replaced(self) -> bool:
        """Whether the file was removed, or another one put in its place, since this process mapped it."""
        if self._numbers is None:
            return False
        try:
            return os.stat(self._path).st_ino != self._inode
        except FileNotFoundError:
            return True

    def forget(self) -> None:
        """Map the file again at the next access."""
        self._numbers = None

    @property
    def _path(self):
        return getattr(settings, self._setting)

    def _map(self, index: int) -> memoryview:
        """The numbers up to `index` at least, mapped now unless they are."""
        with self._mapping:
            numbers = self._numbers
            if numbers is None or index >= len(numbers):
                numbers, self._inode = _mapped(self._path, math.ceil((index + 1) / self._step) * self._step)
                self._numbers = numbers
            return numbers


def _mapped(path, count):
    """`count` numbers of the file, or more where it holds more; and its inode."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        status = os.fstat(descriptor)
        size = max(status.st_size, count * _NUMBER_BYTES)
        # A full disk raises here. Writing to memory that has no room on the disk would kill the process.
        os.posix_fallocate(descriptor, 0, size)
        return memoryview(mmap.mmap(descriptor, size)).cast("Q"), status.st_ino
    finally:
        os.close(descriptor)  # the mapping holds the file
