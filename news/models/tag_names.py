"""How tag names are written: one spelling for each, and an editor's line of them."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from greenenergy.text.characters import clean_line, clean_text

MAX_LENGTH = 30
MAX_TAGS = 20  # of one article
_SEPARATORS = re.compile(r"[，、；,;\r\n]")


def split_tags(text: str) -> list[str]:
    """Split an editor's tag line into names, in typed order, without repeats.

    Separators are ， 、 ； , ; and line breaks; a space inside a name stays.
    """
    return list(_by_key(_SEPARATORS.split(clean_text(text))).values())


def normalize_name(text: str) -> str:
    """One spelling per tag: half-width letters, single spaces, no # around, and no / (it would split the URL)."""
    name = unicodedata.normalize("NFKC", clean_line(text))
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    return " ".join(name.split()).strip(" .#").replace("/", "／").replace("\\", "＼")


def checked_names(names: Iterable[str]) -> dict[str, str]:
    """{lower-case name: name}, normalized, in the given order. Raises ValidationError for a name that is too long."""
    wanted = _by_key(names)
    for name in wanted.values():
        if len(name) > MAX_LENGTH:
            raise ValidationError(
                gettext("标签“%(name)s”太长，最多 %(limit)d 个字。") % {"name": name, "limit": MAX_LENGTH}
            )
    return wanted


def _by_key(names: Iterable[str]) -> dict[str, str]:
    """Upper and lower case are one tag; the spelling that came first stays."""
    found: dict[str, str] = {}
    for name in map(normalize_name, names):
        if name:
            found.setdefault(name.lower(), name)
    return found
