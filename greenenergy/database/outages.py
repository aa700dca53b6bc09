"""Whether the database failed, or what it was asked to store or find."""

from django.db import InterfaceError, InternalError, OperationalError

# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, read-only after a failover, authorization,
# deadlock, resources, locks and time-outs, operator, system. Without a state the connection itself broke.
_POSTGRESQL_CLASSES = {"08", "25", "28", "40", "53", "55", "57", "58"}
_READ_ONLY = "25006"  # the driver raises InternalError for it
_SQLITE_NAMES = (
    "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN",
    "SQLITE_READONLY", "SQLITE_NOMEM", "SQLITE_PROTOCOL",
)  # fmt: skip


def is_outage(error: BaseException | None) -> bool:
    """Whether trying again later may help: a time-out, a lock not acquired, a lost connection, a full disk.

    The drivers raise OperationalError for some faults of the data, too: a text too long for an index, a query too large.
    """
    cause = getattr(error, "__cause__", None)
    state = getattr(cause, "pgcode", None)
    if isinstance(error, InternalError):
        return state == _READ_ONLY
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if state:
        return state[:2] in _POSTGRESQL_CLASSES
    name = getattr(cause, "sqlite_errorname", None)
    return name.startswith(_SQLITE_NAMES) if name else True
