"""The files of a deleted row are deleted with it: their URLs answer until then to everybody who knows them."""

from collections.abc import Callable
from typing import Any

from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models.signals import post_delete

from .renditions import renditions_of


def delete_files_of(*rows: type[models.Model]) -> None:
    """Delete the files of a row of these models, and the renditions of its pictures, once its deletion is committed."""
    for model in rows:
        post_delete.connect(
            _row_deleted, sender=model, dispatch_uid=f"media.deleted_rows.{model._meta.label}"
        )


def _row_deleted(sender: type[models.Model], instance: models.Model, using: str, **kwargs: Any) -> None:
    for field in sender._meta.fields:
        if not isinstance(field, models.FileField):
            continue
        file = getattr(instance, field.attname)
        others = sender._base_manager.using(using).filter(**{field.name: file.name})
        if file and not others.exists():  # copied rows share a file
            # robust: the row is gone, and the page that follows must not fail for a storage that does not answer.
            transaction.on_commit(_deletion(file.storage, file.name), using=using, robust=True)


def _deletion(storage: Storage, name: str) -> Callable[[], None]:
    def delete_file() -> None:
        for stored in (name, *renditions_of(name)):
            storage.delete(stored)

    return delete_file
