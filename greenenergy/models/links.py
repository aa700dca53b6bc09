"""Where staff may link to: the one rule of redirects, sections, banners, friend links and the notice.

The rule of links in a rich text is richtext/sanitizer.py's: it mends what it can instead of refusing it.
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

MAX_LENGTH = 500  # of a path or URL in the database

_validate_url = URLValidator(schemes=["http", "https"])


def is_safe_link(link: str) -> bool:
    """A path of this site (/…), a fragment (#…), an http or https URL, tel: or mailto:."""
    if link.startswith(("/", "#")):
        return not re.match(r"/[\\/]", link) and not re.search(r"[\x00-\x20\\]", link)
    if re.match(r"(tel|mailto):[^\s]+$", link):
        return True
    try:
        _validate_url(link)
    except ValidationError:
        return False
    return True


def check_link(link: str) -> None:
    """The validator of model fields. Raises ValidationError in the editor's words."""
    if not is_safe_link(link):
        raise ValidationError(gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。"))
