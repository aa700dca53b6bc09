"""`make test`: the data tests on SQLite and on PostgreSQL, then the tests on real servers and those in the browser.

Each pair runs at once, so that two cores are busy.

Tests that lack a service are named and skipped; with CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from greenenergy.config.environment import SETTINGS
from tests.servers import REDIS, redis_answers

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
CI = os.environ.get("CI") == "true"
DATA = "not server and not browser"
NO_TESTS = 5  # pytest's status where the given arguments choose none

OF_OPERATORS = {setting.name for setting in SETTINGS}  # they must not reach into the tests


def main(arguments):
    with tempfile.TemporaryDirectory(prefix="site-test-") as data_dir:
        environment = {key: value for key, value in os.environ.items() if key not in OF_OPERATORS}
        environment["DATA_DIR"] = data_dir
        missing = [text for is_here, text in _needs() if not is_here]
        for text in missing:
            print(f"SKIPPED: {text}", flush=True)
        if missing and CI:
            return 1
        databases = {"SQLite": ""}
        if _postgresql_answers():
            databases["PostgreSQL"] = POSTGRESQL
        runs = [_Run(name, environment, url, ["-m", DATA, *arguments]) for name, url in databases.items()]
        status = max([run.status() for run in runs])
        if status == 0:
            # Servers and browsers wait more than they compute: two runs share the machine.
            kinds = {"server": "server and not browser", "browser": "browser"}
            runs = [_Run(name, environment, "", ["-m", marks, *arguments]) for name, marks in kinds.items()]
            status = max([run.status() for run in runs])
        return status


class _Run:
    """A pytest in the background, with a DATA_DIR of its own. Its output goes to a file until status() prints it."""

    def __init__(self, title, environment, database_url, arguments):
        data_dir = tempfile.mkdtemp(dir=environment["DATA_DIR"])
        self.title, self.output = title, Path(data_dir, "output")
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "--durations=12", "--durations-min=8", *arguments],
                env={**environment, "DATA_DIR": data_dir, "DATABASE_URL": database_url},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def status(self):
        """Print the output as it comes, to its end; 0 where every test passed."""
        print(f"== {self.title} ==", flush=True)
        with open(self.output, "rb") as output:
            ended = False
            while not ended:
                ended = self.process.poll() is not None  # before reading: so the last of it is read, too
                sys.stdout.buffer.write(output.read())
                sys.stdout.flush()
                time.sleep(0.1)
        return 0 if self.process.returncode == NO_TESTS else self.process.returncode


def _needs():
    yield (
        _postgresql_answers(),
        f"the tests of data on PostgreSQL: none answers at {_without_password(POSTGRESQL)}",
    )
    yield redis_answers(), f"the tests with Redis: none answers at {REDIS}"
    yield _chromium(), "the tests in a browser: no chromium on the PATH (CHROMIUM names another)"


def _postgresql_answers():
    try:
        psycopg2.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def _chromium():
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _without_password(url):
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
