"""What this app connects once all models exist: see apps.py."""

from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import register_next_change, watch, watch_links
from greenenergy.media.deleted_rows import delete_files_of
from greenenergy.models import Redirect
from greenenergy.operations.first_steps import FirstStep, register_first_step
from greenenergy.page_cache import view_counts
from greenenergy.signals import personal_data_erased

from . import search
from .models import Article, Attachment, Tag
from .models.searches import erase_phone_number
from .view_counter.shown import shown_views


def connect() -> None:
    watch(Article, Attachment, Tag)
    watch_links(Article.tags.through, Article.related.through)
    view_counts.register(shown_views.number)
    register_next_change(Article.objects.next_change)
    delete_files_of(Article, Attachment)
    post_delete.connect(attachment_deleted, sender=Attachment, dispatch_uid="news.attachment_deleted")
    post_delete.connect(tag_deleted, sender=Tag, dispatch_uid="news.tag_deleted")
    post_delete.connect(article_deleted, sender=Article, dispatch_uid="news.article_deleted")
    register_first_step(
        FirstStep(
            40, _("发布第一篇文章"), "admin:news_article_add", "news.add_article", Article.objects.exists
        )
    )
    personal_data_erased.connect(erase_phone_number, dispatch_uid="news.searches")


def article_deleted(instance: Article, using: str, **kwargs) -> None:
    search.unindex_articles([instance.pk], using)
    if instance.has_been_public:
        Redirect.objects.gone(instance.get_absolute_url())


def attachment_deleted(instance: Attachment, **kwargs) -> None:
    if instance.article.has_been_public:
        Redirect.objects.gone(instance.get_absolute_url())


def tag_deleted(instance: Tag, **kwargs) -> None:
    Redirect.objects.gone(instance.get_absolute_url())
