"""Two checks for a load balancer: /healthz (the process answers) and /readyz (it can do its work)."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from greenenergy.serving.redis_client import redis_errors


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
    """200 where everything works, 503 otherwise; each part with "ok" or its fault."""
    checks = {"database": check_database(), "cache": check_cache()}
    status = 200 if all(state == "ok" for state in checks.values()) else 503
    return JsonResponse(checks, status=status, headers={"Cache-Control": "no-store"})


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


def check_cache() -> str:
    if not settings.ENVIRONMENT.redis_url:
        return "ok"
    try:
        cache.get("readyz")
    except redis_errors():
        return "no answer"
    return "ok"
