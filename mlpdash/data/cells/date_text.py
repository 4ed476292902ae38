"""Dates as people write them -> numpy's datetime64; a day that does not exist is no date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.month_names import is_weekday, month_of

Order = Literal["iso", "dmy", "mdy"]

ISO: Final = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?"
)
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?)|\s+Uhr)?|\s*(?P<only>[AaPp]\.?[Mm]\.?))"
)
_ZONE: Final = (
    r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)(?:\s*\([^()]{1,40}\))?)?"
)
_TIME: Final = rf"(?:(?:[T ,]+|:(?=\d\d:)){_CLOCK}{_ZONE})?"
_WORD: Final = r"[^\W\d_]{2,11}"
_BETWEEN: Final = r"(?:\.\s?|\s+de\s+|\s*[-/]\s*|\s+)"
_MONTH: Final = rf"(?P<month>{_WORD})"
_YEAR: Final = r"(?P<year>\d{4}|'?\d{2})"
_WEEKDAY: Final = re.compile(rf"({_WORD})(?:\.,?|,)?\s+(?=\S)")
_YMD: Final = r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
_ISO: Final = re.compile(_YMD + _TIME)
_ISO_ZONED: Final = re.compile(_YMD + _ZONE)
_DIGITS: Final = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _TIME
)
_NAMED: Final = (
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[ºª°])?{_BETWEEN}{_MONTH}"
        rf"(?:\.?,?\s*-\s*|\.?/|\.|\.?,?\s+(?:del?\s+)?){_YEAR}{_TIME}"
    ),
    re.compile(rf"(?P<day>\d{{1,2}})(?P<month>[^\W\d_]{{3}})(?P<year>\d{{4}}|\d{{2}}){_TIME}"),
    re.compile(
        rf"{_MONTH}\.?[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th)?[, -]\s*(?P<year>\d{{4}}){_TIME}"
    ),
    re.compile(rf"(?P<year>\d{{4}})[ -]{_MONTH}\.?[ -](?P<day>\d{{1,2}}){_TIME}"),
    re.compile(  # as programs print it: Jan 5 10:00:00 2024, +0000 before the year or not
        rf"{_MONTH} +(?P<day>\d{{1,2}}) {_CLOCK}{_ZONE} (?P<year>\d{{4}})"
    ),
    re.compile(  # the first day of the month; May 24 is a day, though
        rf"{_MONTH}(?:\.?,? (?:de )?(?P<year>\d{{4}})|[-/'](?P<short>\d{{4}}|\d{{2}}))"
    ),
)
_MONTHS: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")  # also 2023-24, a season
_CODE: Final = re.compile(rf"({_WORD})[-/']\d\d")
_TIME_OF_DAY: Final = re.compile(_CLOCK)
_DURATION: Final = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?")
PIVOT: Final = 69  # two digits from here on are of the last century, as in POSIX
SECONDS: Final = (1e8, 1e10)  # numbers from, to that are seconds since 1970, from 1973 on


def looks_like_date(text: str) -> bool:
    """Tell whether `text` is written like a date, be it a possible one or not."""
    text = _plain(text)
    return bool(ISO.fullmatch(text)) or _match(text) is not None


def looks_like_time(text: str) -> bool:
    """Tell whether `text` is a time of day, hh:mm or with seconds or am and pm."""
    hours = hours_of(text)
    return hours is not None and (hours <= 24 or text.count(":") == 2)


def are_months(texts: Sequence[str]) -> bool:
    """Tell whether all are like 2024-01, and not all like 2023-24, the season of two years."""
    found = [_MONTHS.fullmatch(text.strip()) for text in texts]
    return all(found) and any(m and (int(m[1]) + 1) % 100 != int(m[2]) for m in found)


def are_codes(texts: Sequence[str]) -> bool:
    """Tell whether all are like SET-01, with one word: codes, rather than a month of many years."""
    found = [_CODE.fullmatch(text.strip()) for text in texts]
    return all(found) and len({m[1].casefold() for m in found if m}) == 1


def order_of(texts: Sequence[str]) -> tuple[Order, bool]:
    """Return the order that most dates speak for, and whether none speaks for it.

    Dots and hyphens stand in day-first dates; slashes are read as month first when nothing tells.
    Where some are ISO, or name the month, it is the order of the others; it changes nothing for
    these, and where there are no others it is "iso".
    """
    found = [m for text in texts if (m := _DIGITS.fullmatch(_plain(text)))]
    if not found:
        return "iso", False
    day = sum(int(m["a"]) > 12 and int(m["b"]) <= 12 for m in found)
    month = sum(int(m["b"]) > 12 and int(m["a"]) <= 12 for m in found)
    if day or month:
        return ("dmy" if day >= month else "mdy"), False
    slashes = sum(m["mark"] == "/" for m in found)
    return ("mdy" if slashes > len(found) / 2 else "dmy"), bool(found)


def parse(text: str, order: Order) -> datetime.datetime | None:
    """Return the moment that `text` says, in UTC where it names an offset, or None.

    Parameters
    ----------
    order : of the day and the month where both are numbers; with "iso" the year has to be first
    """
    found = _match(_plain(text))
    if found is None:
        return None
    parts = found.groupdict()
    if "a" in parts:
        if order == "iso":
            return None
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (second, first) if order == "mdy" else (first, second)
    else:
        day = int(parts.get("day") or 1)
        name = parts["month"]
        month = int(name) if name.isdecimal() else month_of(name)
    try:
        moment = datetime.datetime(year_of(parts["year"] or parts["short"]), month, day)
        return moment + _time(parts) - _offset(parts.get("zone"))
    except (ValueError, OverflowError):
        return None


def format_of(text: str, order: Order) -> str:
    """Return strptime's format of a date like `text`, or an empty string where it has none."""
    found = _match(text)
    parts = found.groupdict() if found else {}
    if found is None or any(parts.get(name) for name in ("zone", "fraction", "only")):
        return ""
    if order == "iso" and "a" in parts:
        return ""
    month, year = parts.get("month") or "", parts["year"] or parts["short"]
    first, second = ("%m", "%d") if order == "mdy" else ("%d", "%m")
    named = "%m" if month.isdecimal() else "%b" if len(month) == 3 else "%B"
    directives = {"a": first, "b": second, "day": "%d", "month": named, "minute": "%M"}
    directives |= {"second": "%S", "half": "%p", "hour": "%I" if parts.get("half") else "%H"}
    directives |= dict.fromkeys(("year", "short"), "%Y" if len(year) == 4 else "%y")
    made, end = "", 0
    for name in sorted((n for n in directives if parts.get(n)), key=found.start):
        made += text[end : found.start(name)].replace("%", "%%") + directives[name]
        end = found.end(name)
    return made + text[end:].replace("%", "%%")


