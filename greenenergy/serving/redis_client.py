"""Redis, where a site has one: REDIS_URL.

The package is imported when it is first used: that takes a twentieth of a worker's start, and most sites have no Redis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from redis import Redis


def open_client(**options: Any) -> Redis:
    """A client of the Redis at REDIS_URL; it connects at its first command."""
    import redis  # noqa: PLC0415  see above

    return redis.Redis.from_url(settings.ENVIRONMENT.redis_url, **options)


def redis_errors() -> tuple[type[Exception], ...]:
    """What a client raises where Redis fails or cannot be reached. `except redis_errors():` calls it only then."""
    import redis  # noqa: PLC0415  see above

    return (redis.RedisError, OSError)
