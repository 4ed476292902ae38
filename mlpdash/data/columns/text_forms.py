"""The form of a column's text: how it is to be read, and what a person should be told of it.

`docs/tables.md` tells the order of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from mlpdash.data.cells import date_text, number_text, period_text
from mlpdash.data.cells.cells import mark_and_unit
from mlpdash.data.cells.gap_words import PLUS, is_mark
from mlpdash.data.cells.quantity_text import numeral, unguarded
from mlpdash.data.cells.yes_no import are_yes_and_no
from mlpdash.data.columns.long_numbers import are_long
from mlpdash.data.columns.measures import NumbersFound, find_numbers
from mlpdash.specs.preparation import ColumnChoice

LOOKED_AT: Final = 2_000  # distinct cells that the form is found from
ENOUGH: Final = 0.9  # share of the cells that must fit a form
MIXED_FROM: Final = 0.5  # share from which on a person might expect numbers
FEW_LEVELS: Final = 30  # distinct cells; a word that comes back among so few names a category
FIRST_LEVELS: Final = 20  # distinct cells, one of which has to fit before all are looked at
ABSENT: Final = re.compile(r"[\W_]+")  # beside numbers, any sign means that nothing is there
LETTERED: Final = re.compile(r"[A-Za-z]{1,2}-?\d+[A-Za-z]?|\d+-?[A-Za-z]{1,2}")
BARE: Final[dict[number_text.Decimal, re.Pattern[str]]] = {
    mark: re.compile(rf"\s*[+\u2212-]?(\d+\{mark}?\d*|\{mark}\d+)([eE][+-]?\d+)?\s*")
    for mark in (".", ",")
}
ZERO_LED: Final = re.compile(r"0\d+")


def chosen_form(levels: list[str], choice: ColumnChoice, decimal: number_text.Decimal) -> str:
    """Return the form that the person's choice of a kind asks for."""
    some = levels[:LOOKED_AT]
    if choice.kind == "boolean":
        return "words"
    if choice.kind == "date" or choice.order != "auto":
        if period := _periods(some):
            return period
        order, _open = date_text.order_of(some)
        if choice.order != "auto" and order != "iso":
            order = "dmy" if choice.order == "day first" else "mdy"
        return f"dates {order}"
    if choice.kind == "number" or choice.decimal != "auto":
        marks: dict[str, number_text.Decimal] = {"point": ".", "comma": ","}
        return numbers_among(some, decimal, marks.get(choice.decimal)).form
    return ""


def _periods(levels: list[str]) -> str:
    """Return the form of quarters, months, weeks or seasons, or an empty string."""
    if date_text.are_months(levels):
        return ""
    seasons = period_text.SEASONS if period_text.are_seasons(levels) else ""
    return period_text.period_form(levels) or seasons


def find_form(levels: list[str]) -> str:
    """Return the form of yes and no, dates or times of day that fits, or an empty string."""
    if are_yes_and_no(levels):
        return "words"
    some = levels[:LOOKED_AT]
    if _most(some, date_text.looks_like_date) and not date_text.are_codes(some):
        order = date_text.order_of(some)[0]
        possible = sum(date_text.parse(level, order) is not None for level in some)
        return f"dates {order}" if possible >= MIXED_FROM * len(some) else ""
    if _most(some, date_text.looks_like_time):
        return "hours"
    return "dates iso" if date_text.are_months(some) else period_text.period_form(some)


def numbers_among(
    levels: list[str], hint: number_text.Decimal, decimal: number_text.Decimal | None = None
) -> NumbersFound:
    """Return the numbers among distinct cells.

    Marks that nothing is there are left out, unless there are signs like ++.
    """
    signs = any(map(PLUS.fullmatch, levels))
    some = [level for level in levels if signs or not (ABSENT.fullmatch(level) or is_mark(level))]
    return find_numbers(some, hint, decimal)


def _most(levels: list[str], fits: Callable[[str], bool]) -> bool:
    """Tell whether most levels fit; where none of some does, the others are not looked at."""
    some = levels[:: max(1, len(levels) // FIRST_LEVELS)]
    return any(map(fits, some)) and sum(map(fits, levels)) >= ENOUGH * len(levels)


def are_codes(levels: list[str]) -> bool:
    """Tell whether cells have digits that a number would lose: leading zeros, or very many."""
    return any(ZERO_LED.fullmatch(unguarded(level)) for level in levels) or are_long(levels)


def are_lettered(levels: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether distinct cells are numbers of things, such as 117, 118 and c168 or 100a."""
    others = set(levels) - set(words)
    if not 0 < len(words) <= len(others):
        return False
    return all(map(LETTERED.fullmatch, words)) and all(level.isdecimal() for level in others)


def doubts_about(
    levels: list[str], form: str, units: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what should be said about cells read by a form, and examples of it."""
    if form.startswith("dates"):
        is_open = date_text.order_of(levels)[1]
        zones = {date_text.offset_of(level) for level in levels}
        shifted = any(set(zone) & set("123456789") for zone in zones)
        return (*(["order"] if is_open else []), *(["zones"] if shifted else [])), ()
    if not form.startswith("decimal"):
        return (), ()
    signs = [unit for unit in units if unit]
    if not mark_and_unit(form)[1] and (len(signs) > 1 or (signs == ["%"] and len(units) > 1)):
        return ("units",), tuple(units)
    if number_text.is_ambiguous([numeral(level) for level in levels]):
        return ("mark",), next((level,) for level in levels if _is_open(numeral(level)))
    return (), ()


def have_signs(levels: list[str], form: str) -> bool:
    """Tell whether numbers, read by a form, are written with more than digits and a mark."""
    mark = mark_and_unit(form)[0]
    dressed = (level for level in levels if not BARE[mark].fullmatch(level))
    return any(number_text.parse(level, mark) is not None for level in dressed)


def _is_open(number: str) -> bool:
    """Tell whether a number is another one with the other decimal mark."""
    return number_text.parse(number, ".") != number_text.parse(number, ",")
