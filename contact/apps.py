from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "联系"

    def ready(self):
        from greenenergy.content_version import watch

        from .models import Channel, ContactSettings

        watch(Channel, ContactSettings)
