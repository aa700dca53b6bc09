"""/media/: uploaded files, with Range, fixed types, and nothing that a browser could run.

Files are written once under random names and never changed, so browsers keep them for a year.
A proxy may serve the folder in our place; it should send the same headers (see the README).
They come from MEDIA_ROOT, or from a bucket (object_storage.py) with the same headers.
"""

import os
import re
import stat

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.http.response import Http404
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

# What is not listed is sent as a download without a type. SVG and HTML are not: they can hold scripts.
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
# The browsers' own viewers bring a style of their own. Chromium shows no PDF in a sandbox.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def serve_media(request, path):
    """One file, or the piece of it that a Range header asks for (RFC 9110, section 14)."""
    stored = _find(path)
    headers = {**HEADERS, "ETag": stored.etag, "Last-Modified": http_date(stored.modified)}
    if _is_known(request, stored.etag, stored.modified):
        stored.close()
        return HttpResponseNotModified(headers=headers)
    wanted = _range(request, stored.size, stored.etag, stored.modified)
    if wanted is None:
        stored.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{stored.size}"})
    begin, end = wanted
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


def _find(path):
    """The stored file of that name; Http404 for whatever else the address names."""
    parts = path.split("/")
    if "\0" in path or "\\" in path or any(part.startswith(".") or not part for part in parts):
        raise Http404
    if not hasattr(default_storage, "find"):
        return _FileOnDisk(_open(parts))
    try:
        return default_storage.find(path)
    except FileNotFoundError:
        raise Http404 from None


def _open(parts):
    root = os.path.realpath(settings.MEDIA_ROOT)
    full = os.path.realpath(os.path.join(root, *parts))
    if not full.startswith(root + os.sep):  # a link that leads out
        raise Http404
    try:
        # Not blocking: a named pipe must not hang the thread.
        descriptor = os.open(full, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, UnicodeEncodeError):
        raise Http404 from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Http404
    return os.fdopen(descriptor, "rb")


class _FileOnDisk:
    """An open file, told like object_storage.StoredObject."""

    def __init__(self, file):
        status = os.fstat(file.fileno())
        self._file, self.size, self.modified = file, status.st_size, int(status.st_mtime)
        self.etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'

    def piece(self, begin, end):
        self._file.seek(begin)
        return self._file

    def close(self):
        self._file.close()


def _is_known(request, etag, modified):
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _range(request, size, etag, modified):
    """(begin, end) of what is to be sent; None where nothing of it is there.

    A Range that is not understood, and one of several pieces, is ignored, as the RFC allows: the
    whole file is a right answer.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not match or match.groups() == ("", "") or request.method != "GET":
        return 0, size
    condition = request.headers.get("If-Range")
    if condition is not None and condition != etag and parse_http_date_safe(condition) != modified:
        return 0, size
    first, last = match.groups()
    if not first:  # the last so many bytes
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return 0, size
    return (begin, end) if begin < end else None


class _Piece:
    """The next `length` bytes of an open file. The WSGI bridge takes the descriptor and Content-Length instead."""

    def __init__(self, file, length):
        self._file, self._left = file, length

    def read(self, size=-1):
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def fileno(self):
        return self._file.fileno()

    def tell(self):
        return self._file.tell()

    def close(self):
        self._file.close()
