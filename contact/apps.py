from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "联系"

    def ready(self):
        from .wiring import connect  # noqa: PLC0415  it imports models, which exist from now on

        connect()
