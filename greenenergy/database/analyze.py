"""What the database's planner should know of tables that have just grown much."""

from django.db import connection


def analyze_tables() -> None:
    """Let PostgreSQL look at its tables now: its own daemon comes when it comes, or is switched off.

    Without it a query may read a million rows to show twenty; and VACUUM notes which pages of a table everybody sees, so
    that what an index holds is read from the index alone. SQLite plans by the indexes, and keeps one version of a row.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # in a transaction there can be no VACUUM
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
