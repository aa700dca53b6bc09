"""The admin pages of this app. Importing the package registers them."""

from . import articles, searches, tags

__all__ = ["articles", "searches", "tags"]
