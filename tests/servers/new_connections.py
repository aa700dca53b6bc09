"""Clients that open a new connection for each request, all the time, and record each that was not answered."""

import itertools
import socket
import threading
import time

# One client address has some 28,000 ports, which stay taken for a minute.
_ADDRESSES = itertools.cycle([f"127.0.3.{number}" for number in range(1, 200)])


class NewConnections:
    """A context manager: `clients` threads run inside of it. `.answered` counts, `.lost` holds a text for each loss.

    Every third connection sends its request some milliseconds after it was opened, as over a real network.
    """

    def __init__(self, site, path: str, clients: int):
        self.answered, self.lost = 0, []
        self._request = f"GET {path} HTTP/1.1\r\nHost: {site.host}\r\nConnection: close\r\n\r\n".encode()
        self._port = site.port
        self._stopping, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_fault):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number):
        for turn in itertools.count(number):
            if self._stopping.is_set():
                return
            fault = self._ask(pause=0.02 if turn % 3 == 0 else 0)
            with self._lock:
                if fault:
                    self.lost.append(f"{time.strftime('%X')} {fault}")
                else:
                    self.answered += 1

    def _ask(self, pause):
        """What went wrong; empty for a whole answer 200."""
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", self._port), 20, (next(_ADDRESSES), 0)) as client:
                if pause:
                    self._stopping.wait(pause)
                client.sendall(self._request)
                while piece := client.recv(65536):
                    answer += piece
        except OSError as error:
            return f"{error!r} after {len(answer)} bytes"
        return "" if answer.startswith(b"HTTP/1.1 200 ") else repr(answer[:60])


def reload_and_wait(site, wait_for) -> None:
    """HUP, until every worker is a new one."""
    before = set(site.workers())
    site.reload()
    wait_for(lambda: len(now := set(site.workers())) == len(before) and not now & before, 30, site.read_log)
