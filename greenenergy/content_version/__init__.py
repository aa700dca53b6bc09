"""The content version: one number that changes whenever something visitors see is saved, and what is cached for it."""

from .cache import cached, request_begun_in
from .changes import batched_changes, content_changed, watch, watch_links
from .clock import next_change, register_next_change
from .version import current
from .watcher import ChangeWatcher

__all__ = [
    "ChangeWatcher",
    "batched_changes",
    "cached",
    "content_changed",
    "current",
    "next_change",
    "register_next_change",
    "request_begun_in",
    "watch",
    "watch_links",
]
