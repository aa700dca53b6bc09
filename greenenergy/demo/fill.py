"""The demo content of all apps: each has a module `demo.content` of its own.

Such a module has `is_empty()` and `fill()`; one that can make articles also has `add_articles(count, progress)`.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import module_has_submodule


def fill_empty_site() -> bool:
    """Write the demo content where no app has any of its own; False, and nothing written, where one has."""
    contents = list(_contents())
    if not all(content.is_empty() for content in contents):
        return False
    with transaction.atomic():
        for content in contents:
            content.fill()
    return True


def add_articles(count: int, progress: Callable[[int, int], None]) -> None:
    """Add generated articles; `progress(done, count)` is called from time to time."""
    for content in _contents():
        if hasattr(content, "add_articles"):
            content.add_articles(count, progress)


def _contents() -> Iterator[ModuleType]:
    """In the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "demo"):
            yield import_module(f"{app.name}.demo.content")
