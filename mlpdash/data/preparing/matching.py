"""Cells of another table -> the numbers, moments and levels that a net learned from.

What was a column of numbers in the training table may be text here, because of one odd cell. Such
cells count as missing; `UnreadCells` says how many there are, and where the first one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells import number_text, quantity_text
from mlpdash.data.cells.cells import (
    Floats,
    Times,
    dates,
    form_of,
    is_date,
    is_number,
    mark_and_unit,
    numbers,
    texts,
)
from mlpdash.data.cells.gap_words import is_gap
from mlpdash.data.cells.spellings import plain_spelling
from mlpdash.data.preparing.category import Category
from mlpdash.data.table import TextFormat

if TYPE_CHECKING:
    import pandas as pd

UNSEEN: Final = -1.0  # raw value of a category that the training rows do not have
INFINITE: Final = frozenset(("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"))
PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
SHARES: Final = ("%", "‰")
LOOKED_AT: Final = 2_000  # distinct cells that the decimal mark is found from


@dataclass(frozen=True)
class UnreadCells:
    """Cells of one column that do not say what they should: how many, and the first of them."""

    count: int
    row: int  # from 1
    text: str
    kind: Literal["number", "date"]


def numbers_of(
    values: pd.Series[Any], form: str, written: TextFormat, *, truth: bool = False
) -> tuple[Floats, UnreadCells | None]:
    """Return cells as numbers, (rows,), NaN where missing or unread.

    Parameters
    ----------
    form : how text was read in the training table, see `cells`; "" where it held plain numbers
    truth : true and false are 1 and 0

    Raises
    ------
    TypeError : the cells are moments
    """
    if is_number(values) or form == "flag":
        return numbers(values, form), None
    if is_date(values):
        raise TypeError
    codes, levels = _levels(values)
    found = _numbers(levels, form, written)
    if truth and not form:
        found = np.where(np.isnan(found), numbers(_series(levels), "words"), found)
    made = np.append(found, np.nan)[codes]
    return made, _unread(codes, levels, np.isnan(found), "number")


def _numbers(levels: Sequence[str], form: str, written: TextFormat) -> Floats:
    if form and not form.startswith("decimal"):
        return numbers(_series(levels), form)
    usual, unit = mark_and_unit(form) if form else (written.plain_decimal, "")
    mark = quantity_text.decimal_of(levels[:LOOKED_AT], usual)
    found = numbers(_series(levels), form_of(mark, unit))
    if not form:  # 45 % is not 45 where the training table had 0.45
        found[[number_text.unit_of(level) in SHARES for level in levels]] = np.nan
    return found


def moments_of(values: pd.Series[Any], form: str) -> tuple[Times, UnreadCells | None]:
    """Return cells as moments, (rows,), NaT where missing or unread.

    Raises
    ------
    AttributeError, TypeError, ValueError : the cells are no text and no moments
    """
    if is_date(values) or is_number(values):
        return dates(values, form), None
    codes, levels = _levels(values)
    found = dates(_series(levels), form)
    made = np.append(found, np.datetime64("NaT"))[codes]
    return made, _unread(codes, levels, np.isnat(found), "date")


def level_indices(values: pd.Series[Any], category: Category, written: TextFormat) -> Floats:
    """Return the place of each cell among the levels of a category, (rows,): NaN where missing.

    A cell that is none of them is UNSEEN, or where they are pooled the last one; where they are
    merged, one that differs only in case, spaces and accents is one of them.
    """
    import pandas as pd

    cells, levels, pooled = texts(values), category.levels, category.pooled
    known = levels[:-1] if pooled else levels
    found = _index(known).get_indexer(_index(cells)).astype(float)
    others = found < 0
    if others.any():
        other = len(levels) - 1.0 if pooled else UNSEEN
        place = _Places(known, written, other, category)
        codes, distinct = pd.factorize(cells[others])
        found[others] = np.array([*map(place.of, distinct), np.nan])[codes]
    return found


class _Places:
    """Finds the level that a cell means which is written a little differently."""

    def __init__(
        self, levels: Sequence[str], written: TextFormat, other: float, category: Category
    ) -> None:
        self.kept = {mark.casefold() for mark in category.kept}
        self.other, self.decimal = other, written.plain_decimal
        self.stripped = {level.strip(): n for n, level in reversed([*enumerate(levels)])}
        self.truth = {
            level.strip().casefold(): n
            for n, level in enumerate(levels)
            if level.strip().casefold() in ("true", "false")
        }
        self.numeric = all(level and _plain_number(level) == level for level in levels)
        merged = levels if category.merged else ()
        self.plain = {plain_spelling(level): n for n, level in enumerate(merged)}
        self.keeps = written.words == "keep" and not self.numeric

    def of(self, cell: str) -> float:
        text = cell.strip()
        for form in self._forms(text):
            if form in self.stripped:
                return float(self.stripped[form])
        if text.casefold() in self.truth:  # pandas writes True, whatever the file says
            return float(self.truth[text.casefold()])
        if self.plain and (plain := plain_spelling(text)) in self.plain:
            return float(self.plain[plain])
        if not text or (_is_missing(text) and not self._is_kept(text)):
            return np.nan
        return self.other

    def _is_kept(self, text: str) -> bool:
        return self.keeps or text.casefold() in self.kept

    def _forms(self, text: str) -> Iterator[str]:
        yield text
        if self.numeric:  # 1.0 is 1 where the codes were numbers
            yield _plain_number(text.replace(",", ".") if self.decimal == "," else text) or text


def _is_missing(text: str) -> bool:
    return is_gap(text) or text.strip().casefold() in INFINITE


def _plain_number(text: str) -> str:
    """Return a number as `cells.texts` writes it, or an empty string."""
    if not PLAIN.fullmatch(text):
        return ""
    value = float(text)
    return f"{value:.0f}" if value.is_integer() else repr(value)


def _levels(values: pd.Series[Any]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the code of each cell, -1 where missing, and the distinct cells as text."""
    import pandas as pd

    codes, levels = pd.factorize(values)
    return codes, [str(level) for level in levels]


def _index(cells: Any) -> pd.Index[Any]:
    import pandas as pd

    made: pd.Index[Any] = pd.Index(cells, dtype=object)
    return made


def _series(levels: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(list(levels), dtype="str")


def _unread(
    codes: NDArray[np.intp],
    levels: Sequence[str],
    gone: NDArray[np.bool_],
    kind: Literal["number", "date"],
) -> UnreadCells | None:
    """Count the cells of which nothing was made, although they do not say that they are empty."""
    bad = gone & np.array([not _is_missing(level) for level in levels], bool)
    rows = np.flatnonzero(np.append(bad, False)[codes])
    if not len(rows):
        return None
    first = int(rows[0])
    return UnreadCells(len(rows), first + 1, levels[codes[first]], kind)
