"""Redirects from a table: the URLs of an old site, and their new ones."""

import csv
from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from greenenergy.models import Redirect

ENCODINGS = ("utf-8-sig", "gb18030")
HEADINGS = {"旧网址", "旧地址", "old", "from"}


class UnreadableTable(Exception):
    """The file is missing, or is no text table. The message is for the operator who runs the command."""


def import_redirects(path: str, refused: Callable[[int, list[str]], None]) -> int:
    """Save each row, replacing an earlier redirect of the same URL. Returns how many were saved.

    `refused(line, reasons)` is called for each other row. Raises UnreadableTable.
    """
    saved = 0
    for line, row in enumerate(_rows(path), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (line == 1 and cells[0].lower() in HEADINGS):
            continue
        try:
            _save(cells)
            saved += 1
        except ValidationError as error:
            refused(line, error.messages)
    return saved


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


def _save(cells: list[str]) -> None:
    if len(cells) < 2 or not cells[0]:
        raise ValidationError(_("要有两列：旧网址，新网址。"))
    redirect = Redirect(old_path=cells[0], target=cells[1])
    redirect.clean_fields()
    redirect.clean()
    if not redirect.old_path.startswith("/"):
        raise ValidationError(_("旧网址要以 / 或 http:// 开头。"))
    Redirect.objects.update_or_create(
        old_path=redirect.old_path, defaults={"target": redirect.target, "is_automatic": False}
    )
