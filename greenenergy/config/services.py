"""The settings that name a service: the database, Redis, the mail server, the object storage."""

import importlib.util
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ

from .values import BASE_DIR, SettingError, Variables, is_host, is_ip, short


def _parts(name, url, remedy):
    """The parts of a URL. Raises SettingError where it is malformed, or its port is not a number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is not a number
    except ValueError:
        raise SettingError(name, "it is not an address.", remedy) from None
    return parts


def read_database(env: Variables, data_dir: Path) -> dict[str, Any]:
    """An entry of Django's DATABASES; SQLite in DATA_DIR by default."""
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "site.sqlite3")}
    remedy = "Use postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
    parts = _parts("DATABASE_URL", url, remedy)
    if parts.scheme not in ("postgres", "postgresql", "sqlite"):
        raise SettingError("DATABASE_URL", f"the kind '{short(parts.scheme)}' is not known.", remedy)
    if parts.scheme == "sqlite" and parts.netloc:
        raise SettingError("DATABASE_URL", "it names no file.", remedy)
    config = environ.Env.db_url_config(url)
    if not config.get("NAME"):
        raise SettingError("DATABASE_URL", "the name of the database is missing.", remedy)
    if parts.scheme == "sqlite":
        if ":memory:" in config["NAME"]:
            raise SettingError("DATABASE_URL", "it names no file.", remedy)
        return {**config, "NAME": _sqlite_file(BASE_DIR / config["NAME"])}
    _check_options(parse_qs(parts.query, keep_blank_values=True), remedy)
    return config


def _sqlite_file(path):
    """The path as text, of a database or of a file that SQLite can make."""
    if path.is_dir():
        raise SettingError("DATABASE_URL", f"{path} is a folder.", "Name a file.")
    if not path.parent.is_dir():
        raise SettingError("DATABASE_URL", f"the folder of {path} does not exist.", "Make it first.")
    try:
        with open(path, "rb") as file:
            start = file.read(16)
    except FileNotFoundError:
        start = b""
    except OSError as error:
        raise SettingError(
            "DATABASE_URL", f"{path} cannot be read ({error.strerror}).", "Name another."
        ) from None
    if start not in (b"", b"SQLite format 3\0"):
        raise SettingError("DATABASE_URL", f"{path} is no SQLite database.", "Name another file.")
    # SQLite writes its WAL beside the file.
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise SettingError(
            "DATABASE_URL", f"{path} or its folder cannot be written to.", "Name another file."
        )
    return str(path)


_TEXT_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs", "application_name"}
_NUMBER_OPTIONS = {
    "connect_timeout", "tcp_user_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
}  # fmt: skip


def _check_options(options, remedy):
    unknown = set(options) - _TEXT_OPTIONS - _NUMBER_OPTIONS
    if unknown:
        raise SettingError("DATABASE_URL", f"the option '{short(min(unknown))}' is not known.", remedy)
    for name in sorted(_NUMBER_OPTIONS & set(options)):
        if not all(re.fullmatch("[0-9]{1,9}", value) for value in options[name]):
            raise SettingError("DATABASE_URL", f"the option '{name}' is not a whole number.", remedy)


def read_redis_url(env: Variables) -> str:
    """Empty where there is no Redis."""
    url = env.get("REDIS_URL", "").strip()
    if not url:
        return ""
    remedy = "Use redis://host:6379/0, or leave it empty."
    parts = _parts("REDIS_URL", url, remedy)
    if parts.scheme not in ("redis", "rediss", "unix") or not (parts.hostname or parts.path):
        raise SettingError("REDIS_URL", "it is not the address of a Redis server.", remedy)
    if parts.scheme != "unix" and not re.fullmatch(r"/?|/[0-9]{1,3}", parts.path):
        raise SettingError("REDIS_URL", f"'{short(parts.path)}' is not the number of a database.", remedy)
    return url


def read_email(env: Variables) -> dict[str, Any]:
    """Django's EMAIL_ settings; empty where no mail is sent."""
    url = env.get("EMAIL_URL", "").strip()
    if not url:
        return {}
    remedy = "Use smtp+tls://user:password@host:587 or smtp+ssl://user:password@host:465, or leave it empty."
    parts = _parts("EMAIL_URL", url, remedy)
    if parts.scheme not in ("smtp", "smtp+tls", "smtp+ssl") or not parts.hostname:
        raise SettingError("EMAIL_URL", "it is not the address of a mail server.", remedy)
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


