"""Quarters, months, weeks and years as people write them: 1990Q1, 2024-M03, 2024W07, 1/86, FY2020.

Each is read as its first day. The forms here are "dates period", "dates period Q" where the number
behind a year is a quarter, 1990:1 to 1990:4, and "dates period Y" for two years, such as 2019/20.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells.date_text import year_of
from mlpdash.data.cells.month_names import month_of

_YEAR: Final = r"(?P<year>(?:1[5-9]|20|21)\d\d)"
_SHORT: Final = r"'?(?P<short>\d\d)"
_ANY: Final = rf"(?:{_YEAR}|{_SHORT})"
_GAP: Final = r"[\s:/._-]{0,2}"
_QUARTER: Final = r"(?:[QqTt]|[Qq]tr\.?\s?|[Qq]uarter\s|[Qq]uartal\s)(?P<quarter>[1-4])"
_QUARTER_LETTER: Final = r"[Qq](?P<quarter>[1-4])"
_HALF: Final = r"[HhSs](?P<half>[12])"
_HALF_LETTER: Final = r"[Hh](?P<half>[12])"
_WEEK: Final = r"(?:[Ww]k?|KW|CW|[Ww]eek)\s?(?P<week>\d{1,2})(?:-(?P<day>[1-7]))?"
_MONTH: Final = r"[Mm](?P<month>\d{1,2})"
_TWO_DIGIT_MONTH: Final = r"[Mm](?P<month>\d\d)"
_WORD: Final = r"(?P<name>[^\W\d_]{3,11})\.?"
_FISCAL: Final = r"(?:[FCAfca][Yy]|Fiscal(?: Year)?|fiscal(?: year)?)"
_NAMED_DAY: Final = (  # of a month and two digits, which can be a day
    re.compile(rf"{_SHORT}[-/ ]{_WORD}"),
    re.compile(rf"{_WORD}{_SHORT}"),
)
_FORMS: Final = (
    *_NAMED_DAY,
    *(
        re.compile(form)
        for form in (
            *(rf"{_FISCAL}?\s?{_YEAR}{_GAP}{p}" for p in (_QUARTER, _HALF, _WEEK, _MONTH)),
            *(rf"{p}{_GAP}{_FISCAL}?\s?{_YEAR}" for p in (_QUARTER, _HALF, _WEEK)),
            rf"{_TWO_DIGIT_MONTH}{_GAP}{_YEAR}",
            *(rf"{_FISCAL}?\s?{_SHORT}{_GAP}{p}" for p in (_QUARTER_LETTER, _HALF_LETTER)),
            *(rf"{p}{_GAP}{_FISCAL}?\s?{_SHORT}" for p in (_QUARTER_LETTER, _HALF_LETTER)),
            rf"(?P<quarter>[1-4])\.?\s?(?:[Qq]|[Qq]uarter|[Qq]uartal|[Qq]tr\.?){_GAP}{_ANY}",
            rf"{_YEAR}{_GAP}(?P<quarter>[1-4])\.?\s?[Qq]",
            rf"(?P<half>[12])[Hh]{_GAP}{_ANY}",
            rf"{_FISCAL}\s?{_ANY}(?:[/-]\d\d(?:\d\d)?)?",
            rf"{_YEAR}{_GAP}{_WORD}",
            rf"{_WORD}{_YEAR}",
        )
    ),
)
_MONTH_FIRST: Final = re.compile(rf"(?P<month>\d{{1,2}})[/-](?:{_YEAR}|(?P<short>\d\d))")
_MONTH_DOT: Final = re.compile(rf"(?P<month>0[1-9]|1[0-2])\.{_YEAR}")
_YEAR_FIRST: Final = re.compile(rf"{_YEAR}[:/-](?P<number>\d{{1,2}})")
_SEASON: Final = re.compile(rf"{_YEAR}[/\u2013-](?P<next>\d{{1,2}}|\d{{4}})")
_PLAIN_YEAR: Final = re.compile(_YEAR)
ENOUGH: Final = 0.9  # share of the cells that must be periods
FEW: Final = 20  # distinct cells, one of which has to be a period before all are looked at
PERIOD: Final = "dates period"
QUARTERS: Final = "dates period Q"
SEASONS: Final = "dates period Y"


def period_form(levels: Sequence[str]) -> str:
    """Return the form of distinct cells that are periods, or an empty string."""
    some = [level.strip() for level in levels]
    if not any(map(_is_period, some[:: max(1, len(some) // FEW)])):
        return ""
    if sum(map(_is_explicit, some)) >= ENOUGH * len(some):
        return "" if _are_codes(some) or _are_days(some) else PERIOD
    if _are_months_first(some) or all(map(_MONTH_DOT.fullmatch, some)):
        return PERIOD
    return _form_of_numbered(some)


def _form_of_numbered(texts: Sequence[str]) -> str:
    """Return the form of cells like 1990:1, quarters if there is none above 4."""
    found = [match for text in texts if (match := _YEAR_FIRST.fullmatch(text))]
    numbers = {int(match["number"]) for match in found}
    if len(found) < len(texts) or not 1 <= min(numbers) <= max(numbers) <= 12:
        return ""
    if are_seasons(texts):
        return ""
    return QUARTERS if max(numbers) <= 4 and len(numbers) > 1 else PERIOD


def are_seasons(levels: Sequence[str]) -> bool:
    """Tell whether all cells are two years in a row, such as 2019/20."""
    found = [_SEASON.fullmatch(level.strip()) for level in levels]
    return all(
        m and (int(m["year"]) + 1 - int(m["next"])) % 10 ** len(m["next"]) == 0 for m in found
    )


def parse(text: str, order: str) -> datetime.datetime | None:
    """Return the first day of a period, or None.

    Parameters
    ----------
    order : "period Q" where 1990:2 is the second quarter, "period" where it is February,
        "period Y" where 2001/02 is 2001
    """
    text = text.strip()
    numbered = _SEASON if order.endswith("Y") else _YEAR_FIRST
    for pattern in (*_FORMS, _MONTH_FIRST, _MONTH_DOT, numbered, _PLAIN_YEAR):
        found = pattern.fullmatch(text)
        if found and (day := _day_of(found.groupdict(), is_quarter=order.endswith("Q"))):
            return day
    return None


def _is_explicit(text: str) -> bool:
    return any((m := form.fullmatch(text)) and _day_of(m.groupdict()) for form in _FORMS)


def _is_period(text: str) -> bool:
    every = (_MONTH_FIRST, _MONTH_DOT, _YEAR_FIRST)
    return _is_explicit(text) or any(form.fullmatch(text) for form in every)


def _are_months_first(texts: Sequence[str]) -> bool:
    """Tell whether all are like 1/86 or 01/1986: months of years that follow each other.

    Scores out of 10 and fractions of an inch are not.
    """
    found = [_MONTH_FIRST.fullmatch(text) for text in texts]
    if not all(m and 1 <= int(m["month"]) <= 12 for m in found):
        return False
    if all(m and m["year"] for m in found):
        return True
    years = {_year_of(m.groupdict()) for m in found if m}
    return len(years) > 1 and _follow_each_other(years)


def _follow_each_other(years: set[int]) -> bool:
    return max(years) - min(years) == len(years) - 1


def _are_days(texts: Sequence[str]) -> bool:
    """Tell whether cells like May24 and 24-May can be days: none of the numbers is above 31, and
    they are many."""
    found = [m for text in texts for form in _NAMED_DAY if (m := form.fullmatch(text))]
    if not found:
        return False
    numbers = {int(match["short"]) for match in found}
    names = {month_of(match["name"]) for match in found}
    return max(numbers) <= 31 and len(numbers) >= len(names)


def _are_codes(texts: Sequence[str]) -> bool:
    """Tell whether all are like Q1-20, with one letter and one number before: codes of things."""
    words = {match[1] for text in texts if (match := re.match(r"([A-Za-z]\d{1,2})\D", text))}
    return len(words) == 1 and all(re.match(r"[A-Za-z]\d{1,2}\D", text) for text in texts)


def _day_of(parts: dict[str, str | None], *, is_quarter: bool = False) -> datetime.datetime | None:
    year = _year_of(parts)
    try:
        if week := parts.get("week"):
            return datetime.datetime.fromisocalendar(year, int(week), int(parts.get("day") or 1))
        return datetime.datetime(year, _month_of(parts, is_quarter), 1)
    except ValueError:
        return None


def _year_of(parts: dict[str, str | None]) -> int:
    return year_of(parts.get("year") or parts.get("short") or "00")


def _month_of(parts: dict[str, str | None], is_quarter: bool) -> int:
    """Return the first month of a period, 0 where the name is that of no month."""
    if quarter := parts.get("quarter"):
        return 3 * int(quarter) - 2
    if half := parts.get("half"):
        return 6 * int(half) - 5
    if number := parts.get("number"):
        return 3 * int(number) - 2 if is_quarter else int(number)
    if name := parts.get("name"):
        return month_of(name)
    return int(parts.get("month") or 1)
