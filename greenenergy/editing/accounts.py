"""Accounts and groups in the admin: permissions in words."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import LineFormField

from .admin import StaffAdmin
from .log_of_accounts import KEEPER

_VERBS = {"add": _("新增"), "change": _("修改"), "delete": _("删除"), "view": _("查看")}


def permission_name(permission: Permission) -> str:
    """新闻 | 文章 | 修改: where it holds, and what it allows."""
    kind = permission.content_type
    model = kind.model_class()
    verb = permission.codename.partition("_")[0]
    is_standard = permission.codename == f"{verb}_{kind.model}"
    what = _VERBS.get(verb, permission.name) if is_standard else permission.name
    return f"{kind.app_labeled_name.partition(' | ')[0]} | {model._meta.verbose_name if model else kind.model} | {what}"


def offered_permissions():
    """Those that open a page of this admin, and those that the site itself declares."""
    pages = [model for model in apps.get_models() if admin.site.is_registered(model)]
    kinds = [kind.pk for kind in ContentType.objects.get_for_models(*pages).values()]
    is_standard = Q()
    for verb in _VERBS:
        is_standard |= Q(codename__startswith=f"{verb}_")
    return Permission.objects.filter(Q(content_type__in=kinds) | ~is_standard).select_related("content_type")


class _PermissionsInWords(StaffAdmin):
    formfield_overrides = {**StaffAdmin.formfield_overrides, models.CharField: {"form_class": LineFormField}}

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request=request, **kwargs)
        if field and db_field.related_model is Permission:
            field.queryset = offered_permissions()
            field.label_from_instance = permission_name
        return field


class PasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:  # half of Django's own text is English
            self.fields["usable_password"].help_text = _("停用以后不能再用密码登录，现在的密码也不再保留。")


class AccountAdmin(_PermissionsInWords, UserAdmin):
    change_password_form = PasswordForm

    def has_delete_permission(self, request, obj=None):
        is_keeper = obj is not None and obj.get_username() == KEEPER
        return not is_keeper and super().has_delete_permission(request, obj)


class StaffGroupAdmin(_PermissionsInWords, GroupAdmin):
    pass
