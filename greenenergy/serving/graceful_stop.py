"""How a worker ends: it accepts no connection that it does not answer, and closes none that has just sent a request.

gunicorn's own ASGI worker checks for the signal once a second, waits for idle connections as long as for busy ones, and
closes its server while connections that it has accepted are still being set up: those would be reset.
"""

import select
import signal
import weakref
from collections.abc import Callable
from typing import Any

# For the first request of a connection that was accepted before the signal; a client sends it right after connecting.
FIRST_REQUEST_SECONDS = 2.5
# When the rest is cut: a client that reads nothing would keep its connection as long as there is something to send.
ABORT_SECONDS = 7


class GracefulStop:
    """Takes over SIGTERM in one worker; made before its servers are."""

    def __init__(self, worker: Any):
        self._worker, self._loop = worker, worker.loop
        self._protocols: weakref.WeakSet[Any] = weakref.WeakSet()
        self._servers: list[Any] = []
        self._is_stopping = False
        self._create_server = worker.loop.create_server
        self._loop.create_server = self._create_tracked_server
        self._loop.add_signal_handler(signal.SIGTERM, self.begin)

    async def _create_tracked_server(self, make_protocol: Callable[[], Any], **options: Any) -> Any:
        def make() -> Any:
            protocol = make_protocol()
            self._protocols.add(protocol)
            return protocol

        server = await self._create_server(make, **{**options, "start_serving": False})
        self._servers.append(server)  # before it accepts, so that a signal at this very moment finds it
        if not self._is_stopping:
            await server.start_serving()
        return server

    def begin(self) -> None:
        """Stop accepting: what is still in the listening socket's queue is another worker's."""
        self._is_stopping = True
        for server in self._servers:
            for listener in server.sockets:
                self._loop.remove_reader(listener.fileno())
        # Connections that were accepted in this turn of the loop are set up in the next; a closed server refuses that.
        self._loop.call_soon(self._loop.call_soon, self._end)

    def _end(self) -> None:
        self._worker.handle_exit_signal()  # from now on each answer says Connection: close
        for server in self._servers:
            server.close()
        self._worker.asgi.stop_soon()
        self._close_waiting(lambda protocol: protocol.req_count > 1)
        self._loop.call_later(FIRST_REQUEST_SECONDS, self._close_waiting, lambda protocol: True)
        self._loop.call_later(ABORT_SECONDS, self._abort)

    def _close_waiting(self, chosen: Callable[[Any], bool]) -> None:
        """Close the chosen of the connections that wait for a request, unless it has just arrived."""
        for protocol in list(self._protocols):
            is_waiting = protocol._awaiting_request  # noqa: SLF001  gunicorn has no public name for it
            transport = protocol.transport
            if is_waiting and transport is not None and chosen(protocol) and not _has_arrived(transport):
                transport.close()

    def _abort(self) -> None:
        for protocol in list(self._protocols):
            if protocol.transport is not None:
                protocol.transport.abort()


def _has_arrived(transport):
    """Whether bytes are in the socket that the loop has not read yet: closing it now would reset the connection."""
    connection = transport.get_extra_info("socket")
    if connection is None or connection.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
