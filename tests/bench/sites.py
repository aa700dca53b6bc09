"""A site for one measurement: a fresh database and fresh files, deleted afterwards."""

import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.servers import POSTGRESQL, REDIS, ROOT, Site, execute_on_postgresql

KINDS = ("sqlite", "postgresql", "sqlite with redis", "postgresql with redis")


@contextmanager
def fresh_database(kind: str, folder):
    """The URL of an empty database, "sqlite" in that folder or "postgresql", dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    name = Path(folder).name.replace("-", "_")
    execute_on_postgresql(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{name}"))
    finally:
        execute_on_postgresql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def fresh_site(kind: str, *, database_url: str | None = None, root: Path = ROOT, **settings):
    """A migrated site of that kind, one of KINDS, not started yet; on the given empty database where there is one.

    `root` is the checkout that it runs.
    """
    database, _, redis = kind.partition(" with ")
    with (
        tempfile.TemporaryDirectory(prefix="site-bench-") as folder,
        nullcontext(database_url) if database_url else fresh_database(database, folder) as url,
    ):
        site = Site(Path(folder), url, **settings, **({"REDIS_URL": REDIS} if redis else {}))
        site.root = root
        try:
            site.manage("migrate", "-v", "0")
            if not (root / "staticfiles/staticfiles.json").exists():
                subprocess.run(
                    [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"],
                    cwd=root,
                    check=True,
                )
            yield site
        finally:
            site.kill()


SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
user, _ = User.objects.get_or_create(username={name!r}, defaults={{"is_staff": True, "is_superuser": True}})
session = SessionStore()
session.update({{SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
    HASH_SESSION_KEY: user.get_session_auth_hash()}})
session.save()
print(session.session_key)
"""


def session_of(site, name: str) -> str:
    """A new session's key for the superuser of this name, who is created where missing."""
    return site.shell(SESSION.format(name=name))


def resident_kib(pids) -> int:
    """Resident memory of these processes together."""
    total = 0
    for pid in pids:
        for row in Path(f"/proc/{pid}/status").read_text().splitlines():
            if row.startswith("VmRSS:"):
                total += int(row.split()[1])
    return total


def written_kib(pid):
    """Memory that only this process uses; what it shares changes as other processes start and end."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Private_Dirty:"))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def print_table(rows: list[dict]) -> None:
    """Columns are the keys of the first row."""
    names = list(rows[0])
    widths = [max(len(str(name)), *(len(str(row.get(name, ""))) for row in rows)) for name in names]
    for row in [dict(zip(names, names, strict=True)), *rows]:
        print(
            "  ".join(str(row.get(name, "")).ljust(width) for name, width in zip(names, widths, strict=True))
        )
