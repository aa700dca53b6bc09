"""What this app connects once all models exist: see apps.py."""

from greenenergy.content_version import watch

from .models import Channel, ContactSettings


def connect() -> None:
    watch(Channel, ContactSettings)
