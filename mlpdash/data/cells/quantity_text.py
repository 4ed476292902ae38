"""Numbers with what people write around them: `2.37kg`, `9h 45m`, `<0.01`, `0.75 ± 0.16`, `~1.2*`.

`number_text` reads bare numbers, currencies and percent; this reads what is left.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from mlpdash.data.cells import number_text
from mlpdash.data.cells.number_text import CURRENCY, Decimal
from mlpdash.data.cells.units import (
    COUNT,
    convert,
    factor_in,
    may_be_unit,
    meanings,
    names_of,
)

Mark = Literal["", "bound", "about", "flag", "spread"]

LONGEST: Final = 60  # characters of a cell that can be one number
GUARDED: Final = re.compile(r"=\s?\"([^\"]*)\"|=\s?'([^']*)'")  # what keeps spreadsheets from it
_BOUND: Final = (
    r"(?:<=|>=|=<|=>|[<>≤≥⩽⩾≦≧]|(?i:(?:less|more|greater|fewer) than\b|at (?:least|most)\b|"
    r"up to\b|below\b|above\b|under\b|over\b))"
)
_ABOUT: Final = r"(?:[~≈≃≅∼]|(?i:ca\.?|circa|c\.|approx\.?|approximately)(?=[\s\d]))"
_NUMBER: Final = r"(?:\d(?:[\d.,]|[' ](?=\d{3}(?!\d)))*|[.,]\d+)(?:[eE][+-]?\d+)?"
_POWER: Final = r"\s?[x×·*⋅]\s?10(?:\s?\^\s?\(?(?P<power>[+-]?\d+)\)?|(?P<raised>⁻?[⁰¹²³⁴-⁹]+))"
_HEAD: Final = re.compile(
    rf"(?P<lead>[*†‡§]*)\s*(?:(?P<bound>{_BOUND})|(?P<about>{_ABOUT}))?\s*(?P<sign>[+-]?)\s*"
    rf"(?P<before>{CURRENCY}?)\s*(?P<inner>[+-]?)(?P<body>{_NUMBER})(?:{_POWER})?(?P<gap>\s*)"
)
_LETTER: Final = r"[^\W\d_]"
_LETTERS: Final = rf"{_LETTER}+\.?(?:\^?[23](?!\d)|[²³])?"
_ATOM: Final = rf"(?:°(?:\s?[CFK](?!{_LETTER}))?|[℃℉Ω]|{_LETTERS})"
_PER: Final = rf"(?:\s?/\s?|\s?\b(?:per|pro)\s)(?:10+\s?)?{_ATOM}"
_UNIT: Final = re.compile(
    rf"[\"″”]|''|['′]|{_ATOM}(?:{_PER})+"
    rf"|{_LETTERS}(?:\s(?!(?:or|and|plus|per|pro)\b){_LETTERS})*|{_ATOM}"
)
_COUNTS: Final = "|".join(map(re.escape, sorted([*names_of(COUNT), "m"], key=len, reverse=True)))
_COUNT: Final = re.compile(
    rf"(?P<count>{_COUNTS})(?!{_LETTER})\s*|(?P<thousands>[kKMT])(?={CURRENCY})"
)
_CURRENCY: Final = re.compile(rf"(?P<name>{CURRENCY})(?!{_LETTER})")
_PRICE: Final = re.compile(_PER)
_PART: Final = re.compile(  # of 9h 45m, behind the first
    rf"\s?,?\s?(?:(?:and|und)\s)?(?P<body>\d+(?:[.,]\d+)?)\s?(?P<unit>[\"″”]|''|['′]|{_LETTERS})?"
)
_INTERVAL: Final = rf"{_NUMBER}\s?%?(?:\s?(?:-|;|,|to)\s?[+-]?{_NUMBER}\s?%?)?"
_SPREAD: Final = re.compile(
    rf"\s*(?:(?:±|\+/-|\+-)\s*{_NUMBER}\s?%?|\(\s*±?\s*{_INTERVAL}\s*\)|\[\s*[+-]?{_INTERVAL}\s*\])"
)
_FLAG: Final = re.compile(
    rf"\s*(?:[*†‡§¶#^ªº¹²³⁴-⁹?!]+|\[{_LETTER}{{0,5}}\s?\d{{0,3}}\]"
    r"|\((?i:[a-z]{1,2}|est\.?|estimated?|approx\.?|prov\.?|provisional|prelim\.?)\))"
)
_ABOVE: Final = re.compile(r"\s*(?:\+|(?i:(?:or|and) (?:more|over|above|older)|plus)\b)")
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SMALLER: Final = {"h": "min", "hr": "min", "hrs": "min", "'": '"', "′": '"', "°": "'"}
_SIDES: Final = {"N": 1, "E": 1, "O": 1, "S": -1, "W": -1}  # of the equator and of Greenwich
_NAMES: Final = {"'": "ft", "′": "ft", '"': "in", "″": "in", "”": "in", "''": "in"}
_ISO_SPAN: Final = re.compile(
    r"P(?=T?\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_PANDAS_SPAN: Final = re.compile(r"()()()(\d+) days? (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_SPAN_UNITS: Final = ("y", "mo", "wk", "d", "h", "min", "s")
_STARTS: Final = re.compile(rf"P?[\d.,=*†‡§+-]|{_BOUND}|{_ABOUT}|{CURRENCY}")


@dataclass(frozen=True)
class Quantity:
    """What a cell says.

    Attributes
    ----------
    unit : as it is written, an empty string for none; a currency or percent sign is one
    mark : what else stands beside the number: a bound such as <, "about", a flag such as *, or how
        far off it may be
    glued : whether nothing is between the number and its unit
    whole : whether it is written without a decimal mark or an exponent
    """

    value: float
    unit: str = ""
    mark: Mark = ""
    glued: bool = False
    whole: bool = False


def parse(text: str, decimal: Decimal) -> Quantity | None:
    """Return the number that a cell says and what is written around it, or None.

    >>> parse("9h 45m", "."), parse("<0.01", ".")
    (Quantity(value=9.75, unit='h', mark='', glued=True, whole=False), \
Quantity(value=0.01, unit='', mark='bound', glued=False, whole=False))
    """
    return _parsed(text, decimal) if len(text) <= LONGEST else None


@functools.lru_cache(maxsize=8_192)  # a column's first cells are looked at several times
def _parsed(text: str, decimal: Decimal) -> Quantity | None:
    value = number_text.parse(text, decimal)
    if value is not None:
        return Quantity(value, number_text.unit_of(text), whole=_is_whole(text, value, decimal))
    plain = number_text.plain(text)
    if GUARDED.fullmatch(plain):
        inner = unguarded(plain)
        return None if GUARDED.fullmatch(inner) else parse(inner, decimal)
    if span := _ISO_SPAN.fullmatch(plain) or _PANDAS_SPAN.fullmatch(plain):
        parts = zip(span.groups(), _SPAN_UNITS, strict=True)
        return parse(" ".join(f"{number}{unit}" for number, unit in parts if number), ".")
    return _read(plain, decimal) if _STARTS.match(plain) else None


def unguarded(text: str) -> str:
    """Return what is in ="12.5", and any other cell as it is."""
    found = GUARDED.fullmatch(text)
    return (found[1] or found[2] or "") if found else text


def value_in(text: str, decimal: Decimal, unit: str) -> float | None:
    """Return the number that a cell says in a unit, or None; a number alone is taken to be in it.

    Parameters
    ----------
    unit : an empty string for numbers without one, of which currencies and percent signs are read
        as they stand
    """
    if unit:
        usual = plain_pattern(decimal, unit).fullmatch(text)  # most cells, in a tenth of the time
        if usual:
            return float(usual[1].replace(",", "."))
    else:
        value = number_text.parse(text, decimal)
        if value is not None:
            return value
    found = parse(text, decimal)
    if found is None:
        return None
    return value_of(found, unit)


@functools.lru_cache(maxsize=64)
def plain_pattern(decimal: Decimal, unit: str) -> re.Pattern[str]:
    """Return the pattern of a cell with digits and this unit, and nothing else."""
    return re.compile(rf"\s*([+-]?\d+(?:{re.escape(decimal)}\d+)?)\s?{re.escape(unit)}\s*")


def value_of(found: Quantity, unit: str) -> float | None:
    """Return the number of a cell in a unit, or None where its own does not convert; see above."""
    if found.unit == unit or not found.unit:
        return found.value
    if unit:
        return convert(found.value, found.unit, unit)
    if found.unit in names_of(COUNT):
        return found.value * factor_in(found.unit, COUNT)
    return found.value if is_sign(found.unit) or is_flag(found) else None


def is_flag(found: Quantity) -> bool:
    """Tell whether a letter behind a measurement can be a flag, as in `0.04 U`."""
    is_letter = len(found.unit) == 1 and found.unit.isalpha() and found.unit not in "mglht"
    return is_letter and not found.glued and not found.whole


def decimal_of(texts: Iterable[str], hint: Decimal) -> Decimal:
    """Return the decimal mark that most cells speak for; `hint` where they leave it open."""
    return number_text.decimal_of((numeral(text) for text in texts), hint)


def numeral(text: str) -> str:
    """Return the first number in a cell that is one with more around it; other cells as they are.

    >>> numeral("38.000 km"), numeral("about 5")
    ('38.000', 'about 5')
    """
    if any(number_text.parse(text, mark) is not None for mark in number_text.MARKS):
        return number_text.digits_of(text)
    if all(parse(text, mark) is None for mark in number_text.MARKS):
        return text
    plain = number_text.plain(text)
    if GUARDED.fullmatch(plain):
        return numeral(unguarded(plain))
    head = _HEAD.match(plain)
    return head["body"] if head else text


def shown(units: Sequence[str]) -> str:
    """Return how a unit is written on an axis, the most frequent of some spellings of one.

    >>> shown(["'", "'"]), shown(["hour", "hours", "hours"])
    ('ft', 'hours')
    """
    most = max(units, key=units.count)
    return _NAMES.get(most, most)


def is_sign(unit: str) -> bool:
    """Tell whether a unit is a currency or the sign of a share, which are read as they stand."""
    return unit in ("%", "‰") or _CURRENCY.fullmatch(unit) is not None


def _read(text: str, decimal: Decimal) -> Quantity | None:
    """Read what is more than a number: signs before it, then unit, uncertainty and flags."""
    head = _HEAD.match(text)
    if head is None or (head["sign"] and head["inner"]):
        return None
    value = number_text.unsigned(head["body"], decimal)
    if value is None:
        return None
    found = Quantity(
        value * _power_of(head),
        head["before"],
        "bound" if head["bound"] else "about" if head["about"] else "flag" if head["lead"] else "",
        glued=not head["gap"],
        whole=_is_whole(head["body"], value, decimal) and not head["power"],
    )
    read = _behind(text[head.end() :], found, decimal)
    is_minus = "-" in (head["sign"], head["inner"])
    return replace(read, value=-read.value) if read and is_minus else read


def _is_whole(text: str, value: float, decimal: Decimal) -> bool:
    return value.is_integer() and decimal not in text and "e" not in text.casefold()


def _power_of(head: re.Match[str]) -> float:
    """Return what `x 10^3` multiplies by."""
    digits = int(head["power"] or (head["raised"] or "0").translate(_SUPERSCRIPT))
    return 10.0**digits if abs(digits) < 300 else math.nan


def _behind(rest: str, found: Quantity, decimal: Decimal) -> Quantity | None:
    """Read what stands behind the first number."""
    mark, rest = _marks(rest, found.mark, (_SPREAD, _ABOVE))
    priced, rest = _price(rest.lstrip(), found)
    if priced is None:
        unit = _UNIT.match(rest)
        if unit is None:
            priced = replace(found, glued=False)
        else:
            told, rest = unit[0], rest[unit.end() :]
            compound = _compound(rest, replace(found, unit=told), decimal)
            if compound is not None:
                return compound
            if not may_be_unit(told) or (found.glued and found.whole and _is_code(told)):
                return None
            priced = replace(found, unit=told)
    mark, rest = _marks(rest, mark, (_SPREAD, _ABOVE, _FLAG))
    return None if rest.strip() else replace(priced, mark=mark)


def _price(rest: str, found: Quantity) -> tuple[Quantity | None, str]:
    """Read millions, a currency and what it pays for, as in `$3.4M` and `3.5 Mio. €/km`.

    Without a currency there is none, and thousands and millions are a unit.
    """
    count = _COUNT.match(rest)
    behind = rest[count.end() :] if count else rest
    after = None if found.unit else _CURRENCY.match(behind)
    if not found.unit and after is None:
        return None, rest
    if after is not None:
        behind = behind[after.end() :]
    factor = _factor(count["count"] or count["thousands"]) if count else 1.0
    per = _PRICE.match(behind)
    unit = (found.unit or (after["name"] if after else "")) + (per[0] if per else "")
    priced = replace(found, value=found.value * factor, unit=unit, glued=False)
    return priced, behind[per.end() :] if per else behind


def _factor(count: str) -> float:
    """Return what a word for thousands or millions multiplies by; beside a currency, m is one."""
    return 1e6 if count == "m" else factor_in(count, COUNT)


def _is_code(unit: str) -> bool:
    """Tell whether letters behind digits are rather the end of a code or a rank: 4WD, 1st."""
    return unit == "st" or (unit != unit.casefold() and not meanings(unit))


def _marks(rest: str, mark: Mark, kinds: Sequence[re.Pattern[str]]) -> tuple[Mark, str]:
    """Return the first of the marks beside a number, and what is left behind all of them."""
    told: dict[re.Pattern[str], Mark] = {_SPREAD: "spread", _ABOVE: "bound", _FLAG: "flag"}
    while found := next(((m, one) for one in kinds if (m := one.match(rest))), None):
        mark, rest = mark or told[found[1]], rest[found[0].end() :]
    return mark, rest


def _compound(rest: str, first: Quantity, decimal: Decimal) -> Quantity | None:
    """Read numbers in ever smaller units: 9h 45m, 5'7", 48°51'24"N; None where there is one."""
    units, values = [first.unit], [first.value]
    families = {one.family for one in meanings(first.unit)}
    while found := _PART.match(rest):
        smaller = found["unit"] or _SMALLER.get(units[-1], "")
        families &= {one.family for one in meanings(smaller)}
        number = number_text.unsigned(found["body"], decimal)
        if number is None or not families:
            return None
        units.append(smaller)
        values.append(number)
        rest = rest[found.end() :]
    side = _SIDES.get(rest.strip(), 0) if "angle" in families else 0
    if (rest.strip() and not side) or (len(units) < 2 and not side):
        return None
    family = next(one.family for one in meanings(first.unit) if one.family in families)
    family = "angle" if side else family
    factors = [factor_in(unit, family) for unit in units]
    if any(a <= b for a, b in itertools.pairwise(factors)):
        return None
    total = sum(v * f for v, f in zip(values, factors, strict=True)) / factors[0]
    named = _NAMES.get(first.unit, first.unit) if family == "length" else first.unit
    return replace(first, value=total * (side or 1), unit=named, whole=False)
