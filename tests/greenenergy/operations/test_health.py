"""/healthz and /readyz, under any host."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from greenenergy.operations import health

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7:8000", "pod-7.internal", "www.example.com"])
def test_both_answer_under_any_host(client, host):
    assert client.get("/healthz", HTTP_HOST=host).text == "ok\n"
    response = client.get("/readyz", HTTP_HOST=host)
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "disk": "ok", "media": "ok", "cache": "ok"}
    assert client.get("/", HTTP_HOST="www.example.com").status_code == 400


def test_both_answer_before_the_https_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 301


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content)["database"] == "no answer"
    assert client.get("/healthz").status_code == 200


def test_missing_migrations_are_not_ready_until_they_are_applied(client, monkeypatch):
    health.migrations.reset()
    missing = [("0002", False)]
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: missing)
    assert client.get("/readyz").status_code == 503
    assert "migrate" in client.get("/readyz").json()["database"]
    missing.clear()
    assert client.get("/readyz").json()["database"] == "ok"


def test_migrations_that_are_applied_are_not_looked_up_again(client, django_assert_num_queries):
    health.migrations.reset()
    client.get("/readyz")
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200


def test_a_full_disk_is_not_ready_and_named(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**60)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert re.fullmatch(r"full: \d+ MB are free", response.json()["disk"])


@pytest.mark.parametrize("part", ["disk", "media"])
def test_a_folder_that_cannot_be_written_to_is_not_ready_and_named(client, settings, part):
    """/proc/self takes no file, not even root's."""
    if part == "media":
        settings.MEDIA_ROOT = "/proc/self"
    else:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data_dir=Path("/sys/kernel"))
    response = client.get("/readyz")
    assert response.status_code == 503
    faults = {name: state for name, state in response.json().items() if state != "ok"}
    assert set(faults) == {part}
    assert client.get("/").status_code == 200


def test_the_site_is_ready_without_its_redis_which_is_named(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, redis_url="redis://127.0.0.1:1/0")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["cache"] == "no answer"
