"""Where editors write."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from greenenergy.content_version import cached
from greenenergy.editing.admin import EditedAdmin
from greenenergy.editing.long_lists import BoundedPaginator
from news.models import Article, Attachment
from news.queries import article_page
from news.search import Query

from .forms import ArticleForm


class PublicationFilter(admin.SimpleListFilter):
    """What visitors see of an article now, which its status alone does not tell."""

    title = _("网站上")
    parameter_name = "shown"

    def lookups(self, request, model_admin):
        return [("public", _("正在显示")), ("scheduled", _("等待定时发布")), ("expired", _("已到期"))]

    def queryset(self, request, articles):
        now = timezone.now()
        if self.value() == "public":
            return articles.published(now)
        if self.value() == "scheduled":
            return articles.filter(status=Article.Status.PUBLISHED, published_at__gt=now)
        if self.value() == "expired":
            return articles.filter(status=Article.Status.PUBLISHED, expires_at__lte=now)
        return articles


class YearFilter(admin.SimpleListFilter):
    title = _("发布年份")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = cached("years of all articles", Article.objects.all().year_span)
        return [(str(year), str(year)) for year in years]

    def queryset(self, request, articles):
        return articles.in_year(int(self.value())) if self.value() in dict(self.lookup_choices) else articles


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
    search_fields = ["title"]  # shows the field; get_search_results() asks the index
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
        return articles.select_related("view_total").prefetch_related("section")  # as in for_cards()

    def get_search_results(self, request, articles, text):
        if not text.strip():
            return articles, False
        return articles.matching(Query.parse(text)), False

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="news_article_preview"), *super().get_urls()]

    def preview(self, request, pk):
        """The page as readers will see it, of what is saved; for whoever may see the article here."""
        article = article_page.find_article(pk)
        if article is None:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        article.published_at = article.published_at or timezone.now()
        state = "" if article.is_public else self.state(article)
        context = {**article_page.context_of(article), "preview_of": state}
        response = render(request, "news/article_detail.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response

    def view_on_site(self, article):
        """A link only where visitors would find the page."""
        return article.get_absolute_url() if article.is_public else None

    @admin.display(description=_("状态"), ordering="status")
    def state(self, article):
        now = timezone.now()
        if article.status == Article.Status.DRAFT:
            return _("草稿")
        if article.published_at > now:
            return _("定时")
        if article.expires_at and article.expires_at <= now:
            return _("已到期")
        return _("已发布")

    @admin.display(description=_("标记"))
    def flags(self, article):
        shown = [
            str(self.model._meta.get_field(f"is_{name}").verbose_name)
            for name in ("pinned", "recommended", "headline")
            if getattr(article, f"is_{name}")
        ]
        return "、".join(shown) or "—"

    @admin.display(description=_("人气"))
    def shown_views(self, article):
        return article.views

    @admin.action(description=_("发布所选文章"), permissions=["change"])
    def publish(self, request, articles):
        published = scheduled = 0
        for article in articles.filter(status=Article.Status.DRAFT):
            if not article.body.strip():
                self.message_user(request, _("“%s”还没有正文，没有发布。") % article.title, messages.WARNING)
                continue
            article.status = Article.Status.PUBLISHED
            article.save()
            self.log_change(request, article, str(_("发布")))
            if article.published_at > timezone.now():
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
        for article in articles.filter(status=Article.Status.PUBLISHED):
            article.status = Article.Status.DRAFT
            article.save(update_fields=["status", "updated_at"])
            self.log_change(request, article, str(_("撤下")))
            withdrawn += 1
        self.message_user(
            request, ngettext("撤下了 %d 篇文章。", "撤下了 %d 篇文章。", withdrawn) % withdrawn
        )
