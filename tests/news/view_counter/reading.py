"""Reading an article, and the views that are counted for it."""

from news.models import Article
from news.view_counter import folding

PHONE = "Mozilla/5.0 (Linux; Android 10; CUBOT X18) AppleWebKit/537.36 MicroMessenger/8.0 Mobile"


def read(client, article, ip="203.0.113.7", agent=PHONE, **extra):
    return client.get(article.get_absolute_url(), REMOTE_ADDR=ip, HTTP_USER_AGENT=agent, **extra)


def counted(article) -> int:
    """Views of the article beyond its starting value, once all journals are folded."""
    folding.fold_all()
    return Article.objects.select_related("view_total").get(pk=article.pk).views - article.initial_views
