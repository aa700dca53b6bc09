"""Addresses of pages, worked out once: a page names twenty of them, and Django needs some 20 µs for each."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(4096)  # of the newest articles, and of all sections and tags
def cached_reverse(view: str, *arguments: int | str) -> str:
    """The path of the view with these arguments, without host: reverse() for addresses that never change."""
    return reverse(view, args=arguments)
