from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "新闻"

    def ready(self):
        from django.db.models.signals import post_delete

        from greenenergy import content_version
        from greenenergy.models import Redirect
        from greenenergy.page_cache import body as page_body
        from greenenergy.page_cache import door as page_cache
        from greenenergy.signals import personal_data_erased

        from . import search
        from .models import Article, Attachment, Tag
        from .models.searches import forget_number
        from .view_counter import shown

        content_version.watch(Article, Attachment, Tag)
        content_version.watch_links(Article.tags.through, Article.related.through)
        page_body.register_counted(shown.shown)
        page_cache.register_next_change(Article.objects.next_change)

        def article_deleted(instance, using, **kwargs):
            search.unindex_articles([instance.pk], using)
            if instance.has_been_public:
                Redirect.objects.gone(instance.get_absolute_url())

        post_delete.connect(article_deleted, sender=Article, weak=False, dispatch_uid="news.article_deleted")
        personal_data_erased.connect(forget_number, dispatch_uid="news.searches")
