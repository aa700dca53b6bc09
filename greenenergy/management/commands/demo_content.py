"""The demo site: what a new owner sees first, and what measurements are made on."""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from greenenergy.demo.fill import add_articles, fill_empty_site

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
        if fill_empty_site():
            self.stdout.write(_("已写入演示内容。"))
        elif not articles:
            self.stdout.write(_("网站里已有内容，没有改动。"))
        if articles:
            add_articles(articles, self.show_progress)

    def show_progress(self, done, count):
        self.stdout.write(_("生成的文章：%(done)d / %(count)d") % {"done": done, "count": count})
        self.stdout.flush()
