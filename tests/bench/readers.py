"""Readers of many URLs: when each answer came, and what it held. Meant for a process of its own."""

import gzip
import random
import re
import selectors
import socket
import time
from typing import NamedTuple

from tests.bench.load import answer_length, request_bytes
from tests.bench.pages import GZIP, PERSON

_ETAG = re.compile(rb"\r\netag: ([^\r]+)", re.IGNORECASE)


class Reading(NamedTuple):
    """One answer: seconds of time.monotonic(), which all processes share, and the index of its body."""

    begun: float
    ended: float
    body: int


class Body(NamedTuple):
    """The answer for one URL and ETag."""

    path: str
    compressed: bytes

    def text(self) -> str:
        return gzip.decompress(self.compressed).decode()


def connect(port: int, connections: int) -> list[socket.socket]:
    """Connections opened one by one: one worker would accept all that arrive at once."""
    opened = []
    for _ in range(connections):
        time.sleep(0.01)
        client = socket.create_connection(("127.0.0.1", port), timeout=60)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.append(client)
    return opened


def fetch(client: socket.socket, request: bytes) -> bytes:
    """The complete answer, read on this connection. Raises load.UnexpectedAnswer for any status but 2xx and 304."""
    client.sendall(request)
    buffer = bytearray()
    while not answer_length(buffer):
        piece = client.recv(262_144)
        if not piece:
            raise ConnectionError("the connection was closed")
        buffer += piece
    return bytes(buffer)


def page_request(host: str, path: str) -> bytes:
    return request_bytes(host, path, (PERSON, GZIP))


def etag(answer: bytes) -> bytes:
    return _ETAG.search(answer)[1]


class _Connection:
    """One reader: a request for a random URL, its answer, the next one."""

    def __init__(self, client, requests, bodies):
        self.client, self._requests, self._bodies = client, requests, bodies
        self._buffer = bytearray()
        self.request_next()

    def request_next(self):
        self._path, request = random.choice(self._requests)
        self._begun = time.monotonic()
        self.client.sendall(request)

    def read(self) -> Reading | None:
        """Receive a piece; the answer where it is complete now, else None."""
        piece = self.client.recv(262_144)
        if not piece:
            raise ConnectionError("the connection was closed")
        self._buffer += piece
        if not answer_length(self._buffer):
            return None
        answer, ended = bytes(self._buffer), time.monotonic()
        self._buffer.clear()
        key = (self._path, etag(answer))
        if key not in self._bodies:
            self._bodies[key] = (len(self._bodies), answer.partition(b"\r\n\r\n")[2])
        return Reading(self._begun, ended, self._bodies[key][0])


def read_at_random(port: int, host: str, paths: list[str], *, seconds: float, connections: int):
    """(readings, bodies) of so many seconds; each connection requests one URL after the other."""
    requests, bodies, readings = [(path, page_request(host, path)) for path in paths], {}, []
    selector, end = selectors.DefaultSelector(), time.monotonic() + seconds
    for client in connect(port, connections):
        selector.register(client, selectors.EVENT_READ, _Connection(client, requests, bodies))
    while time.monotonic() < end:
        for key, _events in selector.select(0.5):
            reading = key.data.read()
            if reading:
                readings.append(reading)
                key.data.request_next()
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return readings, [Body(path, body) for (path, _etag), (_index, body) in bodies.items()]
