"""Media and private files in a bucket of S3, or of a service that speaks its protocol: MEDIA_STORAGE_URL.

Imported only where that is set: the library comes with requirements-s3.lock. Files keep their URLs
on this site (serve.py). A range of a file is fetched into a temporary file, which the event loop
sends like a file on the disk, so that a slow reader holds no thread.
"""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, NoReturn

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .circuit_breaker import CircuitBreaker
from .errors import StorageUnavailable

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 2
RETRY_SECONDS = 10  # between two calls to a service that does not answer
POOL_CONNECTIONS = 32
MEMORY_BYTES = 1024 * 1024  # of a fetched file; a larger one goes to a temporary file
FETCHED_BYTES = 64 * 1024 * 1024  # more than any upload; a larger range is streamed from the service
KEY_BYTES = 1024  # the longest key that S3 allows


class ObjectStorage(S3Storage):
    """One folder of a bucket. The options are those of Environment.media_storage.

    Raises FileNotFoundError for what is not there, StorageUnavailable for every other failure.
    """

    def __init__(self, **options: Any) -> None:
        self.service = _service(**{name: value for name, value in options.items() if name != "bucket_name"})
        super().__init__(
            **options,
            session_profile=None,
            file_overwrite=False,
            transfer_config=TransferConfig(use_threads=False, multipart_threshold=FETCHED_BYTES),
        )

    @property
    def connection(self) -> Any:
        return self.service.resource

    def find(self, name: str) -> "StoredObject":
        """Size and version of an object, without its content."""
        key = self._normalize_name(name)
        if len(key.encode()) > KEY_BYTES:
            raise FileNotFoundError(name)
        with self.service.call(name):
            head = self.service.client.head_object(Bucket=self.bucket_name, Key=key)
        modified_at = int(head["LastModified"].timestamp())
        return StoredObject(
            self.service, self.bucket_name, key, head["ContentLength"], head["ETag"], modified_at
        )

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError(f"{name}: objects are written by save()")
        with self.service.call(name):
            answer = self.service.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            return File(_fetched(answer["Body"]), name)

    def _save(self, name, content):
        with self.service.call(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with self.service.call(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with self.service.call(name):
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self.service.call(name):
            return super().listdir(name)

    def size(self, name: str) -> int:
        with self.service.call(name):
            return super().size(name)

    def get_modified_time(self, name: str) -> datetime:
        with self.service.call(name):
            return super().get_modified_time(name)


class MediaBucket(ObjectStorage):
    """Public files. Their URLs are on this site; serve.py fetches the content."""

    location = "media"

    def url(self, name: str) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name).lstrip("/")


class PrivateBucket(ObjectStorage):
    """Private files, as PrivateFolder has them on a disk."""

    location = "private"

    def url(self, name: str) -> NoReturn:
        raise ValueError("private files have no public URL")


@dataclass(frozen=True)
class StoredObject:
    """One object at the moment it was found: its size in bytes, its ETag, and when it was written, in Unix seconds."""

    service: "StorageService"
    bucket: str
    key: str
    size: int
    etag: str
    modified_at: int

    def piece(self, begin: int, end: int) -> IO[bytes]:
        """The bytes from `begin` up to `end`; StorageUnavailable where the object was replaced since."""
        if begin == end:
            return io.BytesIO()
        with self.service.call(self.key):
            answer = self.service.client.get_object(
                Bucket=self.bucket, Key=self.key, Range=f"bytes={begin}-{end - 1}", IfMatch=self.etag
            )
            return _fetched(answer["Body"]) if end - begin <= FETCHED_BYTES else answer["Body"]

    def close(self) -> None:
        """Nothing is open, unlike with a file on the disk."""


def _fetched(body: Any) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  closed by the sender
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
def _service(**options: Any) -> "StorageService":
    """One for all storages of a process: a client costs 0.2 s, and threads may share it."""
    return StorageService(**options)


class StorageService:
    """The connection to the object storage: boto3's client and resource, and a circuit breaker.

    Without the breaker the pictures of a page would hold every thread until a time-out.
    """

    def __init__(
        self,
        *,
        endpoint_url: str | None,
        region_name: str | None,
        access_key: str | None,
        secret_key: str | None,
        security_token: str | None,
        addressing_style: str,
    ) -> None:
        session = boto3.session.Session(access_key, secret_key, security_token, region_name)
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=POOL_CONNECTIONS,
            s3={"addressing_style": addressing_style},
            # Only AWS understands checksums; others refuse the upload.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.resource = session.resource("s3", endpoint_url=endpoint_url, config=config)
        self.client = self.resource.meta.client
        self.breaker = CircuitBreaker(RETRY_SECONDS)

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """Translate the library's errors into those that ObjectStorage promises; `name` is for the log."""
        if not self.breaker.allows_call():
            raise StorageUnavailable(f"{name}: the object storage has not answered a moment ago")
        try:
            yield
        except ClientError as error:
            self.breaker.close()
            is_missing = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404
            if is_missing and error.response["Error"].get("Code") != "NoSuchBucket":
                raise FileNotFoundError(name) from error
            raise StorageUnavailable(f"{name}: {error}") from error
        except (ConnectionError, HTTPClientError) as error:
            self.breaker.open()
            raise StorageUnavailable(f"{name}: {error}") from error
        except (BotoCoreError, Boto3Error) as error:
            raise StorageUnavailable(f"{name}: {error}") from error
        self.breaker.close()
