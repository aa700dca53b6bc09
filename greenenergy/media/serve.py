"""/media/: uploaded files, with Range requests, fixed content types, and nothing that a browser could run.

Files are written once under random names and never changed, so browsers cache them for a year.
They come from MEDIA_ROOT or from a bucket (bucket.py), with the same headers. A reverse proxy that
serves the folder instead should send these headers too.
"""

import os
import re
import stat
from typing import IO, Protocol

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.http.response import Http404
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

# Everything else is sent as a download without a type: SVG and HTML among it, for they can hold scripts.
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}
# The browsers' built-in viewers use inline styles. Chromium shows no PDF in a sandbox.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class StoredFile(Protocol):
    """A file on the disk or in a bucket (bucket.StoredObject). `modified_at` in Unix seconds."""

    @property
    def size(self) -> int: ...
    @property
    def etag(self) -> str: ...
    @property
    def modified_at(self) -> int: ...
    def piece(self, begin: int, end: int) -> IO[bytes]: ...
    def close(self) -> None: ...


@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file, or the part of it that a Range header requests (RFC 9110, section 14)."""
    stored = _find(path)
    headers = {**HEADERS, "ETag": stored.etag, "Last-Modified": http_date(stored.modified_at)}
    if _is_not_modified(request, stored):
        stored.close()
        return HttpResponseNotModified(headers=headers)
    requested = _requested_range(request, stored)
    if requested is None:
        stored.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{stored.size}"})
    begin, end = requested
    name = os.path.basename(path)
    content_type = TYPES.get(os.path.splitext(name)[1].lower())
    response = FileResponse(
        _Piece(stored.piece(begin, end if request.method == "GET" else begin), end - begin),
        as_attachment=content_type is None,
        filename=name,
        content_type=content_type or "application/octet-stream",
        headers={**headers, "Content-Length": end - begin},
    )
    response["Content-Security-Policy"] = (
        POLICY if content_type == "application/pdf" else f"{POLICY}; sandbox"
    )
    if end - begin < stored.size:
        response.status_code = 206
        response["Content-Range"] = f"bytes {begin}-{end - 1}/{stored.size}"
    return response


def _find(path: str) -> StoredFile:
    """The stored file of that name, or Http404."""
    parts = path.split("/")
    if "\0" in path or "\\" in path or any(part.startswith(".") or not part for part in parts):
        raise Http404
    if not hasattr(default_storage, "find"):
        return _FileOnDisk(_open(parts))
    try:
        return default_storage.find(path)
    except FileNotFoundError:
        raise Http404 from None


def _open(parts: list[str]) -> IO[bytes]:
    root = os.path.realpath(settings.MEDIA_ROOT)
    full = os.path.realpath(os.path.join(root, *parts))
    if not full.startswith(root + os.sep):  # a symbolic link that leads out of the folder
        raise Http404
    try:
        # Non-blocking: opening a named pipe must not hang the thread.
        descriptor = os.open(full, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, UnicodeEncodeError):
        raise Http404 from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Http404
    return os.fdopen(descriptor, "rb")


class _FileOnDisk:
    """An open file as a StoredFile."""

    def __init__(self, file: IO[bytes]) -> None:
        status = os.fstat(file.fileno())
        self._file, self.size, self.modified_at = file, status.st_size, int(status.st_mtime)
        self.etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'

    def piece(self, begin: int, end: int) -> IO[bytes]:
        self._file.seek(begin)
        return self._file

    def close(self) -> None:
        self._file.close()


def _is_not_modified(request: HttpRequest, stored: StoredFile) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return tags.strip() == "*" or stored.etag in known
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and stored.modified_at <= since


def _requested_range(request: HttpRequest, stored: StoredFile) -> tuple[int, int] | None:
    """(begin, end) of what is to be sent; None where the range lies outside the file.

    A malformed Range, and one of several parts, is ignored, as the RFC allows: the whole file is a
    valid answer.
    """
    size = stored.size
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not match or match.groups() == ("", "") or request.method != "GET":
        return 0, size
    condition = request.headers.get("If-Range")
    if (
        condition is not None
        and condition != stored.etag
        and parse_http_date_safe(condition) != stored.modified_at
    ):
        return 0, size
    first, last = match.groups()
    if not first:  # bytes=-500: the last 500
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return 0, size
    return (begin, end) if begin < end else None


class _Piece:
    """The next `length` bytes of an open file. The WSGI bridge uses the descriptor and Content-Length instead."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def fileno(self) -> int:
        return self._file.fileno()

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
