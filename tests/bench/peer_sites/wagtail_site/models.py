"""Home page, sections and their articles in the page tree, and a page of the articles with a tag."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from tests.bench.peer_sites.content import PER_PAGE, CompanyFields


@register_setting
class Company(CompanyFields, BaseSiteSetting):
    pass


def on_every_page(request):
    home = Site.find_for_request(request).root_page
    latest = ArticlePage.objects.live().order_by("-first_published_at")
    return {
        "company": Company.for_request(request),
        "menu": home.get_children().live().in_menu(),
        "latest": latest[:10],
    }


class ArticleListPage(Page):
    """A page that lists the articles of its get_articles(), newest first."""

    class Meta:
        abstract = True

    def get_articles(self, request):
        return ArticlePage.objects.live()

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        articles = self.get_articles(request).order_by("-first_published_at")
        articles = articles.select_related("cover").prefetch_related("cover__renditions")
        context["articles"] = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
        return context

    def get_template(self, request, *args, **kwargs):
        return "wagtail_site/list.html"


class HomePage(ArticleListPage):
    pass


class SectionPage(ArticleListPage):
    def get_articles(self, request):
        return super().get_articles(request).child_of(self)


class TagIndexPage(ArticleListPage):
    def get_articles(self, request):
        return super().get_articles(request).filter(tags__name=request.GET.get("tag"))

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "tag": request.GET.get("tag")}


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey("ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class ArticlePage(Page):
    summary = models.CharField(max_length=300, blank=True)
    body = RichTextField()
    cover = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+")
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)

    template = "wagtail_site/article.html"
    parent_page_types = ["SectionPage"]

    def newer(self):
        return self.get_next_siblings().live().first()

    def older(self):
        return self.get_prev_siblings().live().first()
