"""From what a cell holds to what it means: text, codes, names, dates, amounts, yes and no.

Cells come as calamine gives them: str, int, float, bool, date, datetime, time, timedelta; "" where empty.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from liaoyuan.kernel.days import conceivable

_INVISIBLE = re.compile("[\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-"))
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･．●˙⸱ᐧ。.", "·"))
_CJK = re.compile("[\u3400-\u9fff]")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


def text(value: Any) -> str:
    """The cell as one line: numbers without a needless ".0", no control or invisible characters, inner runs of
    white space (ideographic too) as one blank."""
    if type(value) is str:
        cleaned = value.strip()
        if cleaned.isascii() and cleaned.isalnum():
            return cleaned
    elif value is None:
        return ""
    elif isinstance(value, bool):
        return "是" if value else "否"
    elif isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    elif isinstance(value, datetime):
        cleaned = value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat(" ")
    else:
        cleaned = str(value)
    if _INVISIBLE.search(cleaned):
        cleaned = _INVISIBLE.sub(lambda found: " " if set(found[0]) & set("\t\n\r\v\f\u2028\u2029") else "", cleaned)
    return _SPACES.sub(" ", cleaned).strip() if _SPACES.search(cleaned) else cleaned


def code(value: Any) -> str:
    """A number or code: half-width, without any white space, with plain hyphens."""
    cleaned = text(value)
    if cleaned.isascii():
        return cleaned.replace(" ", "") if " " in cleaned else cleaned
    return unicodedata.normalize("NFKC", cleaned.translate(_DASHES)).replace(" ", "").translate(_DASHES)


def name(value: Any) -> str:
    """A person's name: blanks between Chinese characters dropped, every kind of dot written as ·."""
    cleaned = text(value)
    if cleaned.isalpha():
        return cleaned
    if _CJK.search(cleaned):
        cleaned = cleaned.replace(" ", "").translate(_DOTS)
    return cleaned


def parse_date(value: Any, *, date1904: bool = False) -> tuple[date | None, str]:
    """The day a cell means, and "" or the kind of finding. (None, "") for an empty cell.

    Read: real dates, Excel serials, 2026/3/5, 2026-03-05, 2026.3.5, 2026年3月5日, 20260305, full-width digits,
    〇-numerals; a month without a day (2026.3, 202603, 2026年3月) is taken as its first day and said so
    (``date_without_day``). ``date_ambiguous``: 2026.1 as a *number* may have been 2026.10; two-digit years.
    ``date_impossible``: 2026-02-30. ``date_unreadable``: anything else.
    """
    kind = type(value)
    if kind is date:
        return _bounded(value)
    if kind is datetime:
        return _bounded(value.date())
    if value is None or value == "":
        return None, ""
    if kind is float or kind is int:
        return _from_number(value, date1904)
    if kind is not str:
        return None, "date_unreadable"
    return _from_text(value, date1904)


def _bounded(day: date) -> tuple[date | None, str]:
    return (day, "") if conceivable(day) else (None, "date_impossible")


def _from_number(value: float, date1904: bool) -> tuple[date | None, str]:
    whole = int(value) if value == value and abs(value) < 1e9 else 0
    if 19000101 <= whole <= 21001231 and whole == value:
        return _day(whole // 10000, whole // 100 % 100, whole % 100)
    if 190001 <= whole <= 210012 and whole == value:
        return _month(whole // 100, whole % 100)
    if 1900 <= value < 2101:
        if whole == value:
            return None, "date_without_month"
        month = f"{value:.4f}".rstrip("0").partition(".")[2]
        if month == "1":
            return None, "date_ambiguous"
        return _month(whole, int(month)) if len(month) <= 2 else (None, "date_unreadable")
    if 2101 <= value < 80000:
        return _bounded((_EPOCH_1904 if date1904 else _EPOCH) + timedelta(days=whole))
    return None, "date_unreadable"


_WHOLE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?[-/.]?")
_SHORT = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?")
_TENS = re.compile(r"([二三]?)十([一二三四五六七八九]?)")


def _from_text(value: str, date1904: bool) -> tuple[date | None, str]:
    plain = unicodedata.normalize("NFKC", text(value).translate(_DASHES).replace("。", "."))
    plain = _CLOCK.sub("", plain).replace(" ", "")
    if not plain:
        return None, ""
    if "年" in plain or "月" in plain:
        plain = _TENS.sub(lambda t: f"{'一二三'.find(t[1]) + 1 if t[1] else 1}{t[2] or 0}", plain)
        plain = plain.translate(_CHINESE_DIGITS)
    found = _WHOLE.fullmatch(plain)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if plain.isdigit():
        if len(plain) == 8:
            return _day(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if len(plain) == 6 and plain[:2] in {"19", "20"}:
            return _month(int(plain[:4]), int(plain[4:]))
        return _from_number(int(plain), date1904) if len(plain) in {4, 5} else (None, "date_unreadable")
    found = _MONTH.fullmatch(plain)
    if found:
        return _month(int(found[1]), int(found[2]))
    return None, "date_ambiguous" if _SHORT.fullmatch(plain) else "date_unreadable"


def _day(year: int, month: int, day: int) -> tuple[date | None, str]:
    try:
        return _bounded(date(year, month, day))
    except ValueError:
        return None, "date_impossible"


def _month(year: int, month: int) -> tuple[date | None, str]:
    day, kind = _day(year, month, 1)
    return day, kind or "date_without_day"


def parse_number(value: Any) -> tuple[Decimal | None, str]:
    """The number in a cell ("1,234.50", "￥1234.5元" and full-width digits too), and "" or ``number_unreadable``."""
    kind = type(value)
    if value is None or value == "":
        return None, ""
    if kind is bool:
        return None, "number_unreadable"
    if kind is int or kind is float:
        number = Decimal(repr(value))
        return (number, "") if number.is_finite() else (None, "number_unreadable")
    if kind is not str:
        return None, "number_unreadable"
    plain = unicodedata.normalize("NFKC", value.translate(_DASHES)).strip()
    plain = _SPACES.sub("", plain).lstrip("¥￥").removesuffix("元").removesuffix("°").replace(",", "")
    if not plain:
        return None, ""
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None, "number_unreadable"
    return (number, "") if number.is_finite() else (None, "number_unreadable")


_YES = {"是", "有", "可", "对", "y", "yes", "true", "1", "√", "✓", "✔"}
_NO = {"否", "无", "不", "不可", "n", "no", "false", "0", "×", "✗", ""}


def parse_yes_no(value: Any) -> tuple[bool, str]:
    """Whether a cell says yes; empty means no. ``yes_no_unreadable`` for anything else."""
    plain = unicodedata.normalize("NFKC", text(value)).lower()
    if plain in _YES:
        return True, ""
    return False, "" if plain in _NO else "yes_no_unreadable"
