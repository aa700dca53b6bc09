"""Real servers for tests that cause faults or walk in a browser: gunicorn, PostgreSQL, Redis, an object store.

A pytest plugin, too: conftest.py loads this module, and with it the fixtures.
"""

from .checkout import CI, ROOT, static_files
from .databases import database_kind, migrated_databases
from .gunicorn import Site, make_shared_site, make_site
from .object_store import object_store
from .ports import free_port
from .postgresql import POSTGRESQL, execute_on_postgresql, postgresql_answers, query_postgresql
from .redis import REDIS, redis_answers
from .waiting import stays, wait_for, wait_until

__all__ = [
    "CI",
    "POSTGRESQL",
    "REDIS",
    "ROOT",
    "Site",
    "database_kind",
    "execute_on_postgresql",
    "free_port",
    "make_shared_site",
    "make_site",
    "migrated_databases",
    "object_store",
    "postgresql_answers",
    "query_postgresql",
    "redis_answers",
    "static_files",
    "stays",
    "wait_for",
    "wait_until",
]
