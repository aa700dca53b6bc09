"""The sitemaps of articles, sections and tags. No query counts or reads all articles."""

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import Max, OuterRef, Subquery
from django.utils.functional import cached_property

from greenenergy.models import Section

from .models import Article
from .queries.tags import tags_with_public_articles


class PrimaryKeyPaginator(Paginator):
    """Page N holds the primary keys of the N-th thousand: an article never changes its page, and none is counted."""

    @cached_property
    def count(self):
        return Article.objects.aggregate(last=Max("pk"))["last"] or 0

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page + 1
        return Page(self.object_list.filter(pk__gte=first, pk__lt=first + self.per_page), number, self)


class ArticleSitemap(Sitemap):
    limit = 1000  # a million articles are a thousand sitemaps; an index may list 50,000

    @property
    def paginator(self):
        return PrimaryKeyPaginator(self.items(), self.limit)

    def items(self):
        return Article.objects.published().for_search_engines().order_by("pk")

    def lastmod(self, article):
        return article.changed_at

    def get_latest_lastmod(self):
        """Of all articles, for the index, from the ends of two database indexes."""
        newest = Article.objects.published().newest_first().values_list("published_at", flat=True).first()
        changed = Article.objects.aggregate(last=Max("updated_at"))["last"]
        return newest and max(newest, changed)

    def get_urls(self, page=1, site=None, protocol=None):
        """With each article's picture, for templates/sitemap.xml."""
        urls = super().get_urls(page, site, protocol)
        root = f"{protocol}://{site.domain}"
        for url in urls:
            picture = url["item"].cover_url
            url["picture"] = f"{root}{picture}" if picture.startswith("/") else ""
        return urls


class SectionSitemap(Sitemap):
    def items(self):
        newest = Article.objects.published().filter(section=OuterRef("pk")).newest_first()
        sections = Section.objects.lists().annotate(newest=Subquery(newest.values("published_at")[:1]))
        return sections.only("kind", "slug", "updated_at").order_by("pk")

    def lastmod(self, section):
        return max(section.updated_at, section.newest or section.updated_at)


class TagSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return tags_with_public_articles()
