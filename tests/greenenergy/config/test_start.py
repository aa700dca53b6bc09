"""What a start does with the settings: it stops with one line, or makes files that are its user's alone."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CLEAN = {key: value for key, value in os.environ.items() if key != "DJANGO_ALLOW_ASYNC_UNSAFE"}


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "gunicorn"]])
def test_every_way_to_start_stops_with_the_one_line(command, tmp_path):
    environment = {
        **CLEAN,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "mysql://root:S3cret-pw@localhost/site",
    }
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=5
    )
    lines = (result.stdout + result.stderr).strip().splitlines()
    assert result.returncode != 0
    assert len(lines) == 1
    assert lines[0].startswith("DATABASE_URL: ")


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "gunicorn"]])
def test_a_bucket_without_its_library_stops_with_how_to_install_it(command, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['storages'] = None")
    environment = {
        **CLEAN,
        "DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(tmp_path),
        "MEDIA_STORAGE_URL": "s3://key:S3cret-pw@media?endpoint=http://127.0.0.1:9",
    }
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=5
    )
    assert result.returncode != 0
    assert "S3cret" not in result.stdout + result.stderr
    assert (result.stdout + result.stderr).strip() == (
        "MEDIA_STORAGE_URL: the package django-storages[s3] is not installed. "
        "Use make run, or: .venv/bin/pip install --require-hashes -r requirements-s3.lock."
    )
    assert (ROOT / "requirements-s3.lock").is_file()


def test_a_site_without_a_bucket_imports_none_of_its_library(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys; sys.modules['storages'] = sys.modules['boto3'] = None"
    )
    environment = {**CLEAN, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    code = "from django.core.files.storage import default_storage as s, storages; print(s.url('a'), storages['private'])"
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert result.stdout.startswith("/media/a "), result.stderr


def test_a_deployment_with_https_is_clean(tmp_path):
    environment = {
        **CLEAN,
        "DATA_DIR": str(tmp_path),
        "SITE_URL": "https://www.example.com,https://example.com",
    }
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_migrations_are_complete(tmp_path):
    result = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT, env={**CLEAN, "DATA_DIR": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("value", ["abc", "1.5", "-1", "0"])
def test_gunicorn_itself_stops_with_the_one_line_of_a_wrong_number(value, tmp_path):
    """gunicorn reads WEB_CONCURRENCY before its configuration file."""
    environment = {**CLEAN, "DATA_DIR": str(tmp_path), "WEB_CONCURRENCY": value}
    result = subprocess.run(
        [sys.executable, "-m", "gunicorn"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=5,
    )
    assert result.returncode != 0
    assert result.stdout + result.stderr == (
        f"WEB_CONCURRENCY: '{value}' does not fit. Use a whole number from 1 to 64.\n"
    )


def test_gunicorn_takes_an_empty_number_of_workers_for_the_default(tmp_path):
    environment = {**CLEAN, "DATA_DIR": str(tmp_path), "WEB_CONCURRENCY": ""}
    result = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config"], cwd=ROOT, env=environment, capture_output=True, text=True
    )  # fmt: skip
    assert re.search(r"^workers += 2$", result.stdout, re.M), result.stderr


MAKE_FILES = """
import django, os
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
connection.cursor().execute("CREATE TABLE a (b int)")
default_storage.save("pictures/a.jpg", ContentFile(b"x"))
open("export.zip", "w")
os.chdir(os.environ["DATA_DIR"])
print([oct(os.stat(path).st_mode & 0o777) for path in ("site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm")])
print([oct(os.stat(path).st_mode & 0o777) for path in ("media", "media/pictures", "media/pictures/a.jpg")])
"""


def test_new_files_are_the_users_alone_and_media_are_the_proxys_too(tmp_path):
    environment = {**CLEAN, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "greenenergy.settings"
    result = subprocess.run(
        [sys.executable, "-c", MAKE_FILES], cwd=tmp_path, env=environment, capture_output=True, text=True, umask=0o022
    )  # fmt: skip
    assert result.stdout.splitlines() == ["['0o600', '0o600', '0o600']", "['0o755', '0o755', '0o644']"], (
        result.stderr
    )
    assert stat.S_IMODE((tmp_path / "export.zip").stat().st_mode) == 0o600
