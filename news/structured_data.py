"""An article as search engines read it: schema.org's NewsArticle, and Baidu's time factor.

https://schema.org/NewsArticle
https://ziyuan.baidu.com/college/articleinfo?id=2210 (pubDate and upDate in Beijing time, without a time zone)
"""

from typing import Any

from django.utils import timezone

from greenenergy.site.structured_data import publisher

from .models import Article

HEADLINE_LENGTH = 110  # characters, the limit in Google's documentation of Article


def news_article(site, article: Article) -> list[dict[str, Any]]:
    """Two data blocks for greenenergy.site.structured_data.script(); `site` is the template's."""
    url = f"{site.root_url}{article.get_absolute_url()}"
    cover = article.cover_url
    pictures = [f"{site.root_url}{cover}"] if cover else []
    company = publisher(site)
    published, changed = timezone.localtime(article.published_at), timezone.localtime(article.changed_at)
    description = article.description
    return [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": url,
            "headline": article.title[:HEADLINE_LENGTH],
            "description": description,
            "image": pictures,
            "datePublished": published.isoformat(timespec="seconds"),
            "dateModified": changed.isoformat(timespec="seconds"),
            "author": {"@type": "Person", "name": article.author} if article.author else company,
            "publisher": company,
            "articleSection": article.section.name,
            "keywords": article.keywords,
        },
        {
            "@context": "https://ziyuan.baidu.com/contexts/cambrian.jsonld",
            "@id": url,
            "title": article.title,
            "images": pictures,
            "description": description,
            "pubDate": published.strftime("%Y-%m-%dT%H:%M:%S"),
            "upDate": changed.strftime("%Y-%m-%dT%H:%M:%S"),
        },
    ]
