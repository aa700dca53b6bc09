"""Old connections that are dead, while new ones work: no request waits for them longer than some seconds."""

import select
import socket
import threading
import time
from contextlib import suppress

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from greenenergy.database import server_watch as module
from greenenergy.database.server_watch import server_watch
from greenenergy.database.timeouts import limit_statements
from greenenergy.operations.connection_watch import ConnectionWatchThread


class Relay:
    """A proxy before the database. `freeze()`: what is connected gets no byte through any more, and is not closed."""

    def __init__(self, host, port):
        self._target, self._pairs, self._frozen = (host, port), [], set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _peer = self._server.accept()
                pair = (client, socket.create_connection(self._target))
                self._pairs.append(pair)
                threading.Thread(target=self._pass_on, args=(pair,), daemon=True).start()

    def _pass_on(self, pair):
        with suppress(OSError, ValueError):
            while pair not in self._frozen:
                for ready in select.select(pair, (), (), 0.05)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return [one.close() for one in pair]
                    if pair not in self._frozen:
                        pair[ready is pair[0]].sendall(data)

    def freeze(self):
        self._frozen.update(self._pairs)

    def close(self):
        for one in (self._server, *(end for pair in self._pairs for end in pair)):
            one.close()


@pytest.fixture
def relayed(monkeypatch):
    """A connection like a server process's, through a relay; `.relay` freezes it."""
    if connection.vendor != "postgresql":
        yield None
        return
    relay = Relay(
        connection.settings_dict["HOST"] or "127.0.0.1", int(connection.settings_dict["PORT"] or 5432)
    )
    monkeypatch.setattr(module, "HEALTH_CHECK_SECONDS", 0.5)
    monkeypatch.setattr("greenenergy.database.timeouts.GRACE_SECONDS", -0.5)
    limit_statements(1)
    own = connection.copy()
    own.settings_dict = {
        **own.settings_dict,
        "HOST": "127.0.0.1",
        "PORT": relay.port,
        "CONN_HEALTH_CHECKS": True,
    }
    own.relay = relay
    watch = ConnectionWatchThread()
    watch.every_seconds = 0.1
    watch.start()
    yield own
    watch.stop()
    connection_created.disconnect(dispatch_uid="limit_statements")
    own.close()
    relay.close()


def ask(own):
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_is_replaced_before_the_next_request_uses_it(relayed):
    if relayed is None:
        return  # SQLite has no server
    assert ask(relayed) == (1,)
    relayed.relay.freeze()
    relayed.close_if_unusable_or_obsolete()  # as between two requests
    begun = time.monotonic()
    assert ask(relayed) == (1,)
    assert time.monotonic() - begun < 3


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_in_a_request_fails_it_soon_and_the_next_one_works(relayed):
    if relayed is None:
        return  # SQLite has no server
    assert ask(relayed) == (1,)
    relayed.relay.freeze()
    begun = time.monotonic()
    with pytest.raises(OperationalError):
        ask(relayed)
    assert time.monotonic() - begun < 3
    relayed.close_if_unusable_or_obsolete()
    assert ask(relayed) == (1,)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_answers_is_not_watched_any_more(relayed):
    if relayed is None:
        return  # SQLite has no server
    assert ask(relayed) == (1,)
    assert not server_watch._waits  # noqa: SLF001
    assert server_watch.cut_overdue() == 0
    assert relayed.is_usable()
