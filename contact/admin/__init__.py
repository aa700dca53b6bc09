"""What staff keep of the contact app. Importing this package registers its classes with the admin."""

from . import channels, contact_settings, desk, enquiries, notifications

__all__ = ["channels", "contact_settings", "desk", "enquiries", "notifications"]
