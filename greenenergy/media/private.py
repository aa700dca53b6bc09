"""Files that only a view hands out, after it has asked who wants them: DATA_DIR/private, or private/ in the bucket."""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils.deconstruct import deconstructible


@deconstructible(path="greenenergy.media.private.PrivateStorage")
class PrivateStorage:
    """The storage that the settings name "private"; asked for at each use, so that migrations know but this name."""

    def __getattr__(self, name):
        return getattr(storages["private"], name)


class PrivateFolder(FileSystemStorage):
    """Readable by the site's user alone, and without an address of its own."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return os.path.abspath(self.base_location)

    def url(self, name):
        raise ValueError("private files have no public address")
