"""Articles in the admin: the list, the form, the preview, and publishing from the list."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.admin import EditedAdmin, PartInline
from greenenergy.editing.long_lists import BoundedPaginator
from news.models import Article, Attachment
from news.models.article_queryset import FLAGS
from news.queries import article_page
from news.search import Query

from .filters import HeadlineFilter, PinnedFilter, PublicationFilter, RecommendedFilter, YearFilter
from .forms import ArticleForm
from .publication import PublicationActions


class AttachmentInline(PartInline):
    model = Attachment
    fields = ["file", "name", "downloads"]
    readonly_fields = ["downloads"]
    extra = 1


@admin.register(Article)
class ArticleAdmin(PublicationActions, EditedAdmin):
    form = ArticleForm
    view_only_fields = {**EditedAdmin.view_only_fields, "tag_line": "shown_tags"}
    inlines = [AttachmentInline]
    list_display = ["title", "section", "state", "published_at", "flags", "shown_views", "updated_at"]
    list_filter = [
        "status", PublicationFilter, YearFilter, "section", PinnedFilter, RecommendedFilter, HeadlineFilter,
    ]  # fmt: skip
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ["title"]  # only shows the search field: get_search_results() searches
    search_help_text = _("在标题、摘要和正文里找；几个词之间加空格。")
    autocomplete_fields = ["related"]
    save_on_top = True
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["overwrite", "title", "section", "tag_line", "body", "opened"]}),
        (_("发布"), {"fields": ["status", "published_at", "expires_at"]}),
        (_("列表里的样子"), {"fields": ["summary", "cover"]}),
        (
            _("置顶、推荐、头条"),
            {
                "fields": [
                    ("is_pinned", "pinned_until"),
                    ("is_recommended", "recommended_until"),
                    ("is_headline", "headline_until"),
                ]
            },
        ),
        (_("来源与人气"), {"fields": ["source", "source_url", "author", "editor", "initial_views"]}),
        (_("相关文章"), {"fields": ["related"], "classes": ["collapse"]}),
        (
            _("搜索引擎"),
            {
                "fields": ["seo_title", "seo_keywords", "seo_description", "is_unlisted"],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request):
        articles = super().get_queryset(request).defer("body_text")
        return articles.select_related("view_total").prefetch_related("section")  # for_cards() says why

    def get_search_results(self, request, articles, text):
        if not text.strip():
            return articles, False
        return articles.matching(Query.parse(text)), False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview), name="news_article_preview"),
            path("<int:pk>/publish/", view(self.publish_one), name="news_article_publish"),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """The saved article as visitors will see it, for staff who may view it in the admin."""
        article = article_page.find_article(pk)
        if article is None:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        article.published_at = article.published_at or timezone.now()
        state = "" if article.is_public else article.state.label
        context = {**article_page.context_of(article), "preview_of": state}
        response = render(request, "news/article_detail.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response

    def save_model(self, request, article, form, change):
        super().save_model(request, article, form, change)
        self.warn_of_time(request, article)

    def view_on_site(self, article):
        """No link where visitors cannot open the page."""
        return article.get_absolute_url() if article.is_public else None

    @admin.display(description=_("标签"))
    def shown_tags(self, article):
        return "，".join(article.tag_names) or "—"

    @admin.display(description=_("状态"), ordering="status")
    def state(self, article):
        return article.state.label

    @admin.display(description=_("标记"))
    def flags(self, article):
        shown = [
            str(self.model._meta.get_field(f"is_{name}").verbose_name)
            for name in FLAGS
            if article.has_flag(name)
        ]
        return "、".join(shown) or "—"

    @admin.display(description=_("人气"))
    def shown_views(self, article):
        return article.views
