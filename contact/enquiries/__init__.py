"""在线留言: the form, its intake, and its export."""

from .intake import submit

__all__ = ["submit"]
