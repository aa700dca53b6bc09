"""Filters of the admin's list of articles."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import cached
from news.models import Article


class PublicationFilter(admin.SimpleListFilter):
    """What visitors see of an article now, by its status and by the clock."""

    title = _("网站上")
    parameter_name = "shown"

    def lookups(self, request, model_admin):
        return [("public", _("正在显示")), ("scheduled", _("等待定时发布")), ("expired", _("已到期"))]

    def queryset(self, request, articles):
        narrowed = {
            "public": articles.published,
            "scheduled": articles.scheduled,
            "expired": articles.expired,
        }.get(self.value())
        return narrowed() if narrowed else articles


class YearFilter(admin.SimpleListFilter):
    title = _("发布年份")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = cached("years of all articles", Article.objects.all().year_span)
        return [(str(year), str(year)) for year in years]

    def queryset(self, request, articles):
        return articles.in_year(int(self.value())) if self.value() in dict(self.lookup_choices) else articles


class _FlagFilter(admin.SimpleListFilter):
    """By what the flag does now: one whose end has passed does nothing."""

    flag = ""

    def lookups(self, request, model_admin):
        return [("1", _("正在生效")), ("ended", _("已经结束")), ("0", _("没有"))]

    def queryset(self, request, articles):
        narrowed = {
            "1": articles.with_flag,
            "ended": articles.with_ended_flag,
            "0": articles.without_flag,
        }.get(self.value())
        return narrowed(self.flag) if narrowed else articles


class PinnedFilter(_FlagFilter):
    title, parameter_name, flag = _("置顶"), "is_pinned__exact", "pinned"


class RecommendedFilter(_FlagFilter):
    title, parameter_name, flag = _("推荐"), "is_recommended__exact", "recommended"


class HeadlineFilter(_FlagFilter):
    title, parameter_name, flag = _("头条"), "is_headline__exact", "headline"
