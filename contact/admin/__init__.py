"""The contact app in the admin. Importing this package registers its classes."""

from . import channels, contact_settings, desk, enquiries, notifications

__all__ = ["channels", "contact_settings", "desk", "enquiries", "notifications"]
