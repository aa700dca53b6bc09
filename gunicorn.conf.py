"""gunicorn's settings; it finds this file in the project's root. Operators set environment variables instead of editing it."""

import os
import resource
import signal
import sys
import time
import weakref

from greenenergy.config.operator_settings import read_or_exit
from greenenergy.serving import server_warnings  # noqa: F401  before the fork, so that the workers share what was said

_environment = read_or_exit()  # stops with one line, before any worker could print a traceback

# The same as TIME_ZONE in settings.py. Django sets it in the workers only; the log needs it from its first line on.
os.environ["TZ"] = "Asia/Shanghai"
time.tzset()

wsgi_app = "greenenergy.asgi:application"
worker_class = "asgi"
asgi_lifespan = "on"
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
# After SIGTERM idle connections are closed at once, requests end within 6.5 s (greenenergy/serving/wsgi_bridge.py), and
# then the last views are folded.
graceful_timeout = 9
ABORT_SECONDS = 7
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
    """On SIGTERM notify the application at once, and close idle connections.

    gunicorn's own worker checks once a second, and waits for idle connections as long as for busy ones.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    protocols = weakref.WeakSet()
    create_server = worker.loop.create_server

    async def create_tracked_server(make_protocol, **options):
        def make():
            protocol = make_protocol()
            protocols.add(protocol)
            return protocol

        return await create_server(make, **options)

    def stop():
        worker.handle_exit_signal()
        for server in worker.servers:
            server.close()
        worker.asgi.stop_soon()
        for protocol in list(protocols):
            is_idle = protocol._awaiting_request  # noqa: SLF001  gunicorn has no public name for it
            if is_idle and protocol.transport is not None:
                protocol.transport.close()
        worker.loop.call_later(ABORT_SECONDS, abort)

    def abort():
        """A client that reads nothing would keep its connection open as long as there is something to send."""
        for protocol in list(protocols):
            if protocol.transport is not None:
                protocol.transport.abort()

    worker.loop.create_server = create_tracked_server
    worker.loop.add_signal_handler(signal.SIGTERM, stop)
