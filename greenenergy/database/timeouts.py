"""No statement of a server process runs for ever. Management commands, which may take long, are left alone."""

import time

from django.db.backends.signals import connection_created

LOCK_SECONDS = 5  # SQLite's share of this stands in settings.py as the connection's timeout


def limit_statements(seconds: int) -> None:
    """From now on every new connection of this process ends a statement after so many seconds.

    The statement then fails with an OperationalError, which becomes a 503.
    """

    def apply(sender, connection, **kwargs):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # A page's query reads some hundred rows: to start other processes for it takes longer than to read.
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
                    "set_config('max_parallel_workers_per_gather', '0', false)",
                    [f"{seconds}s", f"{min(seconds, LOCK_SECONDS)}s"],
                )
        else:
            _limit_sqlite(connection, seconds)

    connection_created.connect(apply, weak=False, dispatch_uid="limit_statements")


def _limit_sqlite(connection, seconds):
    """SQLite has no such setting; it asks every some thousand steps whether it should go on."""
    deadline = [float("inf")]

    def start_clock(execute, sql, params, many, context):
        deadline[0] = time.monotonic() + seconds
        return execute(sql, params, many, context)

    connection.connection.set_progress_handler(lambda: time.monotonic() > deadline[0], 20_000)
    start_clock.is_statement_clock = True
    connection.execute_wrappers[:] = [
        *(wrapper for wrapper in connection.execute_wrappers if not hasattr(wrapper, "is_statement_clock")),
        start_clock,
    ]
