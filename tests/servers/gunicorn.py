"""The real gunicorn, with our gunicorn.conf.py."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from .checkout import ROOT
from .ports import free_port
from .shell import Shell
from .waiting import wait_for


class Site:
    """One gunicorn on a free port of 127.0.0.1, with its own DATA_DIR and database."""

    root = ROOT  # the checkout that it runs

    def __init__(self, data_dir: Path, database_url: str, **settings):
        self.port = free_port()
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
        self._shell = None

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
        """The response, its body read as `.body`. `source` is the loopback address that the request comes from."""
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
        """What the code prints in the Django shell of this site."""
        if self._shell is None:
            self._shell = Shell(self.root, self.environment)
        return self._shell.run(code)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def terminate(self, seconds=15):
        """Send SIGTERM; returns how many seconds the server took to end."""
        start = time.monotonic()
        self.process.terminate()
        self.process.wait(seconds)
        return time.monotonic() - start

    def kill(self):
        """End everything at once."""
        if self._shell:
            self._shell.close()
            self._shell = None
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def read_log(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@pytest.fixture
def make_site(static_files, migrated_databases, tmp_path):
    """make_site("postgresql", REQUEST_THREADS=2): a running site, ended with the test."""
    with _making_sites(migrated_databases, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def make_shared_site(static_files, migrated_databases, tmp_path_factory):
    """The same, ended with the module: for tests that change nothing on the site."""
    with _making_sites(migrated_databases, tmp_path_factory.mktemp("shared")) as make:
        yield make


@contextmanager
def _making_sites(migrated_databases, folder):
    started, databases = [], []

    def make(kind="sqlite", start=True, **settings):
        databases.append(migrated_databases[kind]())
        site = Site(folder / f"site{len(started)}", databases[-1].url, **settings)
        started.append(site)
        return site.start() if start else site

    yield make
    for site in started:
        site.kill()
        print(f"{site.log}:\n{site.read_log()}")  # pytest shows it where the test failed
    for database in databases:
        database.drop()
