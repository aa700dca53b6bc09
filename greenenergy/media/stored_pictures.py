"""Pictures that belong to no model field: those that editors and imports put into a body."""

from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from .pictures import clean_picture
from .renditions import store_renditions


@dataclass(frozen=True)
class StoredPicture:
    """A picture in the media storage: its public URL and its size in pixels."""

    url: str
    width: int
    height: int


def store_picture(file: File) -> StoredPicture:
    """Clean and store an uploaded picture with its renditions. Raises ValidationError, in the editor's words."""
    picture = clean_picture(file)
    name = default_storage.save(f"pictures/{timezone.localdate():%Y/%m}/{picture.name}", picture)
    store_renditions(default_storage, name, picture)
    return StoredPicture(default_storage.url(name), picture.width, picture.height)
