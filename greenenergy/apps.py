from django.apps import AppConfig


class GreenEnergyConfig(AppConfig):
    name = "greenenergy"
    verbose_name = "网站"

    def ready(self):
        from .wiring import connect  # noqa: PLC0415  it imports models, which exist from now on

        connect()
