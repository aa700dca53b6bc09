"""Demo articles and tags; any number of synthetic articles for measurements."""

from .content import add_articles, fill, is_empty

__all__ = ["add_articles", "fill", "is_empty"]
