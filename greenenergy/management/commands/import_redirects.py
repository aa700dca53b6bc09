"""Imports redirects from a table: the URLs of an old site, and their new ones."""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from greenenergy.operations.redirect_table import UnreadableTable, import_redirects


class Command(BaseCommand):
    help = _(
        "导入旧网址：CSV 每行两列，旧网址和新网址；新网址留空表示已删除（410）。重复运行以最后一次为准，已有的会更新。"
    )

    def add_arguments(self, parser):
        parser.add_argument("path", metavar=_("文件"))

    def handle(self, *args, path, **options):
        warned, refused = [], []

        def report_to(lines):
            def report(line, reasons):
                lines.append(line)
                facts = {"number": line, "reason": "；".join(reasons)}
                self.stderr.write(_("第 %(number)d 行：%(reason)s") % facts)

            return report

        try:
            done = import_redirects(path, report_to(refused), report_to(warned))
        except UnreadableTable as error:
            raise CommandError(str(error)) from None
        counts = {"done": done, "refused": len(refused), "warned": len(warned)}
        self.stdout.write(_("导入 %(done)d 个，拒绝 %(refused)d 个，有 %(warned)d 行请核对。") % counts)
        if refused:
            raise CommandError(_("有的行没有导入。"))
