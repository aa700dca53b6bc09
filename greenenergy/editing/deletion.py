"""What a deletion in the admin takes along, as its page shows it: in words, and no longer than a screen or two."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext

LISTED = 100


class _Collector(NestedObjects):
    """Rows of link tables are counted by the database: a frequent tag has a million of them."""

    def can_fast_delete(self, objs: Any, from_field: models.Field | None = None) -> bool:
        model = objs if hasattr(objs, "_meta") else getattr(objs, "model", None)
        is_link = model is not None and model._meta.auto_created
        return bool(is_link) and super(NestedObjects, self).can_fast_delete(objs, from_field)


def deleted_objects(
    objs: Sequence[models.Model] | models.QuerySet, request: HttpRequest, site: AdminSite
) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
    """What ModelAdmin.get_deleted_objects() promises: nested lines, counts by model, missing permissions, protected rows."""
    if not len(objs):
        return [], {}, set(), []
    collector = _Collector(using=router.db_for_write(objs[0]._meta.model), origin=objs)
    collector.collect(objs)
    missing = {
        model._meta.verbose_name
        for model, rows in collector.model_objs.items()
        if site.is_registered(model)
        and not all(site.get_model_admin(model).has_delete_permission(request, row) for row in rows)
    }
    lines = _Lines(site)
    to_delete = lines.cut(collector.nested(lambda row: row))
    counts: dict[Any, int] = {
        model._meta.verbose_name_plural: len(rows)
        for model, rows in collector.model_objs.items()
        if _is_for_people(model)
    }
    for links in collector.fast_deletes:
        if number := links.count():
            name = _name_of_links(links.model)
            counts[name] = counts.get(name, 0) + number
    protected = lines.cut(sorted(collector.protected, key=lambda row: row.pk))
    return to_delete, counts, missing, protected


def _is_for_people(model):
    """Not the log, which stays when its user goes, and no table that nobody has given a name."""
    return model is not LogEntry and not str(model._meta.verbose_name).isascii()


def _name_of_links(table):
    ends = [field.related_model._meta.verbose_name for field in table._meta.fields if field.remote_field]
    return gettext("%(one)s和%(other)s的联系") % {"one": ends[0], "other": ends[1]}


class _Lines:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def cut(self, rows: list[Any]) -> list[Any]:
        """Nested rows as nested lines, LISTED at most, and how many more there are."""
        self.left, self.hidden = LISTED, 0
        lines = self._lines(rows)
        if self.hidden:
            lines.append(gettext("……还有 %(count)d 项") % {"count": self.hidden})
        return lines

    def _lines(self, rows):
        lines: list[Any] = []
        shown = True
        for row in rows:
            if isinstance(row, list):
                below = self._lines(row) if shown else []
                lines += [below] if below else []
                continue
            shown = _is_for_people(type(row))
            if shown and self.left <= 0:
                self.hidden += 1
            elif shown:
                self.left -= 1
                lines.append(self._line(row))
        return lines

    def _line(self, row):
        name = capfirst(row._meta.verbose_name)
        if self.site.is_registered(type(row)):
            try:
                url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
            except NoReverseMatch:
                pass
            else:
                return format_html('{}：<a href="{}">{}</a>', name, url, row)
        return format_html("{}：{}", name, row)
