"""Whether a first column that nobody named numbers the rows, or holds years or a measurement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from mlpdash.data.cells.cells import Floats
from mlpdash.data.cells.entity_names import names_entities, numbers_rows
from mlpdash.data.cells.row_names import UNNAMED, name_of_first
from mlpdash.text import _

BY_TOOLS: Final = re.compile(  # what R, its libraries, pandas and polars call the labels of rows
    r"index|level_0|row[._ ]?(names?|nr|index|num(ber)?)|obs|\.\.\.\d+|",
    re.IGNORECASE,
)
FROM_R: Final = re.compile(r"X(\.\d+)?")  # what read.csv makes of no name
FROM_FREAD: Final = "V1"  # what data.table makes of no name
COUNTED: Final = frozenset(("case", "study", "sample"))  # besides persons and things
YEARS: Final = (1700, 2100)
GRID: Final = 5  # measurements in even steps are mostly multiples of it
FEW: Final = 3
MANY: Final = 20  # rows from which on all-different numbers tell something without a header
BY_CHANCE: Final = 4.0  # expected number of equal pairs that makes "all different" no chance
LONG_RUN: Final = 5  # rows of a group on average; shorter counts are those of visits or trials
RARELY: Final = 0.02  # how rarely a sample of rows would lack the low numbers


def nobody_named(names: Sequence[str]) -> Iterator[str]:
    """Yield the first columns that have no name, or one that a tool gave them."""
    are_first = True
    for name in names:
        plain = name.strip()
        by_tool = BY_TOOLS.fullmatch(plain) is not None or _is_from_r(plain, names)
        are_first = are_first and (is_nameless(plain) or by_tool)
        if are_first or plain == name_of_first():
            yield name


def number_the_rows(present: Floats, name: str, names: Sequence[str]) -> bool:
    """Tell whether numbers are the numbers of the rows, perhaps of those that a filter left.

    All must be whole and differ. An unbroken count from 0 or 1 numbers the rows, in any order.
    Others do unless they look like years or months, or, if nothing but a missing name speaks for
    it, like a measurement.

    Parameters
    ----------
    present : (n,), without NaN
    name : of the column, one of `nobody_named`
    names : of all columns
    """
    if len(present) == 0 or present[0] % 1 or bool((present % 1 != 0).any()):
        return False
    low, high = float(present.min()), float(present.max())
    if len(np.unique(present)) < len(present):
        return False
    if low in (0, 1) and high - low == len(present) - 1:
        return True
    if are_years(present):
        return False
    if BY_TOOLS.fullmatch(name.strip()):
        return True
    if _has_no_header(names) and len(present) < MANY:
        return False
    return not _look_measured(present, low, high)


def called_like_things(names: Iterable[str]) -> Iterator[str]:
    """Yield the columns called like a person or a thing, such as patient or case."""
    for name in names:
        if name.strip().casefold() in COUNTED or names_entities(name) or numbers_rows(name):
            yield name


def count_things(present: Floats, name: str = "") -> bool:
    """Tell whether numbers are 1, 2, 3 and so on to the end, or begin with 0.

    What is called like the place of a row, such as "no.", may begin again at 1 in some groups.
    """
    if present[0] not in (0, 1):
        return False
    steps = np.diff(present)
    again = (steps != 1) & (present[1:] == 1)
    groups = 1 + int(again.sum())
    may_restart = present[0] == 1 and numbers_rows(name)
    if groups > 1 and (not may_restart or len(present) < LONG_RUN * groups):
        return False
    return bool(((steps == 1) | again).all())


def are_years(whole: Floats) -> bool:
    """Tell whether whole numbers all look like years, such as 1987, or months, such as 198712."""
    low, high = float(whole.min()), float(whole.max())
    if YEARS[0] <= low <= high <= YEARS[1]:
        return True
    if not YEARS[0] * 100 < low <= high < (YEARS[1] + 1) * 100:
        return False
    months = whole % 100
    return bool(((months >= 1) & (months <= 12)).all())


def _look_measured(whole: Floats, low: float, high: float) -> bool:
    """Tell whether different whole numbers are unlike those of rows that were filtered or drawn.

    Below 0 no row is counted. Where people choose values they choose round ones. Rows that were
    filtered ascend. Rows that were drawn begin low, or differ where measurements would repeat.
    """
    n = len(whole)
    if low < 0 or (n >= FEW and bool((whole % GRID == 0).all())):
        return True
    if bool((np.diff(whole) > 0).all()):
        return False
    equal_pairs = n * (n - 1) / 2 / (high - low + 1)
    begins_low = (1 - low / (high + 1)) ** n >= RARELY
    return equal_pairs < BY_CHANCE and not begins_low


def is_nameless(name: str) -> bool:
    """Tell whether a name stands for none, here or in pandas."""
    return name == name_of_first() or UNNAMED.fullmatch(name) is not None


def _is_from_r(name: str, names: Sequence[str]) -> bool:
    """Tell whether R called a column so that had no name, rather than a person."""
    if name == FROM_FREAD:
        return "V2" not in names
    if not FROM_R.fullmatch(name) or len(names) <= 2:
        return False
    return not any(other.strip().lower() in ("y", "z") for other in names)


def _has_no_header(names: Sequence[str]) -> bool:
    """Tell whether all columns are numbered, so that a missing name says nothing of the first."""
    return all(name == _("column {n}").format(n=n) for n, name in enumerate(names, start=1))