def read_email_from(env: Variables) -> str:
    """The sender of every mail."""
    text = env.get("EMAIL_FROM", "").strip()
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise SettingError(
            "EMAIL_FROM", f"'{short(text)}' is not a mail address.", "Use for example web@example.com."
        )
    if not text and env.get("EMAIL_URL", "").strip():
        raise SettingError(
            "EMAIL_FROM", "it is missing, and EMAIL_URL is set.", "Use for example web@example.com."
        )
    return text


_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_STORAGE_REMEDY = "Use s3://bucket?endpoint=https://host&region=name, or leave it empty."


def read_media_storage(env: Variables) -> dict[str, Any]:
    """The options of greenenergy.media.bucket.ObjectStorage; empty where media are files in DATA_DIR."""
    url = env.get("MEDIA_STORAGE_URL", "").strip()
    if not url:
        return {}
    parts = _parts("MEDIA_STORAGE_URL", url, _STORAGE_REMEDY)
    port = parts.port
    if parts.scheme != "s3":
        raise _storage_error(f"the kind '{short(parts.scheme)}' is not known.")
    bucket = parts.netloc.rpartition("@")[2]  # not .hostname, which would turn it to lower case
    if port is None and (not _BUCKET.fullmatch(bucket) or ".." in bucket or is_ip(bucket)):
        raise _storage_error("the name of the bucket is missing or wrong.")
    if port is not None or parts.path.strip("/") or parts.fragment:
        raise _storage_error("there is more than the bucket before the question mark.")
    options = {
        "bucket_name": bucket,
        **_storage_options(parts.query),
        **_storage_credentials(env, parts),
    }
    _check_storage_packages()
    return options


def _storage_options(query):
    values = parse_qs(query, keep_blank_values=True)
    unknown = set(values) - {"endpoint", "region", "addressing"}
    if unknown:
        raise _storage_error(f"the option '{short(min(unknown))}' is not known.")
    for name, given in values.items():
        if len(given) > 1:
            raise _storage_error(f"the option '{name}' is given twice.")
    endpoint = values.get("endpoint", [None])[0]
    if endpoint is not None and not _is_endpoint(endpoint):
        raise _storage_error("the endpoint is not an address like https://host or http://host:9000.")
    region = values.get("region", ["us-east-1"])[0]
    if not re.fullmatch(r"[a-z0-9-]{1,40}", region):
        raise _storage_error(f"the region '{short(region)}' is not the name of one.")
    addressing = values.get("addressing", ["path" if endpoint else "virtual"])[0]
    if addressing not in ("path", "virtual"):
        raise _storage_error(f"the addressing '{short(addressing)}' is neither path nor virtual.")
    return {"endpoint_url": endpoint, "region_name": region, "addressing_style": addressing}


def _is_endpoint(url):
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(
        host
        and is_host(host)
        and parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and parts.path in ("", "/")
        and not parts.query
        and not parts.fragment
    )


def _storage_credentials(env, parts):
    """From the URL, or else from the variables that all S3 tools read."""
    key, secret, token = unquote(parts.username or ""), unquote(parts.password or ""), None
    if "@" not in parts.netloc:
        key, secret, token = (
            env.get(name, "").strip()
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        )
    if not key or not secret:
        raise SettingError(
            "MEDIA_STORAGE_URL",
            "the key or the secret of the storage is missing.",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use s3://key:secret@bucket.",
        )
    return {"access_key": key, "secret_key": secret, "security_token": token or None}


def _check_storage_packages():
    if not all(importlib.util.find_spec(name) for name in ("storages", "boto3")):
        raise SettingError(
            "MEDIA_STORAGE_URL",
            "the package django-storages[s3] is not installed.",
            "Use make run, or: .venv/bin/pip install --require-hashes -r requirements-s3.lock.",
        )


def _storage_error(fault):
    return SettingError("MEDIA_STORAGE_URL", fault, _STORAGE_REMEDY)
