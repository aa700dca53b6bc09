"""What this app connects once all models exist: see apps.py."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import register_next_change, watch
from greenenergy.editing.log_of_accounts import keep_log
from greenenergy.media.deleted_rows import delete_files_of
from greenenergy.models import Banner, FriendLink, Redirect, Section, SiteSettings
from greenenergy.models.missing_pages import erase_phone_number
from greenenergy.operations.first_steps import FirstStep, register_first_step
from greenenergy.signals import personal_data_erased
from greenenergy.site.rows import next_change


def connect() -> None:
    register_next_change(next_change)
    watch(SiteSettings, Section, Banner, FriendLink)
    register_first_step(
        FirstStep(
            10, _("填写公司名称、地址、备案号"), "admin:greenenergy_sitesettings_changelist",
            "greenenergy.change_sitesettings", SiteSettings.objects.exists,
        )
    )  # fmt: skip
    register_first_step(
        FirstStep(
            20, _("建栏目（新闻）和单页（关于我们、隐私政策），它们就是导航"), "admin:greenenergy_section_changelist",
            "greenenergy.add_section", Section.objects.exists,
        )
    )  # fmt: skip
    delete_files_of(Banner, SiteSettings)
    post_delete.connect(section_deleted, sender=Section, dispatch_uid="greenenergy.section_deleted")
    pre_delete.connect(keep_log, sender=settings.AUTH_USER_MODEL, dispatch_uid="greenenergy.log_of_accounts")
    personal_data_erased.connect(erase_phone_number, dispatch_uid="greenenergy.missing_pages")


def section_deleted(instance: Section, **kwargs: Any) -> None:
    if instance.kind != Section.Kind.LINK:
        Redirect.objects.gone(instance.get_absolute_url())
