"""gunicorn's settings; it finds this file in the project's root. Operators set environment variables instead of editing it."""

import os
import resource
import sys
import time

from greenenergy.config.operator_settings import read_or_exit
from greenenergy.serving import server_warnings  # noqa: F401  before the fork, so that the workers share what was said
from greenenergy.serving.graceful_stop import GracefulStop

_environment = read_or_exit()  # stops with one line, before any worker could print a traceback

# The same as TIME_ZONE in settings.py. Django sets it in the workers only; the log needs it from its first line on.
os.environ["TZ"] = "Asia/Shanghai"
time.tzset()

wsgi_app = "greenenergy.asgi:application"
worker_class = "asgi"
asgi_lifespan = "on"
asgi_loop = "asyncio"  # whose order of steps greenenergy/serving/graceful_stop.py relies on
workers = _environment.web_concurrency
bind = (
    f"[{_environment.bind}]:{_environment.port}"
    if ":" in _environment.bind
    else f"{_environment.bind}:{_environment.port}"
)
proc_name = "greenenergy"

# Database connections: workers × (REQUEST_THREADS + 5: folding of views, watcher of changes, chat listener,
# chat reader, housekeeping). With the defaults 2 × 11 = 22; PostgreSQL's default limit is 100.

# The event loop sends the heartbeat, so a hanging query does not get its worker killed; STATEMENT_SECONDS cancels it.
timeout = 30
# After SIGTERM idle connections are closed at once (greenenergy/serving/graceful_stop.py), requests end within 6.5 s
# (greenenergy/serving/wsgi_bridge.py), and then the last views are folded.
graceful_timeout = 9
keepalive = 15

limit_request_line = 8190  # a tag of 30 Chinese characters needs 270
limit_request_fields = 100
limit_request_field_size = 16380

# By default gunicorn would trust every peer at 127.0.0.1.
forwarded_allow_ips = ",".join(_environment.trusted_proxies)
control_socket_disable = True

# Every connection needs a file descriptor: allow as many as the system does.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))


# How long a request thread holds the GIL while the event loop waits for it; Python's default is 5 ms. So cached pages
# and streams do not wait for a page that is being rendered.
SWITCH_SECONDS = 0.0005


def when_ready(server):
    """Delete the shared view counts of an earlier run: the database may have been restored since.

    Only once the port is bound: before that, a running server may still use the file.
    """
    (_environment.data_dir / "shown-views").unlink(missing_ok=True)


def post_worker_init(worker):
    sys.setswitchinterval(SWITCH_SECONDS)
    GracefulStop(worker)
