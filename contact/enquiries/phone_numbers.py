"""Phone numbers as people type them, and as they are stored."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_NUMBERS = 3
_SEPARATOR = re.compile(r"[/、，,;；\n]|或者|或|和")
_LABEL = re.compile(r"^(?:手机|电话|座机|固话|tel|mobile|phone)\s*[:.]?\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|#)\s*([0-9]{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=[0-9]{7})\s*-\s*([0-9]{1,6})$")  # of a land line: 0592-1234567-801
_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=1[3-9][0-9]{9}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_OTHERS = re.compile(r"0[0-9]{9,11}|[48]00[0-9]{7}|9[56][0-9]{3,4}|\+[1-9][0-9]{6,14}")


def clean_phones(text: str) -> str:
    """The numbers as they are stored: 13860100641、05921234567转801. Raises ValidationError that says how to write them.

    Accepts mainland mobiles, land lines with area code and extension, 400, 800 and 95598, others with + and country code;
    several, with 、 or a blank between them.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    parts = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    numbers = [number for part in parts for number in _read(part)]
    if len(numbers) > MAX_NUMBERS:
        raise ValidationError(_("号码太多了，请留最常用的一两个。"))
    return "、".join(dict.fromkeys(numbers))


def _read(part: str) -> list[str]:
    """One number, or two with only a blank between them."""
    try:
        return [_clean(part)]
    except ValidationError:
        for gap in re.finditer(r"\s+", part):
            try:
                return [_clean(part[: gap.start()]), _clean(part[gap.end() :])]
            except ValidationError:
                continue
        raise


def _clean(text: str) -> str:
    text = _LABEL.sub("", text)
    extension = _EXTENSION.search(text) or (text[:1] in "(048" and _DASHED_EXTENSION.search(text))
    main = text[: extension.start()] if extension else text
    if re.search(r"[^\d\s+\-()—.]", main):
        raise ValidationError(_("电话里有不是数字的字，请再看看；微信号请填在下一栏。"))
    digits = re.sub(r"[^0-9]", "", main)
    number = ("+" if main.startswith("+") else "") + digits
    national = _COUNTRY.sub("", number)
    if national != number and not _MOBILE.fullmatch(national) and national[:1] not in "048":
        national = "0" + national  # +86 592 1234567
    if _MOBILE.fullmatch(national) or _OTHERS.fullmatch(national):
        return f"{national}转{extension[1]}" if extension else national
    # No land line begins so; 7 or 8 digits, or 10 of Beijing without its 0, may be one without area code.
    if re.fullmatch(r"1[3-9][0-9]*|1[12](?![0-9]{5,6}$)[0-9]*", national) and not extension:
        raise ValidationError(
            _("手机号是 11 位数字，您填了 %(count)d 位，请再看看。") % {"count": len(national)}
        )
    raise ValidationError(
        _("这个号码好像拨不通；座机请带区号，例如 0592-1234567，有分机就写 0592-1234567转801。")
    )
