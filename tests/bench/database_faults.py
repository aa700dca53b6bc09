"""Databases that go away for some seconds: a PostgreSQL server that may be restarted, an SQLite file that is locked."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers import free_port


@contextmanager
def own_postgresql():
    """A PostgreSQL server for one measurement: (its URL, a function that restarts it)."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder, port = tempfile.mkdtemp(prefix="pg-bench-"), free_port()
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*arguments):
        subprocess.run([*as_user, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    control = [str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-l", f"{folder}/log", "-w"]
    options = ["-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"]
    run(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8")
    run(*control, *options, "start")
    try:
        yield (
            f"postgres://postgres@127.0.0.1:{port}/postgres",
            lambda: run(*control, *options, "-m", "fast", "restart"),
        )
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def hold_sqlite(url, seconds=5):
    """Lock the file so that nobody else can write."""
    connection = sqlite3.connect(urlsplit(url).path, timeout=30)
    connection.execute("BEGIN EXCLUSIVE")
    time.sleep(seconds)
    connection.rollback()
    connection.close()
