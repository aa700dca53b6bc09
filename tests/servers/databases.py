"""Migrated databases for servers, on SQLite and on PostgreSQL: a copy for each site."""

import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from .checkout import CI, ROOT
from .postgresql import POSTGRESQL, execute_on_postgresql, postgresql_answers, url_of_database


class Database:
    """The database of one site; `drop()` deletes it."""

    def __init__(self, url, drop):
        self.url, self.drop = url, drop


@pytest.fixture(scope="session")
def migrated_databases(tmp_path_factory):
    """By kind: a function that copies a migrated database and returns it."""
    made = {}
    number = iter(range(1000))
    template = f"site_test_{os.getpid()}"

    def migrate(url):
        data_dir = tmp_path_factory.mktemp("migrate")
        environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": url}
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True
        )

    def sqlite():
        if "sqlite" not in made:
            made["sqlite"] = tmp_path_factory.mktemp("template") / "site.sqlite3"
            migrate(f"sqlite:///{made['sqlite']}")
        copy = tmp_path_factory.mktemp("sqlite") / "site.sqlite3"
        shutil.copy(made["sqlite"], copy)
        return Database(f"sqlite:///{copy}", lambda: None)

    def postgresql():
        if not postgresql_answers():
            assert not CI, "PostgreSQL is missing"
            pytest.skip(f"no PostgreSQL answers at {urlsplit(POSTGRESQL).hostname}")
        if "postgresql" not in made:
            execute_on_postgresql(f'CREATE DATABASE "{template}"')
            made["postgresql"] = template
            migrate(url_of_database(template))
        name = f"{template}_{next(number)}"
        execute_on_postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return Database(
            url_of_database(name), lambda: execute_on_postgresql(f'DROP DATABASE "{name}" WITH (FORCE)')
        )

    yield {"sqlite": sqlite, "postgresql": postgresql}
    if "postgresql" in made:
        execute_on_postgresql(f'DROP DATABASE "{template}" WITH (FORCE)')


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request):
    return request.param
