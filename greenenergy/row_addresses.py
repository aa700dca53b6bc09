"""Addresses of rows: a page names twenty of them, and Django works each out anew, in some 20 µs."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(4096)  # of the newest articles, and of all sections and tags
def address_of(view: str, argument: int | str) -> str:
    """The path of the view with this argument, without host: reverse() for addresses that never change."""
    return reverse(view, args=[argument])
