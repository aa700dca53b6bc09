"""Every setting that an operator gives, read and checked in one place.

`gunicorn.conf.py` and `settings.py` both begin here, so that a wrong value stops the start
before a worker exists, with one line: what was set, what is wrong, what to do.
"""

import importlib.util
import ipaddress
import os
import re
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)


class SettingError(ValueError):
    """One setting is wrong. The text is the whole line an operator reads; it holds no secret."""

    def __init__(self, name: str, fault: str, remedy: str):
        super().__init__(f"{name}: {fault} {remedy}")


@dataclass(frozen=True)
class Environment:
    """The operator's settings, checked. Names are those of the README's table, in lower case."""

    site_urls: tuple[str, ...]
    bind: str
    port: int
    secret_key: str = field(repr=False)
    data_dir: Path
    database: dict = field(repr=False)
    redis_url: str = field(repr=False)
    trusted_proxies: tuple[str, ...]
    debug: bool
    media_dir: Path
    media_storage: dict = field(repr=False)
    web_concurrency: int
    request_threads: int
    request_wait_seconds: int
    statement_seconds: int
    views_per_address: int
    chat_streams: int
    chat_messages_per_minute: int
    chat_conversations_per_hour: int
    enquiries_per_hour: int
    email: dict = field(repr=False)
    email_from: str

    @property
    def https(self) -> bool:
        return self.site_urls[0].startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names without port, the canonical one first."""
        return [urlsplit(url).hostname for url in self.site_urls]

    @classmethod
    def read(cls, env=os.environ) -> "Environment":
        """Read and check every setting; raise SettingError for the first that is wrong.

        Creates DATA_DIR, and in it the secret key, where they are missing.
        """
        port = _whole_number(env, "PORT", 8000, least=1, most=65535)
        data_dir = _data_dir(env)
        return cls(
            site_urls=_site_urls(env, port),
            bind=_bind(env),
            port=port,
            secret_key=_secret_key(env, data_dir),
            data_dir=data_dir,
            database=_database(env, data_dir),
            redis_url=_redis_url(env),
            trusted_proxies=_trusted_proxies(env),
            debug=_switch(env, "DEBUG"),
            media_dir=data_dir / "media",
            media_storage=_media_storage(env),
            web_concurrency=_whole_number(env, "WEB_CONCURRENCY", 2, least=1, most=64),
            request_threads=_whole_number(env, "REQUEST_THREADS", 6, least=1, most=64),
            request_wait_seconds=_whole_number(env, "REQUEST_WAIT_SECONDS", 10, least=1, most=60),
            statement_seconds=_whole_number(env, "STATEMENT_SECONDS", 15, least=1, most=120),
            views_per_address=_whole_number(env, "VIEWS_PER_ADDRESS", 30, least=1, most=100_000),
            chat_streams=_whole_number(env, "CHAT_STREAMS", 1000, least=0, most=100_000),
            chat_messages_per_minute=_whole_number(
                env, "CHAT_MESSAGES_PER_MINUTE", 20, least=1, most=1_000_000
            ),
            chat_conversations_per_hour=_whole_number(
                env, "CHAT_CONVERSATIONS_PER_HOUR", 10, least=1, most=1_000_000
            ),
            enquiries_per_hour=_whole_number(env, "ENQUIRIES_PER_HOUR", 5, least=1, most=1_000_000),
            email=_email(env),
            email_from=_email_from(env),
        )


def read_or_exit() -> Environment:
    """The checked settings, or a stop with the one line on stderr and exit status 1."""
    try:
        return Environment.read()
    except SettingError as error:
        raise SystemExit(str(error)) from None


def _whole_number(env, name, default, *, least, most):
    text = env.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingError(
            name, f"'{_short(text)}' does not fit.", f"Use a whole number from {least} to {most}."
        )
    return int(text)


def _switch(env, name):
    text = env.get(name, "").strip() or "0"
    if text not in ("0", "1"):
        raise SettingError(name, f"'{_short(text)}' is not known.", "Use 1 for on, 0 for off.")
    return text == "1"


def _site_urls(env, port):
    text = env.get("SITE_URL", "").strip()
    if not text:
        return (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    urls = []
    for part in text.split(","):
        url = part.strip().rstrip("/")
        remedy = "Use for example https://www.example.com, several separated by commas."
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise SettingError("SITE_URL", f"'{_short(url)}' is not an address.", remedy) from None
        if parts.username or parts.password:
            raise SettingError("SITE_URL", "an address holds a user name or password.", remedy)
        if parts.scheme not in ("http", "https") or not host or not (_HOST.fullmatch(host) or _is_ip(host)):
            raise SettingError("SITE_URL", f"'{_short(url)}' is not an address.", remedy)
        if parts.path or parts.query or parts.fragment:
            raise SettingError("SITE_URL", f"'{_short(url)}' has more than scheme and host.", remedy)
        urls.append(url.lower())
    if len({urlsplit(url).scheme for url in urls}) > 1:
        raise SettingError("SITE_URL", "http and https are mixed.", "Use https for all of them.")
    return tuple(urls)


def _is_ip(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _bind(env):
    text = env.get("BIND", "").strip() or "127.0.0.1"
    if text != "localhost" and not _is_ip(text):
        raise SettingError(
            "BIND",
            f"'{_short(text)}' is not an address of this machine.",
            "Use 127.0.0.1, or 0.0.0.0 for all.",
        )
    return text


def _data_dir(env):
    text = env.get("DATA_DIR", "").strip()
    path = (BASE_DIR / text if text else BASE_DIR / "var").absolute()
    remedy = "Name a folder that the site's user may write to."
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError("DATA_DIR", f"{path} cannot be made ({error.strerror}).", remedy) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError("DATA_DIR", f"{path} cannot be written to.", remedy)
    return path


def _secret_key(env, data_dir):
    key = env.get("SECRET_KEY", "").strip()
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise SettingError(
                "SECRET_KEY", "it is too short or too plain.", "Use 50 random characters or more."
            )
        return key
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _create_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "SECRET_KEY",
            f"{path} cannot be read ({type(error).__name__}).",
            "Mend the file, or set SECRET_KEY.",
        ) from None
    if len(key) < 50:
        raise SettingError(
            "SECRET_KEY", f"{path} holds no usable key.", "Delete the file; a new one is made."
        )
    return key


def _create_secret_key(path):
    """Several processes may start at once: the first to link its finished file wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def _database(env, data_dir):
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "site.sqlite3")}
    remedy = "Use postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        raise SettingError("DATABASE_URL", "it is not an address.", remedy) from None
    if parts.scheme not in ("postgres", "postgresql", "sqlite"):
        raise SettingError("DATABASE_URL", f"the kind '{_short(parts.scheme)}' is not known.", remedy)
    config = environ.Env.db_url_config(url)
    if not config.get("NAME"):
        raise SettingError("DATABASE_URL", "the name of the database is missing.", remedy)
    if parts.scheme == "sqlite":
        file = BASE_DIR / config["NAME"]
        if not file.parent.is_dir():
            raise SettingError("DATABASE_URL", f"the folder of {file} does not exist.", "Make it first.")
        return {**config, "NAME": str(file)}
    unknown = set(parse_qs(parts.query)) - {
        "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs", "application_name",
    }  # fmt: skip
    if unknown:
        raise SettingError("DATABASE_URL", f"the option '{_short(min(unknown))}' is not known.", remedy)
    return config


