"""What this app connects once all models exist: see apps.py."""

from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import watch
from greenenergy.media.deleted_rows import delete_files_of
from greenenergy.operations.first_steps import FirstStep, register_first_step

from .models import CannedReply, Channel, ContactSettings


def connect() -> None:
    watch(Channel, ContactSettings)
    delete_files_of(Channel, CannedReply)
    register_first_step(
        FirstStep(
            30, _("添加热线电话、微信等联系方式"), "admin:contact_channel_changelist",
            "contact.add_channel", Channel.objects.exists,
        )
    )  # fmt: skip
