"""Media and private files in a bucket of S3, or of what speaks like it: MEDIA_STORAGE_URL.

Imported only where that is set: the library comes with requirements-s3.lock. Files keep their
addresses on this site; a piece of one is fetched into a temporary file and leaves by the event loop
like a file of the disk, so that a slow reader holds no thread.
"""

import io
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .errors import StorageUnavailable

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 2
SILENT_SECONDS = 10
KEPT_CONNECTIONS = 32
MEMORY_BYTES = 1024 * 1024  # of a fetched file; what is larger goes to a temporary file
FETCHED_BYTES = 64 * 1024 * 1024  # more than any upload; a piece that is larger streams from the store
KEY_BYTES = 1024  # the longest key S3 knows


class ObjectStorage(S3Storage):
    """One folder of a bucket. The options are those of Environment.media_storage.

    Raises FileNotFoundError for what is not there, StorageUnavailable for all else that goes wrong.
    """

    def __init__(self, **options):
        self._store = _store(**{name: value for name, value in options.items() if name != "bucket_name"})
        super().__init__(
            **options,
            session_profile=None,
            file_overwrite=False,
            transfer_config=TransferConfig(use_threads=False, multipart_threshold=FETCHED_BYTES),
        )

    @property
    def connection(self):
        return self._store.resource

    def find(self, name: str) -> "StoredObject":
        """Size and version of an object, without its content."""
        key = self._normalize_name(name)
        if len(key.encode()) > KEY_BYTES:
            raise FileNotFoundError(name)
        with self._store.asking(name):
            head = self._store.client.head_object(Bucket=self.bucket_name, Key=key)
        modified = int(head["LastModified"].timestamp())
        return StoredObject(self._store, self.bucket_name, key, head["ContentLength"], head["ETag"], modified)

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError(f"{name}: objects are written by save()")
        with self._store.asking(name):
            answer = self._store.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            return File(_fetched(answer["Body"]), name)

    def _save(self, name, content):
        with self._store.asking(name):
            return super()._save(name, content)

    def delete(self, name):
        with self._store.asking(name):
            super().delete(name)

    def exists(self, name):
        with self._store.asking(name):
            return super().exists(name)

    def listdir(self, name):
        with self._store.asking(name):
            return super().listdir(name)

    def size(self, name):
        with self._store.asking(name):
            return super().size(name)

    def get_modified_time(self, name):
        with self._store.asking(name):
            return super().get_modified_time(name)


class MediaBucket(ObjectStorage):
    """Public files; their addresses are those of this site, see media.py."""

    location = "media"

    def url(self, name):
        return settings.MEDIA_URL + filepath_to_uri(name).lstrip("/")


class PrivateBucket(ObjectStorage):
    """What PrivateFolder is on a disk."""

    location = "private"

    def url(self, name):
        raise ValueError("private files have no public address")


@dataclass(frozen=True)
class StoredObject:
    """One object at the moment it was found: its size in bytes, its ETag, and when it was written, in Unix seconds."""

    store: "_Store"
    bucket: str
    key: str
    size: int
    etag: str
    modified: int

    def piece(self, begin: int, end: int):
        """A binary file with the bytes from `begin` up to `end`; StorageUnavailable where it was replaced since."""
        if begin == end:
            return io.BytesIO()
        with self.store.asking(self.key):
            answer = self.store.client.get_object(
                Bucket=self.bucket, Key=self.key, Range=f"bytes={begin}-{end - 1}", IfMatch=self.etag
            )
            return _fetched(answer["Body"]) if end - begin <= FETCHED_BYTES else answer["Body"]

    def close(self) -> None:
        """Nothing is open; a file of the disk is."""


def _fetched(body):
    file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  closed by whoever sends it
    try:
        shutil.copyfileobj(body, file, 256 * 1024)
    except BaseException:
        file.close()
        raise
    finally:
        body.close()
    file.seek(0)
    return file


@lru_cache
def _store(**options):
    """One for all storages of a process: a client costs 0.2 s, and threads may share it."""
    return _Store(**options)


class _Store:
    """The way to the store, and whether it has answered of late.

    Where it has not, one request each SILENT_SECONDS asks it and the others are refused at once:
    the pictures of a page would otherwise hold every thread for as long as a time-out.
    """

    def __init__(
        self, *, endpoint_url, region_name, access_key, secret_key, security_token, addressing_style
    ):
        session = boto3.session.Session(access_key, secret_key, security_token, region_name)
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=KEPT_CONNECTIONS,
            s3={"addressing_style": addressing_style},
            # What AWS alone understands; others refuse the upload.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.resource = session.resource("s3", endpoint_url=endpoint_url, config=config)
        self.client = self.resource.meta.client
        self._lock = threading.Lock()
        self._is_silent, self._asked_at = False, 0.0

    @contextmanager
    def asking(self, name):
        """Faults of the library as those that ObjectStorage promises; `name` is for the log."""
        self._refuse_while_silent(name)
        try:
            yield
        except ClientError as error:
            self._is_silent = False
            is_missing = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404
            if is_missing and error.response["Error"].get("Code") != "NoSuchBucket":
                raise FileNotFoundError(name) from error
            raise StorageUnavailable(f"{name}: {error}") from error
        except (ConnectionError, HTTPClientError) as error:
            self._is_silent, self._asked_at = True, time.monotonic()
            raise StorageUnavailable(f"{name}: {error}") from error
        except (BotoCoreError, Boto3Error) as error:
            raise StorageUnavailable(f"{name}: {error}") from error
        self._is_silent = False

    def _refuse_while_silent(self, name):
        with self._lock:
            if self._is_silent:
                if time.monotonic() - self._asked_at < SILENT_SECONDS:
                    raise StorageUnavailable(f"{name}: the object storage has not answered a moment ago")
                self._asked_at = time.monotonic()
