from django import template
from django.utils.safestring import mark_safe

from greenenergy.page_cache import views_gap
from greenenergy.site import structured_data
from greenenergy.site.rows import lists_on_home
from news.models import Article
from news.queries import lists
from news.structured_data import news_article

register = template.Library()


@register.simple_tag
def views(article):
    """人气, up to date even where the page around it comes from the cache."""
    return views_gap(article.pk, article.initial_views, article.counted_views)


@register.simple_tag
def headline_articles(count):
    return lists.headlines(count)


@register.simple_tag
def recommended_articles(count):
    return lists.recommended(count)


@register.simple_tag
def latest_articles(count):
    return lists.latest(count)


@register.simple_tag
def most_read_articles(days, count):
    return Article.objects.published().for_cards_alone().most_read(days, count)


@register.simple_tag
def section_blocks(count):
    """Sections of articles that have something to show: (section, its newest `count` articles)."""
    blocks = ((section, lists.latest(count, section)) for section in lists_on_home())
    return [(section, newest) for section, newest in blocks if newest]


@register.simple_tag(takes_context=True)
def article_data(context, article):
    """The article for search engines, as JSON-LD."""
    blocks = news_article(context["site"], article)
    return mark_safe("".join(map(structured_data.script, blocks)))  # noqa: S308  script() escapes
