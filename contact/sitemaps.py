from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class ContactSitemap(Sitemap):
    """The contact page."""

    def items(self):
        return ["contact:contact"]

    def location(self, name):
        return reverse(name)
