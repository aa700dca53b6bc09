"""Door 1: public pages that were rendered before in this content version, answered without Django."""

from .body import register_counted, views_gap
from .door import MAX_SECONDS, PageDoor, next_change, public_page, register_next_change

__all__ = [
    "MAX_SECONDS",
    "PageDoor",
    "next_change",
    "public_page",
    "register_counted",
    "register_next_change",
    "views_gap",
]
