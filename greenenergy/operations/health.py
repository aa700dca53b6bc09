"""Two questions of a load balancer: does the process answer, and can it do its work?"""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from redis.exceptions import RedisError


class HealthMiddleware:
    """Answers /healthz and /readyz under any host, before the Host check and the https redirect."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> JsonResponse:
    """200 where everything works, 503 otherwise; each part with "ok" or what is wrong with it."""
    checks = {"database": _check_database(), "cache": _check_cache()}
    status = 200 if all(state == "ok" for state in checks.values()) else 503
    return JsonResponse(checks, status=status, headers={"Cache-Control": "no-store"})


_migrated = False  # migrations of a running process do not come undone


def _check_database():
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations are missing: run manage.py migrate"
            _migrated = True
    except DatabaseError:
        return "no answer"
    return "ok"


def _check_cache():
    if not settings.ENVIRONMENT.redis_url:
        return "ok"
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return "no answer"
    return "ok"
