"""Every setting that an operator gives, read and checked in one place.

`gunicorn.conf.py` and `settings.py` both begin here, so that a wrong value stops the start
before a worker exists, with one line: what was set, what is wrong, what to do.
"""

import ipaddress
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .services import database, email, email_from, media_storage, redis_url
from .values import BASE_DIR, SettingError, is_host, is_ip, short, switch, whole_number


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
        port = whole_number(env, "PORT", 8000, least=1, most=65535)
        data_dir = _data_dir(env)
        return cls(
            site_urls=_site_urls(env, port),
            bind=_bind(env),
            port=port,
            secret_key=_secret_key(env, data_dir),
            data_dir=data_dir,
            database=database(env, data_dir),
            redis_url=redis_url(env),
            trusted_proxies=_trusted_proxies(env),
            debug=switch(env, "DEBUG"),
            media_dir=data_dir / "media",
            media_storage=media_storage(env),
            web_concurrency=whole_number(env, "WEB_CONCURRENCY", 2, least=1, most=64),
            request_threads=whole_number(env, "REQUEST_THREADS", 6, least=1, most=64),
            request_wait_seconds=whole_number(env, "REQUEST_WAIT_SECONDS", 10, least=1, most=60),
            statement_seconds=whole_number(env, "STATEMENT_SECONDS", 15, least=1, most=120),
            views_per_address=whole_number(env, "VIEWS_PER_ADDRESS", 30, least=1, most=100_000),
            chat_streams=whole_number(env, "CHAT_STREAMS", 1000, least=0, most=100_000),
            chat_messages_per_minute=whole_number(
                env, "CHAT_MESSAGES_PER_MINUTE", 20, least=1, most=1_000_000
            ),
            chat_conversations_per_hour=whole_number(
                env, "CHAT_CONVERSATIONS_PER_HOUR", 10, least=1, most=1_000_000
            ),
            enquiries_per_hour=whole_number(env, "ENQUIRIES_PER_HOUR", 5, least=1, most=1_000_000),
            email=email(env),
            email_from=email_from(env),
        )


def read_or_exit() -> Environment:
    """The checked settings, or a stop with the one line on stderr and exit status 1."""
    try:
        return Environment.read()
    except SettingError as error:
        raise SystemExit(str(error)) from None


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
            raise SettingError("SITE_URL", f"'{short(url)}' is not an address.", remedy) from None
        if parts.username or parts.password:
            raise SettingError("SITE_URL", "an address holds a user name or password.", remedy)
        if parts.scheme not in ("http", "https") or not host or not is_host(host):
            raise SettingError("SITE_URL", f"'{short(url)}' is not an address.", remedy)
        if parts.path or parts.query or parts.fragment:
            raise SettingError("SITE_URL", f"'{short(url)}' has more than scheme and host.", remedy)
        urls.append(url.lower())
    if len({urlsplit(url).scheme for url in urls}) > 1:
        raise SettingError("SITE_URL", "http and https are mixed.", "Use https for all of them.")
    return tuple(urls)


def _bind(env):
    text = env.get("BIND", "").strip() or "127.0.0.1"
    if text != "localhost" and not is_ip(text):
        raise SettingError(
            "BIND",
            f"'{short(text)}' is not an address of this machine.",
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
                f"'{short(text)}' is not an address.",
                "Use for example 127.0.0.1,10.0.0.0/8.",
            ) from None
        proxies.append(str(network))
    return tuple(proxies)
