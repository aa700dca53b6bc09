"""Where editors write. Importing this package registers its classes with the admin."""

from . import articles, searches, tags

__all__ = ["articles", "searches", "tags"]
