"""The demo site's own texts, sections, company pages and pictures."""

from .content import fill, is_empty

__all__ = ["fill", "is_empty"]
