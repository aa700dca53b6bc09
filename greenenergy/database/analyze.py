"""Fresh statistics for the query planner, after a bulk import."""

from django.db import connection


def analyze_tables() -> None:
    """Run ANALYZE and VACUUM on PostgreSQL now: autovacuum may run much later, or be switched off.

    With old statistics a query may read a million rows to show twenty. VACUUM updates the visibility map, without which
    no query is answered from an index alone. SQLite needs neither: it plans by its indexes and keeps one version of a row.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # VACUUM cannot run in a transaction
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
