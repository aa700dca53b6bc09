"""The admin page of what visitors search for."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.admin import StaffAdmin
from news.models import SearchedWord


class FoundFilter(admin.SimpleListFilter):
    title = _("结果")
    parameter_name = "found"

    def lookups(self, request, model_admin):
        return [("0", _("没有找到")), ("1", _("找到过"))]

    def queryset(self, request, words):
        if self.value() == "0":
            return words.filter(found=0)
        if self.value() == "1":
            return words.filter(found__gt=0)
        return words


@admin.register(SearchedWord)
class SearchedWordAdmin(StaffAdmin):
    """What visitors search for, and how much they find: may be read and deleted, not written."""

    list_display = ["text", "searches", "found", "last_searched_at"]
    list_filter = [FoundFilter]
    search_fields = ["text"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
