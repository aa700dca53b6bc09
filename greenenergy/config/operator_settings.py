"""Every setting that an operator gives: declared, read and checked in one place.

`gunicorn.conf.py` and `settings.py` both begin here, so that a wrong value stops the start
before a worker exists, with one line: the setting, the fault, the remedy.

To add a setting, add a field to Environment and run `python -m greenenergy.config.docs_table`, which updates
docs/operations.md.
"""

# ruff: noqa: RUF009  setting() and whole_number() make dataclass fields
import os
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from .data_dir import read_data_dir, read_secret_key
from .network import read_bind, read_robot_networks, read_site_urls, read_trusted_proxies
from .services import read_database, read_email, read_email_from, read_media_storage, read_redis_url
from .setting import Setting, setting, whole_number
from .values import SettingError, Variables, read_switch


@dataclass(frozen=True)
class Environment:
    """The operator's settings, checked."""

    site_urls: tuple[str, ...] = setting(
        "SITE_URL",
        read_site_urls,
        needs=("port",),
        default="`http://127.0.0.1:8000`（`localhost` 也可以）",
        zh="网站的公开地址。允许的主机名、可信来源、安全 Cookie、HSTS 和跳转到 https 都由它决定。可以写几个，用逗号隔开，第一个是正式地址，其余跳转到它",
        en="public address; hosts, trusted origins, secure cookies, HSTS and the https redirect follow from it; several, separated by commas: the first is canonical, the others redirect to it",
    )
    bind: str = setting(
        "BIND",
        read_bind,
        default="`127.0.0.1`",
        zh="gunicorn 监听的地址",
        en="the address that gunicorn listens on",
    )
    port: int = whole_number(
        "PORT", 8000, least=1, most=65535, zh="gunicorn 监听的端口", en="the port that gunicorn listens on"
    )
    secret_key: str = setting(
        "SECRET_KEY",
        read_secret_key,
        needs=("data_dir",),
        is_secret=True,
        default="自动生成，存在 `DATA_DIR/secret_key`，只有本人可读",
        zh="Django 的密钥，至少 50 个字符",
        en="Django's, at least 50 characters; made once in `DATA_DIR`",
    )
    data_dir: Path = setting(
        "DATA_DIR",
        read_data_dir,
        default="`var/`",
        zh="所有要保住的东西：数据库文件、上传的文件、密钥、人气日志",
        en="all that must survive: database file, media, key, view journals",
    )
    database: dict[str, Any] = setting(
        "DATABASE_URL",
        read_database,
        needs=("data_dir",),
        is_secret=True,
        default="`DATA_DIR` 里的 SQLite",
        zh="`postgres://…` 或 `sqlite:///…`",
        en="the database",
    )
    redis_url: str = setting(
        "REDIS_URL",
        read_redis_url,
        is_secret=True,
        default="没有也能用",
        zh="几个进程或几台机器共用的缓存，聊天的唤醒",
        en="cache and wake-ups of the chat, shared by several processes or machines; optional",
    )
    media_storage: dict[str, Any] = setting(
        "MEDIA_STORAGE_URL",
        read_media_storage,
        is_secret=True,
        default="`DATA_DIR/media` 和 `DATA_DIR/private` 里的文件",
        zh="图片、附件、聊天文件放在对象存储里：`s3://桶?endpoint=https://…&region=…&addressing=virtual`，见[几台机器](#几台机器)",
        en="media and chat files in a bucket; `make run` then installs `requirements-s3.lock`, too",
    )
    trusted_proxies: tuple[str, ...] = setting(
        "TRUSTED_PROXIES",
        read_trusted_proxies,
        default="都不信",
        zh="相信哪些代理写的 `X-Forwarded-*`：地址或网段，用逗号隔开",
        en="addresses or networks whose `X-Forwarded-*` are believed",
    )
    robot_networks: tuple[str, ...] = setting(
        "ROBOT_NETWORKS",
        read_robot_networks,
        default="都不许",
        zh="群机器人的地址可以在哪些内网里（也指访问外网用的代理）：地址或网段，用逗号隔开。公网的不用写",
        en="private networks in which chat robots, or the proxy to them, may be; public addresses need no entry",
    )
    debug: bool = setting(
        "DEBUG",
        partial(read_switch, name="DEBUG"),
        default="`0`",
        zh="`1` 用于开发",
        en="`1` for development",
    )
    web_concurrency: int = whole_number(
        "WEB_CONCURRENCY", 2, least=1, most=64, zh="gunicorn 的工作进程数", en="gunicorn's workers"
    )
    request_threads: int = whole_number(
        "REQUEST_THREADS",
        6,
        least=1,
        most=64,
        zh="每个工作进程运行 Django 的线程数。数据库连接最多为 `WEB_CONCURRENCY` ×（`REQUEST_THREADS` + 5）",
        en="threads that run Django in each worker; database connections ≤ workers × (threads + 5)",
    )
    request_wait_seconds: int = whole_number(
        "REQUEST_WAIT_SECONDS",
        10,
        least=1,
        most=60,
        zh="请求等一个空闲线程最多几秒，之后回答 503",
        en="how long a request waits for a thread before 503",
    )
    statement_seconds: int = whole_number(
        "STATEMENT_SECONDS",
        15,
        least=1,
        most=120,
        zh="一条数据库语句最多几秒，之后中断，回答 503",
        en="how long a database statement may take before 503",
    )
    views_per_address: int = whole_number(
        "VIEWS_PER_ADDRESS",
        30,
        least=1,
        most=100_000,
        zh="同一个网络地址在半小时里最多给一篇文章加几个人气",
        en="views that one network address may add to one article in a half-hour",
    )
    chat_streams: int = whole_number(
        "CHAT_STREAMS",
        1000,
        least=0,
        most=100_000,
        zh="每个工作进程同时开着的聊天连接，多出来的自动改为轮询；`0` 则全部轮询",
        en="open chat streams in each worker; further browsers poll, with `0` all of them",
    )
    chat_messages_per_minute: int = whole_number(
        "CHAT_MESSAGES_PER_MINUTE",
        20,
        least=1,
        most=1_000_000,
        zh="一位访客一分钟最多发几条消息",
        en="chat messages of one visitor in a minute",
    )
    chat_conversations_per_hour: int = whole_number(
        "CHAT_CONVERSATIONS_PER_HOUR",
        1000,
        least=1,
        most=1_000_000,
        zh="同一个网络地址一小时最多开几个新会话；一家工厂、一个展会往往只有一个地址，再多就请访客留言或打电话",
        en="new conversations from one network address in an hour; a factory or a fair often has one. Beyond it: form and telephone",
    )
    enquiries_per_hour: int = whole_number(
        "ENQUIRIES_PER_HOUR",
        600,
        least=1,
        most=1_000_000,
        zh="同一个网络地址一小时最多留几条言",
        en="message forms from one network address in an hour",
    )
    email: dict[str, Any] = setting(
        "EMAIL_URL",
        read_email,
        is_secret=True,
        default="不发信",
        zh="发信的服务器，如 `smtp+ssl://用户:密码@smtp.example.com:465`（或 `smtp+tls://…`）；新留言发到“客服设置”里的邮箱",
        en="mail server, `smtp+tls://…` or `smtp+ssl://…`, for new message forms; none: no mail",
    )
    email_from: str = setting(
        "EMAIL_FROM",
        read_email_from,
        default="不设",
        zh="发件人；设了 `EMAIL_URL` 就要写",
        en="sender of every mail; needed with `EMAIL_URL`",
    )

    @property
    def https(self) -> bool:
        return self.site_urls[0].startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names without port, as a Host header has them, the canonical one first."""
        names = [urlsplit(url).hostname or "" for url in self.site_urls]
        return [f"[{name}]" if ":" in name else name for name in names]

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"

    @classmethod
    def read(cls, env: Variables = os.environ) -> Self:
        """Read and check every setting; raise SettingError for the first that is wrong.

        Creates DATA_DIR, and in it the secret key, where they are missing.
        """
        declared = {field.name: field.metadata["setting"] for field in fields(cls)}
        values: dict[str, Any] = {}

        def value_of(name):
            if name not in values:
                needed = [value_of(other) for other in declared[name].needs]
                values[name] = declared[name].read(env, *needed)
            return values[name]

        return cls(**{name: value_of(name) for name in declared})


# Variables that are read elsewhere: by read_media_storage(), if MEDIA_STORAGE_URL holds no key, and by
# `manage.py prepare_site`.
READ_ELSEWHERE = (
    Setting(
        "AWS_ACCESS_KEY_ID",
        "不设",
        "对象存储的密钥 ID，也可以写成 `s3://密钥ID:密钥@桶`",
        "the bucket's key, or `s3://key:secret@bucket`",
    ),
    Setting("AWS_SECRET_ACCESS_KEY", "不设", "对象存储的密钥", "the secret of that key"),
    Setting("AWS_SESSION_TOKEN", "不设", "临时密钥的令牌", "the token of a temporary key"),
    Setting(
        "DJANGO_SUPERUSER_USERNAME",
        "`admin`",
        "`make run` 新建的第一个管理员",
        "the first admin that `make run` creates",
    ),
    Setting(
        "DJANGO_SUPERUSER_PASSWORD",
        "随机密码，只显示一次",
        "这个管理员的密码",
        "the password of this admin; random, printed once",
    ),
)
SETTINGS: tuple[Setting, ...] = (
    *(field.metadata["setting"] for field in fields(Environment)),
    *READ_ELSEWHERE,
)


def read_or_exit() -> Environment:
    """The checked settings; a wrong one ends the process with one line on stderr and exit status 1."""
    try:
        return Environment.read()
    except SettingError as error:
        raise SystemExit(str(error)) from None
