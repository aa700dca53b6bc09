"""Killed workers, cut connections, a database that goes away: no line lost, doubled or out of order.

A short run of what `python -m tests.bench.chat_faults` does with 50,000 lines and a hundred kills.
"""

import pytest

from tests.bench.chat_faults import LIMITS, disturbed, hold_sqlite
from tests.servers import execute_on_postgresql

pytestmark = pytest.mark.server


def end_connections(site):
    """What a restart of PostgreSQL does to its clients."""
    name = site.environment["DATABASE_URL"].rsplit("/", 1)[1]
    execute_on_postgresql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_no_line_is_lost_doubled_or_out_of_order(make_site, database_kind):
    site = make_site(database_kind, start=False, **LIMITS)
    restart = {
        "sqlite": lambda: hold_sqlite(site.environment["DATABASE_URL"], 2),
        "postgresql": lambda: end_connections(site),
    }[database_kind]
    verdict = disturbed(site, database_kind, messages=1200, kills=3, cuts=12, restart=restart)
    faults = ("lost", "doubled", "out of order", "visitors differ", "agents differ")
    assert [verdict[fault] for fault in faults] == [0] * 5, verdict
    assert verdict["acknowledged"] == 1200
    assert verdict["kill -9"] == 3
