"""Articles in the admin: the list, the form, the preview, and publishing from the list."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from greenenergy.editing.admin import EditedAdmin
from greenenergy.editing.long_lists import BoundedPaginator
from news import publishing
from news.models import Article, Attachment
from news.models.article_queryset import FLAGS
from news.queries import article_page
from news.search import Query

from .filters import PublicationFilter, YearFilter
from .forms import ArticleForm


class AttachmentInline(admin.TabularInline):
    model = Attachment
    fields = ["file", "name", "downloads"]
    readonly_fields = ["downloads"]
    extra = 1


@admin.register(Article)
class ArticleAdmin(EditedAdmin):
    form = ArticleForm
    inlines = [AttachmentInline]
    list_display = ["title", "section", "state", "published_at", "flags", "shown_views", "updated_at"]
    list_filter = [
        "status", PublicationFilter, YearFilter, "section", "is_pinned", "is_recommended", "is_headline",
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
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="news_article_preview"), *super().get_urls()]

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

    def view_on_site(self, article):
        """No link where visitors cannot open the page."""
        return article.get_absolute_url() if article.is_public else None

    @admin.display(description=_("状态"), ordering="status")
    def state(self, article):
        return article.state.label

    @admin.display(description=_("标记"))
    def flags(self, article):
        shown = [
            str(self.model._meta.get_field(f"is_{name}").verbose_name)
            for name in FLAGS
            if getattr(article, f"is_{name}")
        ]
        return "、".join(shown) or "—"

    @admin.display(description=_("人气"))
    def shown_views(self, article):
        return article.views

    @admin.action(description=_("发布所选文章"), permissions=["change"])
    def publish(self, request, articles):
        published = scheduled = 0
        for article in articles.drafts():
            try:
                publishing.publish(article)
            except publishing.EmptyBody:
                self.message_user(request, _("“%s”还没有正文，没有发布。") % article.title, messages.WARNING)
                continue
            self.log_change(request, article, str(_("发布")))
            if article.state == Article.State.SCHEDULED:
                scheduled += 1
            else:
                published += 1
        self.message_user(
            request, ngettext("发布了 %d 篇文章。", "发布了 %d 篇文章。", published) % published
        )
        if scheduled:
            text = ngettext(
                "%d 篇文章的发布时间还没有到，会按时发布。",
                "%d 篇文章的发布时间还没有到，会按时发布。",
                scheduled,
            )
            self.message_user(request, text % scheduled)

    @admin.action(description=_("撤下所选文章（转为草稿）"), permissions=["change"])
    def withdraw(self, request, articles):
        withdrawn = 0
        for article in articles.published_at_any_time():
            publishing.withdraw(article)
            self.log_change(request, article, str(_("撤下")))
            withdrawn += 1
        self.message_user(
            request, ngettext("撤下了 %d 篇文章。", "撤下了 %d 篇文章。", withdrawn) % withdrawn
        )
