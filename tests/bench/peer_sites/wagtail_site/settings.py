"""As `wagtail start` writes them, with what Wagtail's documentation advises for speed: cached renditions, and
cached pages where HAS_CACHE is set. The page cache is Django's: wagtail-cache 3.0.0 cannot be installed beside Wagtail 8."""

import os

from tests.bench.peer_sites.base_settings import *  # noqa: F403
from tests.bench.peer_sites.base_settings import CONTEXT_PROCESSORS, DJANGO_APPS, MIDDLEWARE

INSTALLED_APPS = [
    "tests.bench.peer_sites.wagtail_site",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    *DJANGO_APPS,
]
MIDDLEWARE += ["wagtail.contrib.redirects.middleware.RedirectMiddleware"]
if os.environ.get("HAS_CACHE"):
    MIDDLEWARE.insert(0, "django.middleware.cache.UpdateCacheMiddleware")
    MIDDLEWARE.append("django.middleware.cache.FetchFromCacheMiddleware")
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "renditions")
}
CONTEXT_PROCESSORS += [
    "wagtail.contrib.settings.context_processors.settings",
    "tests.bench.peer_sites.wagtail_site.models.on_every_page",
]
ROOT_URLCONF = "tests.bench.peer_sites.wagtail_site.urls"
WAGTAIL_SITE_NAME = "新能绿源"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
