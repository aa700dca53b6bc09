"""`make test`: every check and test. `make check`: the checks, and the data tests on SQLite alone.

    python -m tests [check] [arguments of pytest …]

Runs that do not disturb each other share the machine: the checks and the data tests of both databases, then the
tests with real servers and those in a browser. What the machine lacks is named and skipped; with CI=true it is a failure.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from greenenergy.config.operator_settings import SETTINGS
from tests.servers import CI, POSTGRESQL, REDIS, postgresql_answers, redis_answers

BIN = Path(sys.executable).parent
PRINT_SECONDS = 0.1  # the output of a run is printed this often
NO_TESTS = 5  # pytest's status where the given arguments choose none
DATA, SERVER, BROWSER = "not server and not browser", "server and not browser", "browser"

OF_OPERATORS = {setting.name for setting in SETTINGS}  # they must not reach into the tests
CHECKS = [
    [BIN / "ruff", "check", "."],
    [BIN / "ruff", "format", "--check", "."],
    [BIN / "lint-imports"],
    [BIN / "mypy"],
]
CHECKS_OF_SCRIPTS = [["npm", "run", "--silent", "lint"], ["npm", "test", "--silent"]]


def main(arguments):
    is_check = arguments[:1] == ["check"]
    with tempfile.TemporaryDirectory(prefix="site-test-") as data_dir:
        environment = {key: value for key, value in os.environ.items() if key not in OF_OPERATORS}
        environment["DATA_DIR"] = data_dir
        missing = [text for is_here, text in _needs(is_check) if not is_here]
        for text in missing:
            print(f"SKIPPED: {text}", flush=True)
        if missing and CI:
            return 1
        stages = [_checks_and_data] if is_check else [_checks_and_data, _servers_and_browsers]
        for stage in stages:
            runs = list(
                stage(environment, is_check, arguments[is_check:])
            )  # all of them started before one is awaited
            status = max([run.status() for run in runs])
            if status:
                return status
        return 0


def _checks_and_data(environment, is_check, arguments):
    checks = [*CHECKS, *(CHECKS_OF_SCRIPTS if _has_script_tools() else [])]
    yield _Run("checks", environment, " && ".join(shlex.join(map(str, command)) for command in checks))
    if is_check and not arguments:  # the other core has nothing else to do
        yield _tests("SQLite, greenenergy", environment, "", DATA, ["tests/greenenergy"])
        yield _tests("SQLite, the apps", environment, "", DATA, ["--ignore=tests/greenenergy"])
        return
    yield _tests("SQLite", environment, "", DATA, arguments)
    if not is_check and postgresql_answers():
        yield _tests("PostgreSQL", environment, POSTGRESQL, DATA, arguments)


def _servers_and_browsers(environment, is_check, arguments):
    yield _tests("servers", environment, "", SERVER, arguments)
    yield _tests("browsers", environment, "", BROWSER, arguments)


def _tests(title, environment, database_url, marks, arguments):
    pytest = [sys.executable, "-m", "pytest", "--durations=12", "--durations-min=8", "-m", marks, *arguments]
    return _Run(title, {**environment, "DATABASE_URL": database_url}, shlex.join(pytest))


class _Run:
    """A command in the background, with a DATA_DIR of its own; its output goes to a file until status() prints it."""

    def __init__(self, title, environment, command):
        data_dir = tempfile.mkdtemp(dir=environment["DATA_DIR"])
        self.title, self.output, self.begun_at = title, Path(data_dir, "output"), time.monotonic()
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                command,
                shell=True,
                env={**environment, "DATA_DIR": data_dir},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def status(self):
        """Show the output as it comes, to its end; 0 where everything passed."""
        print(f"== {self.title} ==", flush=True)
        with open(self.output, "rb") as output:
            ended = False
            while not ended:
                ended = self._has_ended()  # before the last read: nothing is written after it
                sys.stdout.buffer.write(output.read())
                sys.stdout.flush()
        print(f"== {self.title}: {time.monotonic() - self.begun_at:.0f} s ==", flush=True)
        return 0 if self.process.returncode == NO_TESTS else self.process.returncode

    def _has_ended(self):
        try:
            self.process.wait(PRINT_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True


def _needs(is_check):
    yield _has_script_tools(), "the checks of the scripts: no npm on the PATH, or npm ci has failed"
    if not is_check:
        yield (
            postgresql_answers(),
            f"the data tests on PostgreSQL: none answers at {_without_password(POSTGRESQL)}",
        )
        yield redis_answers(), f"the tests with Redis: none answers at {REDIS}"
        yield _chromium(), "the tests in a browser: no chromium on the PATH (CHROMIUM names another)"


def _has_script_tools():
    return shutil.which("npm") and Path("node_modules/.bin/biome").exists()


def _chromium():
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _without_password(url):
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