def _redis_url(env):
    url = env.get("REDIS_URL", "").strip()
    if not url:
        return ""
    remedy = "Use redis://host:6379/0, or leave it empty."
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        raise SettingError("REDIS_URL", "it is not an address.", remedy) from None
    if parts.scheme not in ("redis", "rediss", "unix") or not (parts.hostname or parts.path):
        raise SettingError("REDIS_URL", "it is not the address of a Redis server.", remedy)
    if parts.scheme != "unix" and not re.fullmatch(r"/?|/[0-9]{1,3}", parts.path):
        raise SettingError("REDIS_URL", f"'{_short(parts.path)}' is not the number of a database.", remedy)
    return url


def _email(env):
    url = env.get("EMAIL_URL", "").strip()
    if not url:
        return {}
    remedy = "Use smtp+tls://user:password@host:587 or smtp+ssl://user:password@host:465, or leave it empty."
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        raise SettingError("EMAIL_URL", "it is not an address.", remedy) from None
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


def _email_from(env):
    text = env.get("EMAIL_FROM", "").strip()
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise SettingError(
            "EMAIL_FROM", f"'{_short(text)}' is not a mail address.", "Use for example web@example.com."
        )
    if not text and env.get("EMAIL_URL", "").strip():
        raise SettingError(
            "EMAIL_FROM", "it is missing, and EMAIL_URL is set.", "Use for example web@example.com."
        )
    return text


_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_STORAGE_REMEDY = "Use s3://bucket?endpoint=https://host&region=name, or leave it empty."


def _media_storage(env):
    """The options of greenenergy.object_storage.ObjectStorage; none where media are files in DATA_DIR."""
    url = env.get("MEDIA_STORAGE_URL", "").strip()
    if not url:
        return {}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _storage_error("it is not an address.") from None
    if parts.scheme != "s3":
        raise _storage_error(f"the kind '{_short(parts.scheme)}' is not known.")
    bucket = parts.netloc.rpartition("@")[2]  # not .hostname, which would make lower case of it
    if port is None and (not _BUCKET.fullmatch(bucket) or ".." in bucket or _is_ip(bucket)):
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
        raise _storage_error(f"the option '{_short(min(unknown))}' is not known.")
    for name, given in values.items():
        if len(given) > 1:
            raise _storage_error(f"the option '{name}' is given twice.")
    endpoint = values.get("endpoint", [None])[0]
    if endpoint is not None and not _is_endpoint(endpoint):
        raise _storage_error("the endpoint is not an address like https://host or http://host:9000.")
    region = values.get("region", ["us-east-1"])[0]
    if not re.fullmatch(r"[a-z0-9-]{1,40}", region):
        raise _storage_error(f"the region '{_short(region)}' is not the name of one.")
    addressing = values.get("addressing", ["path" if endpoint else "virtual"])[0]
    if addressing not in ("path", "virtual"):
        raise _storage_error(f"the addressing '{_short(addressing)}' is neither path nor virtual.")
    return {"endpoint_url": endpoint, "region_name": region, "addressing_style": addressing}


def _is_endpoint(url):
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_host = host and (_HOST.fullmatch(host) or _is_ip(host))
    return bool(
        is_host
        and parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and parts.path in ("", "/")
        and not parts.query
        and not parts.fragment
    )


def _storage_credentials(env, parts):
    """From the address, or else from the environment under the names that every tool of S3 knows."""
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


def _trusted_proxies(env):
    proxies = []
    for part in env.get("TRUSTED_PROXIES", "").split(","):
        text = part.strip()
        if not text:
            continue
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise SettingError(
                "TRUSTED_PROXIES",
                f"'{_short(text)}' is not an address.",
                "Use for example 127.0.0.1,10.0.0.0/8.",
            ) from None
        proxies.append(str(network))
    return tuple(proxies)


def _short(text: str) -> str:
    """What was typed, short enough for one line and without control characters."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
