"""Files that only a view hands out, after it has asked who wants them: DATA_DIR/private."""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="greenenergy.private_files.PrivateStorage")
class PrivateStorage(FileSystemStorage):
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
