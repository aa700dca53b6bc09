"""The addresses of an old site, from a table: where each of them leads now."""

import csv

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from greenenergy.models import Redirect

ENCODINGS = ("utf-8-sig", "gb18030")
HEADINGS = {"旧网址", "旧地址", "old", "from"}


class Command(BaseCommand):
    help = _(
        "导入旧网址：CSV 每行两列，旧网址和新网址；新网址留空表示已删除（410）。重复运行以最后一次为准，已有的会更新。"
    )

    def add_arguments(self, parser):
        parser.add_argument("path", metavar=_("文件"))

    def handle(self, *args, path, **options):
        done = refused = 0
        for number, row in enumerate(_rows(path), start=1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or (number == 1 and cells[0].lower() in HEADINGS):
                continue
            try:
                _save(cells)
                done += 1
            except ValidationError as error:
                refused += 1
                self.stderr.write(
                    _("第 %(number)d 行：%(reason)s")
                    % {"number": number, "reason": "；".join(error.messages)}
                )
        self.stdout.write(_("导入 %(done)d 个，拒绝 %(refused)d 个。") % {"done": done, "refused": refused})
        if refused:
            raise CommandError(_("有的行没有导入。"))


def _rows(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise CommandError(
            _("读不了 %(path)s：%(reason)s") % {"path": path, "reason": error.strerror}
        ) from None
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CommandError(_("%(path)s 不是 UTF-8 或 GB18030 的文本。") % {"path": path})
    try:
        yield from csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")
    except csv.Error as error:
        raise CommandError(_("%(path)s 不是 CSV：%(reason)s") % {"path": path, "reason": error}) from None


def _save(cells):
    if len(cells) < 2 or not cells[0]:
        raise ValidationError(_("要有两列：旧网址，新网址。"))
    fresh = Redirect(old_path=cells[0], target=cells[1])
    fresh.clean_fields()
    fresh.clean()
    if not fresh.old_path.startswith("/"):
        raise ValidationError(_("旧网址要以 / 或 http:// 开头。"))
    Redirect.objects.update_or_create(
        old_path=fresh.old_path, defaults={"target": fresh.target, "is_automatic": False}
    )
