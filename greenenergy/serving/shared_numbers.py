"""Numbers in a file that the processes of one machine share in memory."""

import fcntl
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_NUMBER_BYTES = 8


class SharedNumbers:
    """Unsigned 64-bit numbers, 0 until written. Reading one costs less than a microsecond and makes no system call.

    `setting` names the Django setting that holds the file's path; the file grows by `step` numbers at a time, and is made
    where it is missing. Every method may raise OSError: no descriptor is free, or the disk is full.
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
        with open(self._path, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            numbers = self._numbers
            yield numbers if numbers is not None and index < len(numbers) else self._map(index)

    def is_replaced(self) -> bool:
        """Whether the file was removed, or another one put in its place, since this process mapped it."""
        try:
            return os.stat(self._path).st_ino != self._inode
        except FileNotFoundError:
            return True

    def forget(self) -> None:
        """Map the file anew at the next access."""
        self._numbers = None

    @property
    def _path(self):
        return getattr(settings, self._setting)

    def _map(self, index: int) -> memoryview:
        with self._mapping:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                status = os.fstat(descriptor)
                size = max(status.st_size, -(-(index + 1) // self._step) * self._step * _NUMBER_BYTES)
                # A full disk raises here. Writing to memory that has no room on the disk would kill the process.
                os.posix_fallocate(descriptor, 0, size)
                self._numbers = memoryview(mmap.mmap(descriptor, size)).cast("Q")
                self._inode = status.st_ino
            finally:
                os.close(descriptor)  # the mapping holds the file
            return self._numbers
