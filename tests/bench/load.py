"""A plain HTTP load: keep-alive connections, one request after the other on each, and the workers' CPU time."""

import os
import selectors
import socket
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


class UnexpectedAnswer(Exception):
    """An answer other than 2xx or 304, or none: it ends a measurement."""


def request_bytes(host: str, path: str, headers=()) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {value}" for name, value in headers),
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def hammer(port: int, request: bytes, *, seconds: float, connections: int = 16) -> tuple[int, int]:
    """(answers, bytes of one answer) in so many seconds. Raises UnexpectedAnswer for any status but 2xx and 304."""
    selector = selectors.DefaultSelector()
    open_sockets = []
    for _ in range(connections):
        time.sleep(0.01)  # one worker would accept all connections that arrive at once
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(client, selectors.EVENT_READ, bytearray())
        open_sockets.append(client)
        client.sendall(request)
    answers, size, end = 0, 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _events in selector.select(0.5):
            client, buffer = key.fileobj, key.data
            piece = client.recv(262_144)
            if not piece:
                raise UnexpectedAnswer("the connection was closed")
            buffer += piece
            length = answer_length(buffer)
            if length:
                answers += 1
                size = length
                buffer.clear()
                client.sendall(request)
    for client in open_sockets:
        client.close()
    return answers, size


def answer_length(buffer):
    """The length of the answer in the buffer where it is complete, else 0. Raises UnexpectedAnswer."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return 0
    if not (buffer.startswith(b"HTTP/1.1 2") or buffer.startswith(b"HTTP/1.1 304")):
        raise UnexpectedAnswer(bytes(buffer[:200]).decode("latin-1"))
    start = buffer[:head].lower().find(b"content-length:")
    if start >= 0:
        stop = buffer.find(b"\r\n", start)
        total = head + 4 + int(buffer[start + 15 : stop])
        return total if len(buffer) >= total else 0
    return len(buffer) if buffer.endswith(b"0\r\n\r\n") else 0


def cpu_seconds(pids) -> float:
    """User and system time of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK
