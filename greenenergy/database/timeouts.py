"""Time limits for the statements of a server process. Management commands, which may take long, have none."""

import time

from django.db.backends.signals import connection_created

from .server_watch import bound_waits

GRACE_SECONDS = 3  # beyond PostgreSQL's own limit, before its answer is not waited for any more
LOCK_SECONDS = 5  # on SQLite the connection's `timeout` in settings.py


def limit_statements(seconds: int) -> None:
    """Make every new connection of this process cancel statements that run longer.

    A cancelled statement raises OperationalError, which becomes a 503.
    """

    def apply(sender, connection, **kwargs) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # A page's query reads some hundred rows: starting parallel workers for it would take longer.
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
                    "set_config('max_parallel_workers_per_gather', '0', false)",
                    [f"{seconds}s", f"{min(seconds, LOCK_SECONDS)}s"],
                )
            bound_waits(connection, seconds + GRACE_SECONDS)
        else:
            _limit_sqlite(connection, seconds)

    connection_created.connect(apply, weak=False, dispatch_uid="limit_statements")


def _limit_sqlite(connection, seconds):
    """SQLite has no such setting, but calls a handler every 20,000 steps, which may abort the statement."""
    clock = _StatementClock(seconds)
    connection.connection.set_progress_handler(clock.is_over, 20_000)
    others = [wrapper for wrapper in connection.execute_wrappers if not isinstance(wrapper, _StatementClock)]
    connection.execute_wrappers[:] = [*others, clock]


class _StatementClock:
    """A Django execute wrapper that restarts the time limit with each statement."""

    def __init__(self, seconds: int):
        self._seconds, self._deadline = seconds, float("inf")

    def __call__(self, execute, sql, params, many, context):
        self._deadline = time.monotonic() + self._seconds
        return execute(sql, params, many, context)

    def is_over(self) -> bool:
        return time.monotonic() > self._deadline
