"""Redirects from a table: the URLs of an old site, and their new ones."""

import csv
from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from greenenergy.models import Redirect
from greenenergy.models.old_urls import old_path

from .redirect_checks import warnings_about

ENCODINGS = ("utf-8-sig", "gb18030")
HEADINGS = {"旧网址", "旧地址", "old", "from"}

Report = Callable[[int, list[str]], None]  # the line's number, and sentences about it


class UnreadableTable(Exception):
    """The file is missing, or is no text table. The message is for the operator who runs the command."""


def import_redirects(path: str, refused: Report, warned: Report) -> int:
    """Save each row, replacing an earlier redirect of the same URL. Returns how many redirects were saved.

    `refused(line, reasons)` is called for each row that is not saved, `warned(line, reasons)` for each that replaces
    another or leads nowhere. Raises UnreadableTable.
    """
    saved: dict[str, int] = {}  # the line of each old URL
    for line, row in enumerate(_rows(path), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (line == 1 and cells[0].lower() in HEADINGS):
            continue
        try:
            redirect = _checked(cells)
        except ValidationError as error:
            refused(line, error.messages)
            continue
        reasons = [*_replaced(redirect, saved.get(redirect.old_path)), *warnings_about(redirect)]
        Redirect.objects.update_or_create(
            old_path=redirect.old_path, defaults={"target": redirect.target, "is_automatic": False}
        )
        saved[redirect.old_path] = line
        if reasons:
            warned(line, reasons)
    return len(saved)


def _replaced(redirect: Redirect, line: int | None) -> list[str]:
    """A sentence if another target of the same old URL is overwritten; `line` is where this table named it before."""
    before = Redirect.objects.filter(old_path=redirect.old_path).first()
    if before is None or before.target == redirect.target:
        return []
    facts = {"path": redirect.old_path, "line": line, "target": before.target or _("已删除（410）")}
    if line is None:
        return [_("“%(path)s” 原来的设置（%(target)s）被换掉了。") % facts]
    return [_("“%(path)s” 和第 %(line)d 行是同一个旧网址，那一行的设置（%(target)s）被换掉了。") % facts]


def _rows(path: str) -> Iterator[list[str]]:
    text = _text(path)
    try:
        yield from csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")
    except csv.Error as error:
        raise UnreadableTable(_("%(path)s 不是 CSV：%(reason)s") % {"path": path, "reason": error}) from None


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UnreadableTable(
            _("读不了 %(path)s：%(reason)s") % {"path": path, "reason": error.strerror}
        ) from None
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("%(path)s 不是 UTF-8 或 GB18030 的文本。") % {"path": path})


def _checked(cells: list[str]) -> Redirect:
    """A redirect that may be saved. Raises ValidationError."""
    if len(cells) < 2 or not cells[0]:
        raise ValidationError(_("要有两列：旧网址，新网址。"))
    redirect = Redirect(old_path=cells[0], target=cells[1])
    redirect.clean_fields()
    redirect.pk = Redirect.objects.filter(old_path=old_path(cells[0])).values_list("pk", flat=True).first()
    redirect.clean()
    if not redirect.old_path.startswith("/"):
        raise ValidationError(_("旧网址要以 / 或 http:// 开头。"))
    return redirect
