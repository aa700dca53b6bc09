"""What this app connects once all models exist: see apps.py."""

from greenenergy.content_version import register_next_change, watch
from greenenergy.models import Banner, FriendLink, Section, SiteSettings
from greenenergy.models.missing_pages import erase_phone_number
from greenenergy.signals import personal_data_erased
from greenenergy.site.rows import next_change


def connect() -> None:
    register_next_change(next_change)
    watch(SiteSettings, Section, Banner, FriendLink)
    personal_data_erased.connect(erase_phone_number, dispatch_uid="greenenergy.missing_pages")
