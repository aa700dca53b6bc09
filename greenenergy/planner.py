"""What the database's planner should know of tables that have just grown much."""

from django.db import connection


def tell_planner() -> None:
    """Let PostgreSQL look at its tables now: its own daemon comes when it comes, or is switched off.

    Without it a query may read a million rows to show twenty. SQLite plans by the indexes alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
