"""Categories that are ranges of numbers, such as 10-14, 65+ and <5, in the order of the numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells import number_text

_NUMBER: Final = r"[+\u2212-]?\s?[$€£]?\s?\d[\d.,']*\s?(?:%|[kKM]\b)?"
_AFTER: Final = r"(?:\s?[^\W\d_]+\.?)?"  # a unit, as in "1-2 years"
_SPAN: Final = re.compile(r"(?<![^\W\d_])(day|week|month|quarter|year|yr)s?\b", re.IGNORECASE)
_DAYS: Final = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25, "yr": 365.25}
_ZERO: Final = frozenset(("none", "zero", "never"))  # beside ranges
_BETWEEN: Final = re.compile(
    rf"[\[(]?\s*({_NUMBER})\s*(?:-|\u2013|\u2014|\.\.|,\s|\bto\b|\bbis\b)\s*({_NUMBER}){_AFTER}\s*[\])]?"
)
_ABOVE: Final = re.compile(
    rf"(?:>=?|≥|over|above|from|more than|at least)\s*({_NUMBER}){_AFTER}"
    rf"|({_NUMBER})\s?\+{_AFTER}"
    rf"|({_NUMBER}){_AFTER}\s*(?:\+|and (?:over|above|more|older)|or (?:more|older)|plus)",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(
    rf"(?:<=?|≤|under|below|up to|less than|at most)\s*({_NUMBER}){_AFTER}"
    rf"|({_NUMBER}){_AFTER}\s*(?:and (?:under|below|less|younger)|or (?:less|younger))",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(rf"({_NUMBER}){_AFTER}")
_TIMES: Final = {"k": 1e3, "K": 1e3, "M": 1e6}

Ends = tuple[float, float]


def is_range(text: str) -> bool:
    """Tell whether a cell is a range, or a bound, rather than a number."""
    ends = _ends_of(text)
    return ends is not None and ends[0] < ends[1]


def in_order(levels: Sequence[str]) -> list[str]:
    """Return the levels in the order of their numbers where they are ranges, else as they are.

    >>> in_order(["10-14", "5-9", "65+", "<5"])
    ['<5', '5-9', '10-14', '65+']
    """
    found = [_ends_of(level) for level in levels]
    ends = [one for one in found if one is not None]
    if len(ends) < len(levels) or all(low == high for low, high in ends):
        return list(levels)
    return [level for _ends, level in sorted(zip(ends, levels, strict=True))]


def _ends_of(level: str) -> Ends | None:
    """Return the least and the greatest number of a range, or None where it is none.

    Days, weeks, months and years are counted in days.
    """
    span = _SPAN.search(level)
    ends = _numbers_of(level.strip())
    if ends is None or span is None:
        return ends
    days = _DAYS[span[1].casefold()]
    return ends[0] * days, ends[1] * days


def _numbers_of(text: str) -> Ends | None:
    if text.casefold() in _ZERO:
        return (0.0, 0.0)
    if found := _BETWEEN.fullmatch(text):
        low, high = _number(found[1]), _number(found[2])
        return None if math.isnan(low) or math.isnan(high) else (low, high)
    for pattern, is_above in ((_ABOVE, True), (_BELOW, False)):
        if found := pattern.fullmatch(text):
            end = _number(next(filter(None, found.groups())))
            return None if math.isnan(end) else (end, math.inf) if is_above else (-math.inf, end)
    found = _ALONE.fullmatch(text)
    value = _number(found[1]) if found else math.nan
    return None if math.isnan(value) else (value, value)


def _number(text: str) -> float:
    """Return what a number says, NaN where it is none; 10k is 10,000."""
    times = _TIMES.get(text[-1], 1.0)
    plain = text[:-1] if text[-1] in _TIMES else text
    values = (number_text.parse(plain, mark) for mark in (".", ","))
    value = next((value for value in values if value is not None), math.nan)
    return value * times
