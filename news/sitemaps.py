from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q

from greenenergy.models import Section

from .models import Article, Tag


class ArticleSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Article.objects.published().for_search_engines().newest_first()

    def lastmod(self, article):
        return article.changed_at

    def get_urls(self, page=1, site=None, protocol=None):
        """Each with its picture, for templates/sitemap.xml."""
        urls = super().get_urls(page, site, protocol)
        root = f"{protocol}://{site.domain}"
        for url in urls:
            picture = url["item"].cover_url
            url["picture"] = f"{root}{picture}" if picture.startswith("/") else ""
        return urls


class SectionSitemap(Sitemap):
    def items(self):
        newest = Max("articles__published_at", filter=Q(articles__in=Article.objects.published()))
        return (
            Section.objects.lists().annotate(newest=newest).only("kind", "slug", "updated_at").order_by("pk")
        )

    def lastmod(self, section):
        return max(section.updated_at, section.newest or section.updated_at)


class TagSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Tag.objects.with_public_articles()
