"""Two checks for a load balancer: /healthz (the process answers) and /readyz (it can do its work)."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from greenenergy.serving.redis_client import redis_errors

LEAST_FREE_BYTES = 100 * 10**6  # an upload of 32 MB with its renditions, and the WAL


class HealthMiddleware:
    """Answers /healthz and /readyz under any host, before the Host check and the https redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> JsonResponse:
    """Each part with "ok" or its fault; 503 where one is at fault that the site needs. It works without Redis."""
    needed = {"database": check_database(), "disk": check_disk(), "media": check_media()}
    status = 200 if all(state == "ok" for state in needed.values()) else 503
    return JsonResponse(
        {**needed, "cache": check_cache()}, status=status, headers={"Cache-Control": "no-store"}
    )


class Migrations:
    """Whether every migration is applied. True is cached: nobody undoes migrations of a running process."""

    def __init__(self) -> None:
        self._are_applied = False

    def are_applied(self) -> bool:
        if not self._are_applied:
            executor = MigrationExecutor(connection)
            self._are_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self._are_applied

    def reset(self) -> None:
        self._are_applied = False


migrations = Migrations()


def check_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not migrations.are_applied():
            return "migrations are missing: run manage.py migrate"
    except DatabaseError:
        return "no answer"
    return "ok"


def check_disk() -> str:
    """Of DATA_DIR: view journals, the database of SQLite."""
    folder = settings.ENVIRONMENT.data_dir
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"no answer: {error.strerror}"
    if free < LEAST_FREE_BYTES:
        return f"full: {free // 10**6} MB are free"
    return _check_writable(folder)


def check_media() -> str:
    """The folder of pictures and attachments. A bucket is not asked: pages are served without it."""
    if settings.ENVIRONMENT.media_storage:
        return "ok"
    folder = Path(settings.MEDIA_ROOT)
    return _check_writable(folder if folder.exists() else folder.parent)  # made with the first upload


def _check_writable(folder):
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return f"cannot be written to: {error.strerror}"
    return "ok"


def check_cache() -> str:
    if not settings.ENVIRONMENT.redis_url:
        return "ok"
    try:
        cache.get("readyz")
    except redis_errors():
        return "no answer"
    return "ok"
