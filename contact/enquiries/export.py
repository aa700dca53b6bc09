"""Message forms as a table for Excel."""

import csv
import io
import unicodedata
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from contact.models import Enquiry

_COLUMNS = (
    "receipt created_at status owner name phone wechat company topic text page_url page_title done_at".split()
)

_BEGINNINGS = ("=", "+", "-", "@", "\N{MINUS SIGN}")  # of a formula


def enquiries_as_csv(enquiries: QuerySet[Enquiry]) -> str:
    """With a byte order mark, by which Excel reads UTF-8; no cell can be taken for a formula."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow([str(Enquiry._meta.get_field(name).verbose_name) for name in _COLUMNS])
    for enquiry in enquiries.select_related("owner"):
        row = [getattr(enquiry, name) for name in _COLUMNS]
        row[2] = enquiry.get_status_display()
        writer.writerow([_plain_cell(value) for value in row])
    return file.getvalue()


def _plain_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = str(value)
    # https://owasp.org/www-community/attacks/CSV_Injection; Excel also takes the full-width ＝＋－＠ for the beginning.
    begins = unicodedata.normalize("NFKC", text.lstrip())[:1]
    return f"'{text}" if begins in _BEGINNINGS or text[:1] in ("\t", "\r", "\n") else text
