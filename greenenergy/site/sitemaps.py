from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from greenenergy.models import Section


class PageSitemap(Sitemap):
    """Home and the company pages."""

    def items(self):
        return [None, *Section.objects.pages().only("kind", "slug", "updated_at")]

    def location(self, item):
        return item.get_absolute_url() if item else reverse("home")

    def lastmod(self, item):
        return item.updated_at if item else None
