"""The demo site: what a new owner sees first, and what measurements are made on."""

from importlib import import_module

from django.apps import apps
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

MOST_ARTICLES = 10_000_000


class Command(BaseCommand):
    help = _("给空的网站写入演示内容；已有内容时什么都不改。")

    def add_arguments(self, parser):
        parser.add_argument(
            "--articles", type=int, default=0, metavar="N", help=_("再加 N 篇生成的文章，用来测试大量数据。")
        )

    def handle(self, *, articles, **options):
        if not 0 <= articles <= MOST_ARTICLES:
            raise CommandError(_("--articles：请写 0 到 %d 之间的数。") % MOST_ARTICLES)
        modules = list(demo_modules())
        if all(module.is_empty() for module in modules):
            with transaction.atomic():
                for module in modules:
                    module.fill()
            self.stdout.write(_("已写入演示内容。"))
        elif not articles:
            self.stdout.write(_("网站里已有内容，没有改动。"))
        if articles:
            for module in modules:
                if hasattr(module, "add_articles"):
                    module.add_articles(articles, self.show_progress)

    def show_progress(self, done, count):
        self.stdout.write(_("生成的文章：%(done)d / %(count)d") % {"done": done, "count": count})
        self.stdout.flush()


def demo_modules():
    """The `demo.content` module of each app that has one, in the order of INSTALLED_APPS.

    Each says `is_empty()` and can `fill()`; who has articles can also `add_articles(count, progress)`.
    """
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "demo"):
            yield import_module(f"{app.name}.demo.content")
