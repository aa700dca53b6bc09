"""Dates as old Chinese pages and tables write them. All are naive, in the site's time zone, unless they name an offset."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_WEEKDAY = r"(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?)?"
_TIME = (
    rf"(?:[\sT,，]{{0,9}}{_WEEKDAY}\s{{0,3}}(?P<half>上午|下午|中午|晚上|凌晨|早上|傍晚)?\s{{0,3}}"
    r"(?P<hour>\d{1,2})(?:[时点整]{1,2}(?!\d)|[:：时点](?P<minute>\d{1,2})(?:[:：分](?P<second>\d{1,2}))?(?:\.\d{1,6})?)\s{0,3}[分秒]?"
    r"(?:\s?(?P<noon>[AaPp]\.?[Mm])\b)?)?"
)
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = rf"(?P<month>{MONTHS})[a-z]{{0,6}}\.?"
_DAYS = {
    # 2021-03-05, 2021年3月5日, 2021/3/5, 2021.03.05
    "digits": r"(?<!\d)(?P<year>\d{4})\s{0,3}[-/.年－．]\s{0,3}(?P<month>\d{1,2})\s{0,3}[-/.月－．]\s{0,3}(?P<day>\d{1,2})\s{0,3}日?",
    "chinese": r"(?P<year>[〇○零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日",
    "month first": rf"(?i:\b{_MONTH}\s{{0,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,\s]\s{{0,3}}(?P<year>\d{{4}}))(?!\d)",
    "day first": rf"(?i:(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{{0,3}}{_MONTH},?\s{{0,3}}(?P<year>\d{{4}}))(?!\d)",
}
_FIND = [re.compile(day + _TIME) for day in _DAYS.values()]
# A day in large figures above its month, as templates show it: 05 2021-03.
_DAY_ABOVE = r"(?P<day>\d{2})\s{0,3}(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?月?"
_ONLY = [
    re.compile(rf"[【\[（(]?\s{{0,9}}{day}{_TIME}{_WEEKDAY}\s{{0,9}}[】\]）)]?")
    for day in (*_DAYS.values(), _DAY_ABOVE)
]
_NUMERALS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_INCOMPLETE = re.compile(
    r"(?:(?:发布|发表|更新)?(?:时间|日期)\s?[:：]\s?)?(?:\d{1,2}\s?月\s?\d{1,2}\s?日(?:\s{0,3}\d{1,2}:\d{2})?"
    r"|\d{1,2}[-/]\d{1,2}\s{0,3}\d{1,2}:\d{2}|\d{4}\s?年\s?\d{1,2}\s?月)"
)

_SHORT_YEAR = re.compile(r"(\d{2})([-/.])(\d{1,2})\2(\d{1,2})((?:\s.*)?)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})((?:\s.*)?)")
_NO_DATE = {"", "0", "-", "null", "none", "nan", "\\n", "无"}
_EXCEL_EPOCH = datetime(1899, 12, 30)
_EXCEL_DAYS = range(18264, 73051)  # 1950 to 2099


def find_date(text: str) -> datetime | None:
    """The first valid date in the text, with its time if one follows."""
    matches = [match for pattern in _FIND for match in pattern.finditer(text)]
    found = (_moment(match) for match in sorted(matches, key=re.Match.start))
    return next(filter(None, found), None)


def only_date(text: str) -> datetime | None:
    """The date, if the text is nothing but a date, or a date and time."""
    text = text.strip()
    if len(text) > 60:
        return None
    matches = (pattern.fullmatch(text) for pattern in _ONLY)
    return next((moment for match in matches if match and (moment := _moment(match))), None)


def without_dates(text: str) -> str:
    """The text with a space in place of each valid date."""
    for pattern in _FIND:
        text = pattern.sub(lambda match: " " if _moment(match) else match[0], text)
    return text


def is_incomplete_date(text: str) -> bool:
    """Whether the text is a date that lacks its year or its day: 3月5日."""
    return bool(_INCOMPLETE.fullmatch(text.strip()))


def _moment(match):
    parts = match.groupdict()
    hour = _hour(int(parts["hour"] or 0), parts["half"] or "", (parts["noon"] or "").lower())
    try:
        day = datetime(_year(parts["year"]), _month(parts["month"]), _number(parts["day"]))
        if not 1949 <= day.year <= 2100:
            return None
        if (hour, int(parts["minute"] or 0), int(parts["second"] or 0)) == (24, 0, 0):
            return day + timedelta(days=1)
        return day.replace(hour=hour, minute=int(parts["minute"] or 0), second=int(parts["second"] or 0))
    except ValueError:  # such as 31 February
        return None


def _hour(hour, half, noon):
    is_afternoon = half in ("下午", "晚上", "傍晚") or noon.startswith("p") or (half == "中午" and hour < 11)
    if is_afternoon and 1 <= hour < 12:
        return hour + 12
    if hour == 12 and (half in ("凌晨", "早上") or noon.startswith("a")):
        return 0
    return hour


def _year(text):
    return int(text) if text.isdecimal() else int("".join(str(_NUMERALS[numeral]) for numeral in text))


def _month(text):
    names = MONTHS.split("|")
    return names.index(text.lower()) + 1 if text.lower() in names else _number(text)


def _number(text):
    """The number in digits or, below 100, in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS[text] if len(text) == 1 else 0
    return (_NUMERALS.get(tens, 1) if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


# ---- table cells


def is_no_date(text: str) -> bool:
    """Whether a cell says that there is no date: empty, NULL, 0, 0000-00-00."""
    text = text.strip().lower()
    return text in _NO_DATE or text.startswith(("0000-00-00", "0001-01-01", "1900-01-00"))


def parse_moment(text: str) -> datetime | None:
    """The moment in a table cell, in any form that leaves no doubt; None otherwise.

    Aware: ISO 8601 with an offset, RFC 822, Unix seconds and milliseconds. Naive: any form of find_date(), 20230718 with
    or without a time of day, a serial day number of Excel, 21-3-5 (the year comes first, as in China).
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        found = _of_number(text)
    else:
        found = _iso(text) or only_date(text) or _rfc_822(text) or _of_short_form(text)
    return found if found and 1949 <= found.year <= 2100 else None


def _iso(text):
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc_822(text):
    """Also the form that Java and Unix print in China: Fri Mar 05 09:30:00 CST 2021."""
    try:
        if re.match(r"(?:[A-Za-z]{3},\s)?\d{1,2}\s[A-Za-z]{3}\s", text):
            return parsedate_to_datetime(text)
        return datetime.strptime(re.sub(r"\b(?:CST|GMT\+08:00)\s", "", text), "%a %b %d %H:%M:%S %Y")
    except (TypeError, ValueError):
        return None


def _of_number(text):
    whole, _point, fraction = text.partition(".")
    try:
        if len(whole) in (8, 12, 14) and whole[:2] in ("19", "20") and not fraction:
            return datetime.strptime(whole.ljust(14, "0"), "%Y%m%d%H%M%S")
        if len(whole) in (9, 10, 13, 16):
            seconds = int(whole) / {13: 1e3, 16: 1e6}.get(len(whole), 1)
            return datetime.fromtimestamp(int(seconds), UTC)
        if len(whole) == 5 and int(whole) in _EXCEL_DAYS:
            day = _EXCEL_EPOCH + timedelta(days=int(whole))
            return day + timedelta(seconds=round(float(f"0.{fraction or 0}") * 86400))
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _of_short_form(text):
    if match := _SHORT_YEAR.fullmatch(text):
        year = int(match[1]) + (2000 if int(match[1]) < 70 else 1900)
        return only_date(f"{year}-{match[3]}-{match[4]}{match[5]}")
    if match := _YEAR_LAST.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first == second or (first > 12) != (second > 12):  # otherwise 03/05/2021 may be March or May
            month, day = (second, first) if first > 12 else (first, second)
            return only_date(f"{match[3]}-{month}-{day}{match[4]}")
    return None
