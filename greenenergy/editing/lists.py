"""Lists of the admin that answer any URL: numbers no database holds, days no calendar has, a thousand search words."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR, ChangeList
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

MAX_WORDS = 20  # each is a condition for every field that is searched; SQLite takes a thousand in all
_PK = re.compile(r"-?[0-9]{1,18}")  # fits into 64 bits


class _List(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """Raises IncorrectLookupParameters where the database refuses a value; Django then shows the whole list."""
        try:
            super().get_results(request)
        except (OverflowError, ValueError, DataError) as error:
            raise IncorrectLookupParameters(error) from error


class AnyUrlListMixin(ModelAdmin):
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _List

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and not all(map(_PK.fullmatch, _posted_pks(request))):
            self.message_user(request, gettext("选中的内容不存在，什么都没有改。"), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        if self.date_hierarchy and not _is_in_calendar(request.GET, self.date_hierarchy):
            return HttpResponseRedirect(
                f"{request.path}?{ERROR_FLAG}=1"
            )  # as Django answers other such values
        if len(request.GET.get(SEARCH_VAR, "").split()) > MAX_WORDS:
            self.message_user(
                request, gettext("词太多，只按前 %(count)d 个找。") % {"count": MAX_WORDS}, messages.WARNING
            )
        return super().changelist_view(request, extra_context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, " ".join(search_term.split()[:MAX_WORDS]))


def _is_in_calendar(query, field):
    values = (query.get(f"{field}__{part}") for part in ("year", "month", "day"))
    return all(re.fullmatch(r"[0-9]{1,4}", value) for value in values if value is not None)


def _posted_pks(request):
    """Of selected rows, and of rows that were edited in the list."""
    edited = (value for key, value in request.POST.items() if re.fullmatch(r"form-\d+-id", key))
    return [*request.POST.getlist(ACTION_CHECKBOX_NAME), *edited]
