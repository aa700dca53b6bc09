"""The admin page of tags, each with the number of its articles."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.admin import StaffAdmin
from news.models import Tag


@admin.register(Tag)
class TagAdmin(StaffAdmin):
    list_display = ["name", "article_count"]
    search_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(description=_("文章数"), ordering="article_count")
    def article_count(self, tag):
        return tag.article_count
