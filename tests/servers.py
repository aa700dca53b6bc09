"""The real gunicorn, with our gunicorn.conf.py, for tests that cause faults or walk in a browser."""

import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
CI = os.environ.get("CI") == "true"


class Database:
    """A database of its own for one server: migrated once a session, then copied."""

    def __init__(self, url, drop):
        self.url, self.drop = url, drop


class ObjectStore:
    """moto, which speaks like S3, on a free port; `log` holds a line for each request that it answered."""

    def __init__(self, folder: Path):
        self.port, self.log = _free_port(), folder / "moto.log"
        self.endpoint = f"http://127.0.0.1:{self.port}"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-p", str(self.port)], stdout=log, stderr=log
            )
        wait_for(lambda: self.ask("GET", "/moto-api/").status == 200, 20, self.log.read_text)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            return connection.getresponse()
        except OSError as error:
            return SimpleNamespace(status=None, error=error)
        finally:
            connection.close()

    def make_bucket(self) -> str:
        """MEDIA_STORAGE_URL of a new, empty bucket."""
        name = f"site-{secrets.token_hex(6)}"
        assert self.ask("PUT", f"/{name}").status == 200
        return f"s3://key:S3cret-pw@{name}?endpoint={self.endpoint}"

    def requests(self) -> list[str]:
        """Method, path and status of what was asked so far, the API's own not counted."""
        found = re.findall(
            r'"(?:\x1b\[\d+m)*([A-Z]+ \S+) HTTP/1\.1(?:\x1b\[0m)?" (\d+)', self.log.read_text()
        )
        return [f"{request} {status}" for request, status in found if "moto-api" not in request]


class Site:
    """One gunicorn on a free port of 127.0.0.1, with its own DATA_DIR and database."""

    root = ROOT  # the checkout that it runs

    def __init__(self, data_dir: Path, database_url: str, **settings):
        self.port = _free_port()
        self.host, self.address = f"127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}"
        self.data_dir, self.log = data_dir, data_dir / "gunicorn.log"
        data_dir.mkdir(parents=True, exist_ok=True)
        settings = {"WEB_CONCURRENCY": 2, **settings}
        self.environment = {
            **{key: value for key, value in os.environ.items() if key != "DJANGO_ALLOW_ASYNC_UNSAFE"},
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            **{key: str(value) for key, value in settings.items()},
        }
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        wait_for(self.is_up, 60, self.read_log)
        return self

    def is_up(self):
        assert self.process.poll() is None, self.read_log()
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path, method="GET", source="127.0.0.1", timeout=20, **headers):
        """The response, its body read as `.body`; from another loopback address where `source` says so."""
        connection = http.client.HTTPConnection(
            "127.0.0.1",
            self.port,
            timeout=timeout,
            source_address=(source, 0) if source != "127.0.0.1" else None,
        )
        try:
            connection.request(
                method, path, headers={key.replace("_", "-"): value for key, value in headers.items()}
            )
            response = connection.getresponse()
            response.body = response.read()
            return response
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def manage(self, *arguments, **options):
        """Run a management command against the same database and files."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root, env=self.environment, capture_output=True, text=True, check=True, **options,
        )  # fmt: skip

    def shell(self, code) -> str:
        """What the code prints, with the models of this site at hand."""
        return self.manage("shell", "-v", "0", "-c", code).stdout.strip()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def terminate(self, seconds=15):
        """SIGTERM, and how many seconds it took to end."""
        start = time.monotonic()
        self.process.terminate()
        self.process.wait(seconds)
        return time.monotonic() - start

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def read_log(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def wait_for(condition, seconds=10, explain=lambda: ""):
    """Poll until the condition holds, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {explain()}")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def static_files():
    """The collected, hashed static files, made anew where a file in static/ is newer."""
    manifest = ROOT / "staticfiles" / "staticfiles.json"
    newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*"))
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], cwd=ROOT, check=True
        )


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
            migrate(_with_name(template))
        name = f"{template}_{next(number)}"
        execute_on_postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return Database(
            _with_name(name), lambda: execute_on_postgresql(f'DROP DATABASE "{name}" WITH (FORCE)')
        )

    yield {"sqlite": sqlite, "postgresql": postgresql}
    if "postgresql" in made:
        execute_on_postgresql(f'DROP DATABASE "{template}" WITH (FORCE)')


def postgresql_answers():
    try:
        psycopg2.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_answers():
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as client:
            return client.ping()
    except redis.RedisError:
        return False


def execute_on_postgresql(statement, url=POSTGRESQL):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def query_postgresql(query):
    """The first value of the first row."""
    connection = psycopg2.connect(POSTGRESQL)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def _with_name(name):
    return urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{name}"))


@pytest.fixture
def make_site(static_files, migrated_databases, tmp_path):
    """make_site("postgresql", REQUEST_THREADS=2): a running site, ended with the test."""
    started, databases = [], []

    def make(kind="sqlite", start=True, **settings):
        databases.append(migrated_databases[kind]())
        site = Site(tmp_path / f"site{len(started)}", databases[-1].url, **settings)
        started.append(site)
        return site.start() if start else site

    yield make
    for site in started:
        site.kill()
        print(f"{site.log}:\n{site.read_log()}")  # pytest shows it where the test failed
    for database in databases:
        database.drop()


@pytest.fixture(scope="session")
def object_store(tmp_path_factory):
    store = ObjectStore(tmp_path_factory.mktemp("object-store"))
    yield store
    store.process.kill()
    store.process.wait()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request):
    return request.param
