"""The newest articles with their full text, as Atom (RFC 4287): of the whole site, a section, a tag."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from greenenergy.models import Section, SiteSettings
from greenenergy.serving.public_host import site_url

from .models import Article, Tag
from .models.tag_names import normalize_name
from .queries.tags import is_frequent

LENGTH = 20  # articles


class FullTextAtom(Atom1Feed):
    """Atom with the full text as <content>: Django writes the description as <summary>."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["full_text"], {"type": "html"})


class ArticleFeed(Feed):
    """One instance serves all threads, so everything of one request is in the dict that get_object() returns."""

    feed_type = FullTextAtom

    def get_object(self, request, slug=None, name=None):
        if slug is not None:
            of = get_object_or_404(Section.objects.lists(), slug=slug)
            articles = Article.objects.published().in_section(of, newest=LENGTH)
        elif name is not None:
            of = Tag.objects.filter(name__iexact=normalize_name(name)).first()
            if of is None:
                raise Http404
            articles = Article.objects.published().tagged([of], is_frequent=is_frequent(of, LENGTH))
        else:
            of, articles = None, Article.objects.published()
        site = SiteSettings.load()
        return {
            "root": f"{site_url(request)}/",
            "path": request.path,
            "company": site.company_name,
            "title": f"{of} - {site.company_name}" if of else site.company_name,
            "subtitle": (getattr(of, "introduction", "") if of else site.slogan) or site.company_name,
            "link": of.get_absolute_url() if of else reverse("news:list"),
            "articles": articles.for_feed().newest_first()[:LENGTH],
        }

    def title(self, feed):
        return feed["title"]

    def subtitle(self, feed):
        return feed["subtitle"]

    def link(self, feed):
        return feed["link"]

    def feed_url(self, feed):
        return feed["path"]

    def author_name(self, feed):
        return feed["company"]

    def items(self, feed):
        articles = list(feed["articles"])
        root = feed["root"]
        for article in articles:
            # Feed readers cannot resolve relative URLs; those of this site begin with one slash.
            article.full_text = article.body.replace('src="/', f'src="{root}').replace(
                'href="/', f'href="{root}'
            )
        return articles

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.excerpt

    def item_extra_kwargs(self, article):
        return {"full_text": article.full_text}

    def item_author_name(self, article):
        return article.author or None

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.changed_at

    def item_categories(self, article):
        return [article.section.name]
