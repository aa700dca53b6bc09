from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "新闻"

    def ready(self):
        from .wiring import connect  # noqa: PLC0415  it imports models, which exist from now on

        connect()
