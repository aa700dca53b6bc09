"""Fixtures of every test: files of its own, empty caches, cheap static files and passwords."""

import os

import pytest
from django.core.cache import cache

from greenenergy.content_version.cache import cache as content_cache
from greenenergy.content_version.clock import clock
from greenenergy.content_version.version import numbers as content_version_numbers
from greenenergy.page_cache.store import pages
from greenenergy.serving import server_warnings
from news.queries.tags import tag_uses
from news.view_counter.journal import own_journal
from news.view_counter.shown import shown_views
from news.view_counter.visitors import visitor_keys

pytest_plugins = ["tests.servers"]

# Playwright keeps an event loop in the test's thread; the ORM calls of a test are plain all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Only the server tests collect and hash the static files.
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session")
def no_static_files(tmp_path_factory):
    """An empty STATIC_ROOT: WhiteNoise would read 2,800 collected files for each test client, which takes 0.2 s."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _own_files(tmp_path, no_static_files, settings):
    """Each test has its own media, journals and counters, and starts with empty caches."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = no_static_files
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SHOWN_VIEWS_FILE = tmp_path / "shown-views"
    settings.VIEW_JOURNAL_DIR = tmp_path / "journal"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.CHAT_KNOCKS_FILE = tmp_path / "chat-knocks"
    settings.CONTENT_VERSION_FILE = tmp_path / "content-version"
    content_version_numbers.forget()
    content_cache.clear()
    clock.reset()
    shown_views.clear()
    pages.clear()
    tag_uses.clear()
    own_journal.close()
    visitor_keys.clear()
    server_warnings.reset()
    cache.clear()
    yield
    own_journal.close()


@pytest.fixture
def small_demo_pictures(monkeypatch):
    """The demo's pictures in a tenth of the time."""
    monkeypatch.setattr("greenenergy.demo.pictures.WIDTH", 320)
    monkeypatch.setattr("greenenergy.demo.pictures.HEIGHT", 200)
