"""Dates as people write them -> numpy's datetime64; a day that does not exist is no date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Final, Literal

Order = Literal["iso", "dmy", "mdy"]

ISO: Final = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?"
)
_TIME: Final = (
    r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp][Mm])?)?"
)
_DIGITS: Final = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _TIME
)
_NAMED: Final = (
    re.compile(r"(?P<a>\d{1,2})\.?[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4})" + _TIME),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.? (?P<a>\d{1,2}),? (?P<year>\d{4})" + _TIME),
)
_MONTHS: Final = (  # English, and what some neighbours write
    *("jan(uary|uar)?", "feb(ruary|ruar)?", "mar(ch)?|maerz", "apr(il)?|avril", "may|mai|mayo"),
    *("june?|juni", "july?|juli", "aug(ust)?|agosto", "sep(t|tember)?", "o[ck]t(ober)?"),
    *("nov(ember)?|noviembre", "de[cz](ember)?"),
)
PIVOT: Final = 69  # two digits from here on are of the last century, as in POSIX


def looks_like_date(text: str) -> bool:
    """Tell whether `text` is written like a date, be it a possible one or not."""
    text = text.strip()
    if ISO.fullmatch(text) or _DIGITS.fullmatch(text):
        return True
    return any((m := form.fullmatch(text)) and _month(m["month"]) for form in _NAMED)


def order_of(texts: Sequence[str]) -> tuple[Order, bool]:
    """Return the order that most dates speak for, and whether none speaks for it.

    Dots and hyphens stand in day-first dates; slashes are read as month first when nothing tells.
    """
    if sum(bool(ISO.fullmatch(text.strip())) for text in texts) >= len(texts) / 2:
        return "iso", False
    found = [m for text in texts if (m := _DIGITS.fullmatch(text.strip()))]
    day = sum(int(m["a"]) > 12 and int(m["b"]) <= 12 for m in found)
    month = sum(int(m["b"]) > 12 and int(m["a"]) <= 12 for m in found)
    if day or month:
        return ("dmy" if day >= month else "mdy"), False
    slashes = sum(m["mark"] == "/" for m in found)
    return ("mdy" if slashes > len(found) / 2 else "dmy"), bool(found)


def parse(text: str, order: Order) -> datetime.datetime | None:
    """Return the moment that `text` says in an order other than ISO, or None."""
    text = text.strip()
    found = _DIGITS.fullmatch(text)
    if found is not None:
        first, second = int(found["a"]), int(found["b"])
        day, month = (second, first) if order == "mdy" else (first, second)
    else:
        named = (m for form in _NAMED if (m := form.fullmatch(text)))
        found = next(named, None)
        if found is None:
            return None
        day, month = int(found["a"]), _month(found["month"])
    try:
        return datetime.datetime(_year(found["year"]), month, day, *_time(found))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month, 0 where there is none of that name."""
    fits = (n for n, names in enumerate(_MONTHS, 1) if re.fullmatch(names, name.lower()))
    return next(fits, 0)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= PIVOT else 2000)


def _time(found: re.Match[str]) -> tuple[int, int, int]:
    if not found["hour"]:
        return 0, 0, 0
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)
