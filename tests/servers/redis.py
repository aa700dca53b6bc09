"""The Redis server that tests may use."""

import os

import redis

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def redis_answers():
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as client:
            return client.ping()
    except redis.RedisError:
        return False
