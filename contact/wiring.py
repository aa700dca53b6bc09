"""What this app connects once all models exist: see apps.py."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import watch
from greenenergy.media.deleted_rows import delete_files_of
from greenenergy.models import Section
from greenenergy.operations.first_steps import FirstStep, register_first_step

from .models import CannedReply, Channel, ContactSettings, PrivacyText


def _begin_privacy_version(sender, instance, **kwargs):
    """The notice, the days or the policy page may have been changed."""
    if sender is ContactSettings or instance.kind == Section.Kind.PAGE:
        PrivacyText.objects.begin_version_if_changed()


def connect() -> None:
    watch(Channel, ContactSettings)
    delete_files_of(Channel, CannedReply)
    for sender in (ContactSettings, Section):
        post_save.connect(
            _begin_privacy_version, sender=sender, dispatch_uid=f"privacy version of {sender.__name__}"
        )
    register_first_step(
        FirstStep(
            30, _("添加热线电话、微信等联系方式"), "admin:contact_channel_changelist",
            "contact.add_channel", Channel.objects.exists,
        )
    )  # fmt: skip
    register_first_step(
        FirstStep(
            35, _("建隐私政策页面"), "admin:contact_contactsettings_changelist", "contact.change_contactsettings",
            ContactSettings.objects.filter(privacy_page__isnull=False).exists,
        )
    )  # fmt: skip
