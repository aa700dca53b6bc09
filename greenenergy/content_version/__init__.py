"""The content version: one number that changes whenever something visitors see is saved, and what is cached for it."""

from .version import (
    ChangeWatcher,
    batched_changes,
    cached,
    clear_cache,
    content_changed,
    current,
    watch,
    watch_links,
)

__all__ = [
    "ChangeWatcher",
    "batched_changes",
    "cached",
    "clear_cache",
    "content_changed",
    "current",
    "watch",
    "watch_links",
]
