"""HUP under load: a worker that stops accepts no connection that it does not answer."""

import asyncio
import socket
from types import SimpleNamespace

import pytest

from greenenergy.serving.graceful_stop import GracefulStop
from tests.servers import wait_for
from tests.servers.new_connections import NewConnections, reload_and_wait


class Protocol(asyncio.Protocol):
    """As much of gunicorn's as is looked at: it answers each request with one byte, and closes."""

    _awaiting_request, req_count, transport = True, 1, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(b"!")
        self.transport.close()


def worker_of(loop):
    """As much of gunicorn's worker as is asked of it."""
    stopper = SimpleNamespace(stop_soon=lambda: None)
    return SimpleNamespace(loop=loop, asgi=stopper, handle_exit_signal=lambda: None)


def answers_of(clients, *, sent_at_once):
    """What clients read that have connected, and whose worker stops in the turn in which it accepts them."""

    async def main():
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))
        stop = GracefulStop(worker_of(loop))
        await loop.create_server(Protocol, sock=listener)
        opened = [socket.create_connection(listener.getsockname(), 5) for _ in range(clients)]
        if sent_at_once:
            for client in opened:
                client.sendall(b"?")
        # This turn of the loop accepts; the stop comes first in the next one.
        loop.call_soon(loop.call_soon, stop.begin)
        await asyncio.sleep(0)
        if not sent_at_once:
            await asyncio.sleep(0.05)
            for client in opened:
                client.sendall(b"?")
        read = await asyncio.gather(*(asyncio.to_thread(client.recv, 10) for client in opened))
        for client in opened:
            client.close()
        loop.remove_signal_handler(15)
        return read

    return asyncio.run(main())


@pytest.mark.parametrize("sent_at_once", [True, False])
def test_what_was_accepted_as_the_worker_stops_is_answered(sent_at_once):
    assert answers_of(20, sent_at_once=sent_at_once) == [b"!"] * 20


def test_a_worker_that_is_to_stop_before_it_serves_leaves_connections_to_the_others():
    async def main():
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))
        of_another_worker = listener.dup()
        with socket.create_connection(listener.getsockname(), 5):
            GracefulStop(worker_of(loop)).begin()
            await loop.create_server(Protocol, sock=listener)
            await asyncio.sleep(0.05)
            of_another_worker.setblocking(False)
            of_another_worker.accept()[0].close()  # it is still in the queue
        of_another_worker.close()
        loop.remove_signal_handler(15)

    asyncio.run(main())


@pytest.mark.server
def test_a_reload_under_load_loses_no_new_connection(make_site):
    site = make_site("sqlite")
    waiting = site.connect()  # its worker has it, and no request yet
    with NewConnections(site, "/healthz", clients=6) as load:
        wait_for(lambda: load.answered > 300, 30, site.read_log)
        reload_and_wait(site, wait_for)
        wait_for(lambda: load.answered > 600, 30, site.read_log)
    assert load.lost == []
    assert waiting.recv(100) == b""  # closed, and not reset
    waiting.close()
