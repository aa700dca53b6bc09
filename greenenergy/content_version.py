"""Rows that every page shows, read once for as long as nothing has changed.

Saving something that visitors see touches one file; a worker compares that file's time (a few
microseconds) with the time at which it read its rows. What the file cannot tell (another machine
saved, a process died between commit and touch, a bulk update sent no signal) is bounded by a
second: rows older than that are read again.
"""

import os
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save

KEPT_SECONDS = 1

_kept: dict = {}


def kept(name: str, read: Callable):
    """What `read()` gave in this content version; the callers share one object and must not change it."""
    version = _version()  # before reading: a change while we read makes the next request read again
    entry = _kept.get(name)
    now = time.monotonic()
    if entry is None or entry[0] != version or now - entry[1] > KEPT_SECONDS:
        entry = _kept[name] = (version, now, read())
    return entry[2]


def content_changed() -> None:
    """What visitors see has changed: at once for this transaction, and for all others when it is committed."""
    _touch()
    transaction.on_commit(_touch)


def watch(*models) -> None:
    """Call content_changed() whenever a row of these models is saved or deleted."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid=f"content_version.{model._meta.label}")


def _row_changed(sender, **kwargs):
    content_changed()


def _version():
    try:
        return os.stat(settings.CONTENT_VERSION_FILE).st_mtime_ns
    except FileNotFoundError:
        return 0


def _touch():
    path = settings.CONTENT_VERSION_FILE
    moment = max(time.time_ns(), _version() + 1)  # two changes within a tick of the clock are two versions
    with open(path, "ab"):
        os.utime(path, ns=(moment, moment))