def offset_of(text: str) -> str:
    """Return the zone that stands behind a moment, such as +02:00, or an empty string."""
    found = _match(_plain(text))
    return (found.groupdict().get("zone") or "") if found else ""


def hours_of(text: str) -> float | None:
    """Return a time of day, or a duration, in hours, or None: "14:30" is 14.5, "3 pm" is 15."""
    text = text.strip()
    found = _TIME_OF_DAY.fullmatch(text)
    if found and (found["half"] or found["only"]):
        try:
            return _time(found.groupdict()) / datetime.timedelta(hours=1)
        except ValueError:
            return None
    spent = _DURATION.fullmatch(text.removesuffix("Uhr").rstrip())
    if spent is None:
        return None
    seconds = float((spent[3] or "0").replace(",", "."))
    return int(spent[1]) + int(spent[2]) / 60 + seconds / 3600


def moments_of(numbers: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Return what numbers say: 20230105 a day, 2023 a year, 1672876800 seconds since 1970.

    Returns
    -------
    (rows,) datetime64[us], NaT for other numbers; milliseconds since 1970 are understood too
    """
    made = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[us]")
    whole = np.nan_to_num(np.abs(numbers), nan=0.5, posinf=0.5) % 1 == 0
    seconds = np.where(numbers >= 100 * SECONDS[0], numbers / 1000, numbers)
    from_1970 = (np.nan_to_num(seconds) >= SECONDS[0]) & (np.nan_to_num(seconds) < SECONDS[1])
    made[from_1970] = (seconds[from_1970] * 1e6).astype("timedelta64[us]") + np.datetime64(0, "us")
    years = whole & (numbers >= 1000) & (numbers < 3000)
    made[years] = (numbers[years].astype(np.int64) - 1970).astype("datetime64[Y]")
    days = np.flatnonzero(whole & (numbers >= 10_000_101) & (numbers <= 29_991_231))
    value = numbers[days].astype(np.int64)
    month, day = value // 100 % 100, value % 100
    first = (value // 10_000 - 1970) * 12 + np.clip(month, 1, 12) - 1
    there = first.astype("datetime64[M]").astype("datetime64[D]") + (np.clip(day, 1, 31) - 1)
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    fits &= there.astype("datetime64[M]") == first.astype("datetime64[M]")
    made[days[fits]] = there[fits]
    return made


def _plain(text: str) -> str:
    """Return the text without a weekday before it; "mar" can be one, and March."""
    text = text.strip().replace("\u202f", " ").replace("\xa0", " ")
    found = _WEEKDAY.match(text)
    if found is None or not is_weekday(found[1]):
        return text
    return text if month_of(found[1]) and _match(text) else text[found.end() :]


def _match(text: str) -> re.Match[str] | None:
    if text[:1].isdecimal():
        found = _DIGITS.fullmatch(text) or _ISO.fullmatch(text) or _ISO_ZONED.fullmatch(text)
        if found:
            return found
    named = (m for form in _NAMED if (m := form.fullmatch(text)) and month_of(m["month"]))
    return next(named, None)


def year_of(digits: str) -> int:
    """Return a year of four digits, or of two, such as '86."""
    digits = digits.lstrip("'")
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= PIVOT else 2000)


def _time(parts: dict[str, str | None]) -> datetime.timedelta:
    """Return the time of day; ValueError where there is none such."""
    if not parts.get("hour"):
        return datetime.timedelta()
    hour, half = int(parts["hour"] or 0), parts["half"] or parts["only"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
    part = int((parts["fraction"] or "").ljust(6, "0")[:6])
    of_day = datetime.time(hour, minute, min(second, 59), part)
    return datetime.timedelta(
        hours=of_day.hour,
        minutes=of_day.minute,
        seconds=second if second <= 60 else of_day.second,
        microseconds=part,
    )


def _offset(zone: str | None) -> datetime.timedelta:
    """Return how far the zone is ahead of UTC."""
    digits = re.sub(r"[^\d]", "", zone or "")
    if not digits:
        return datetime.timedelta()
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError
    ahead = datetime.timedelta(hours=hours, minutes=minutes)
    return -ahead if "-" in (zone or "") else ahead
