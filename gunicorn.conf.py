"""All that `gunicorn` needs; found by itself in the project's root. What an operator chooses is in the environment."""

import os
import resource
import signal
import sys
import time
import weakref

from greenenergy.config.environment import read_or_exit

_environment = read_or_exit()  # one line and an end, before any worker could print a traceback

# The site's clock, TIME_ZONE of the settings, from the log's first line on: Django sets it in the workers alone.
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

# Database connections: workers × (REQUEST_THREADS + 5: folding of views, watcher of changes,
# chat listener, chat reader, keeper).
# With the defaults 2 × 11 = 22;
# PostgreSQL allows 100 unless told otherwise.

# The heartbeat is the event loop's: a hung query does not kill a worker, it is ended by its own time-out.
timeout = 30
# Idle connections are closed at once when a worker is told to stop, requests finish within 6.5 s (wsgi_bridge.py),
# then the last views are folded.
graceful_timeout = 9
ABORT_SECONDS = 7
keepalive = 15

limit_request_line = 8190  # a tag of 30 Chinese characters needs 270
limit_request_fields = 100
limit_request_field_size = 16380

# gunicorn's default believes whoever connects from 127.0.0.1.
forwarded_allow_ips = ",".join(_environment.trusted_proxies)
control_socket_disable = True

# One descriptor for each connection: as many as the system allows.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))


# A thread that works in Python gives way to the event loop after this, not after Python's 5 ms: ready pages and
# streams wait for nobody's render.
SWITCH_SECONDS = 0.0005


def when_ready(server):
    """Forget the numbers of views that an earlier run has shown; the database may have been restored since.

    Not before the address is ours: somebody may start a second server beside one that runs.
    """
    (_environment.data_dir / "shown-views").unlink(missing_ok=True)


def post_worker_init(worker):
    """Tell the application of SIGTERM at once, and close the connections on which nothing is asked.

    gunicorn's worker looks every second, and waits for idle connections as long as for busy ones.
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
            if protocol._awaiting_request and protocol.transport is not None:
                protocol.transport.close()
        worker.loop.call_later(ABORT_SECONDS, abort)

    def abort():
        """A client that takes nothing keeps its connection open while there is something to send."""
        for protocol in list(protocols):
            if protocol.transport is not None:
                protocol.transport.abort()

    worker.loop.create_server = create_tracked_server
    worker.loop.add_signal_handler(signal.SIGTERM, stop)
