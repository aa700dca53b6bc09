"""Warnings that are worth one line for a server, not one for each request or worker."""

import logging
import mmap

# Shared by the workers: gunicorn.conf.py imports this module before they are forked. One byte for each kind of warning.
_KINDS = ("host", "proxy")
_said = mmap.mmap(-1, len(_KINDS))


def warn_once(kind: str, logger: logging.Logger, text: str, *values: object) -> None:
    """Log a warning, if no process of this server has logged one of its kind yet."""
    index = _KINDS.index(kind)
    if not _said[index]:
        _said[index] = 1
        logger.warning(text, *values)


def reset() -> None:
    _said[:] = bytes(len(_KINDS))
