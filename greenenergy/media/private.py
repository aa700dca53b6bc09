"""Files that only views hand out, after a permission check: DATA_DIR/private, or private/ in the bucket."""

import os
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.storage import storages
from django.utils.deconstruct import deconstructible

from .folder import MediaFolder


@deconstructible(path="greenenergy.media.private.PrivateStorage")
class PrivateStorage:
    """The storage that the settings name "private", looked up at each use: migrations hold this name only."""

    def __getattr__(self, name: str) -> Any:
        return getattr(storages["private"], name)


class PrivateFolder(MediaFolder):
    """Readable only by the user that the site runs as, and without URLs."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> Any:
        return settings.PRIVATE_ROOT

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("private files have no public URL")
