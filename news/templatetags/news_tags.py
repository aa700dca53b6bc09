from django import template

from greenenergy.models import Section
from greenenergy.page_cache import views_gap
from news.models import Article

register = template.Library()


@register.simple_tag(takes_context=True)
def views(context, article):
    """人气, up to date also where the page around it is kept."""
    total = getattr(article, "view_total", None)
    return views_gap(context["request"], article.pk, article.initial_views, total.views if total else 0)


@register.simple_tag
def headline_articles(count):
    return Article.objects.published().headlines().for_cards().newest_first()[:count]


@register.simple_tag
def recommended_articles(count):
    return Article.objects.published().recommended().for_cards().newest_first()[:count]


@register.simple_tag
def latest_articles(count):
    return Article.objects.published().for_cards().newest_first()[:count]


@register.simple_tag
def most_read_articles(days, count):
    return Article.objects.published().for_cards().most_read(days, count)


@register.simple_tag
def section_blocks(count):
    """Sections of articles that have something to show, each with its newest in `section.newest`."""
    blocks = []
    for section in Section.objects.lists().filter(parent=None, on_home=True):
        section.newest = list(
            Article.objects.published().in_section(section, count).for_cards().newest_first()[:count]
        )
        if section.newest:
            blocks.append(section)
    return blocks
