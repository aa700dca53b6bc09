"""The page cache: public pages that were rendered before in this content version, answered without Django."""

from .body import view_counts, views_gap
from .decorator import public_page
from .door import PageDoor
from .store import MAX_SECONDS

__all__ = ["MAX_SECONDS", "PageDoor", "public_page", "view_counts", "views_gap"]
