"""Which worker holds which connection, for measurements that must reach every worker."""

import contextlib
import os
import time
from pathlib import Path

from tests.bench.readers import connect, fetch, page_request


def connect_to_every_worker(site, each: int = 2) -> list:
    """Keep-alive connections, `each` to each worker; a worker's surplus ones are closed."""
    clients = {worker: [] for worker in site.workers()}
    deadline = time.monotonic() + 60
    while min(map(len, clients.values())) < each:
        assert time.monotonic() < deadline, "no connection reaches one of the workers"
        (client,) = connect(site.port, 1)
        fetch(client, page_request(site.host, "/healthz"))
        own = clients[_worker_of(client, site)]
        if len(own) < each:
            own.append(client)
        else:
            client.close()
    return [client for own in clients.values() for client in own]


def _worker_of(client, site):
    """The process that holds the other end, found by its inode in /proc/net/tcp."""
    ends = f":{site.port:04X}", f":{client.getsockname()[1]:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1]))
    return next(worker for worker in site.workers() if f"socket:[{inode}]" in _descriptors(worker))


def _descriptors(pid):
    """The target of each open descriptor; one may be closed while they are read."""
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.add(os.readlink(descriptor))
    return found
