"""Media in a folder of the disk. A disk that is full or read-only leaves no part of a file, and is told as such."""

import contextlib
import os

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from .errors import StorageFull


class MediaFolder(FileSystemStorage):
    """Raises StorageFull where a file cannot be written, and removes what was written of it."""

    def _save(self, name: str, content: File) -> str:
        path = self.path(name)
        is_new = not os.path.lexists(path)
        try:
            return super()._save(name, content)  # type: ignore[misc]  # the stubs lack it
        except OSError as error:
            if is_new:
                with contextlib.suppress(OSError):  # a read-only disk has nothing of it
                    os.remove(path)
            raise StorageFull(f"{path}: {error}") from error
