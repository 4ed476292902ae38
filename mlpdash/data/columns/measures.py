"""Numbers with units and flags: which unit a column is read in, and which cells are words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlpdash.data.cells.cells import form_of, mark_and_unit
from mlpdash.data.cells.number_text import Decimal
from mlpdash.data.cells.quantity_text import (
    Quantity,
    decimal_of,
    is_flag,
    is_sign,
    parse,
    plain_pattern,
    shown,
    value_of,
)
from mlpdash.data.cells.units import COUNT, meanings, names_of

if TYPE_CHECKING:
    import pandas as pd

ENOUGH: Final = 0.9  # share of the cells that must have a unit that is not known, or is one letter
CAPITALS: Final = frozenset("ABGJKNT")  # units that are as well ends of codes
MOST_CODES: Final = 30  # distinct ones, more of which have no unit
_MARKED: Final = re.compile(
    r"[<>≤≥⩽⩾≦≧~≈≃≅∼±*†‡§¶#^?!+\[(ªº¹²³⁴-⁹]|[A-Za-z] |\. | [A-Za-z]$|than|up to|below|above"
    r"|under|over|plus|more"
)


@dataclass(frozen=True)
class NumbersFound:
    """Numbers among the distinct cells of a column.

    Attributes
    ----------
    form : how they are read, see `cells`
    words : the cells that are no numbers
    codes : the numbers that are rather words where few of them come again: 4K, and 65+ above all
    share : of the numbers among all
    units : as they are written, an empty string for none, most frequent first
    multiples : words for thousands and millions that are multiplied by
    apart : units of numbers among the words, which do not convert into that of the form
    """

    form: str
    words: tuple[str, ...]
    codes: tuple[str, ...]
    share: float
    units: tuple[str, ...]
    multiples: tuple[str, ...]
    apart: tuple[str, ...]


def find_numbers(
    levels: Sequence[str], hint: Decimal, decimal: Decimal | None = None
) -> NumbersFound:
    """Find the unit and the decimal mark that most cells speak for, and what is no number then.

    Parameters
    ----------
    levels : distinct cells, without marks that nothing is there
    hint : the decimal mark where the cells leave it open
    decimal : the mark that was chosen
    """
    mark = decimal or decimal_of(levels, hint)
    read = {level: found for level in levels if (found := parse(level, mark)) is not None}
    unit = _unit_of(list(read.values()))
    fit = {level: found for level, found in read.items() if value_of(found, unit) is not None}
    words = tuple(level for level in levels if level not in fit)
    share = 1 - len(words) / len(levels) if levels else 0.0
    return NumbersFound(
        form_of(mark, unit),
        words,
        _codes(fit),
        share,
        _written("" if _is_plain(found, unit) else found.unit for found in fit.values()),
        _written(found.unit for found in fit.values() if not unit and _is_multiple(found)),
        _written(found.unit for level, found in read.items() if level not in fit),
    )


def count_marked(cells: pd.Series[Any], levels: Sequence[str], form: str) -> tuple[int, int, str]:
    """Count cells with a bound, a flag or an uncertainty, and say where the first is.

    Returns
    -------
    how many there are, the row of the first, from 1, and its text
    """
    mark, unit = mark_and_unit(form)
    usual = plain_pattern(mark, unit)
    some = (one for one in levels if _MARKED.search(one) and not usual.fullmatch(one))
    marked = [level for level in some if _is_marked(parse(level, mark), unit)]
    if not marked:
        return 0, 0, ""
    has_mark = cells.isin(marked).to_numpy()
    first = int(has_mark.argmax())
    return int(has_mark.sum()), first + 1, str(cells.iloc[first]).strip()


def _is_marked(found: Quantity | None, unit: str) -> bool:
    if found is None or value_of(found, unit) is None:
        return False
    return bool(found.mark) or (not unit and is_flag(found) and not is_sign(found.unit))


def _written(units: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _count in Counter(units).most_common())


def _is_multiple(found: Quantity) -> bool:
    return found.unit in names_of(COUNT)


def _is_plain(found: Quantity, unit: str) -> bool:
    """Tell whether what is behind a number is no unit: thousands, or a flag."""
    return not unit and not is_sign(found.unit)


def _unit_of(found: Sequence[Quantity]) -> str:
    """Return the unit that numbers are read in; an empty string for none, or for currencies."""
    named = [one for one in found if one.unit and not is_sign(one.unit)]
    if not named:
        return ""
    counts = Counter(family for one in named for family in _families(one))
    spaced = not any(one.glued for one in named)
    best = max(counts, key=lambda family: (counts[family], (family == COUNT) != spaced))
    if best == COUNT:
        return ""
    mine = [one for one in named if best in _families(one)]
    plain = sum(not one.unit for one in found)
    letters = all(len(one.unit) == 1 and one.glued and one.whole for one in mine)
    if letters and mine[0].unit in CAPITALS and len(mine) > MOST_CODES:
        return ""
    if (best.startswith("=") or letters) and len(mine) < ENOUGH * len(found):
        return ""
    if len(mine) < plain and all(map(is_flag, mine)):
        return ""
    return shown([one.unit for one in mine])


def _families(found: Quantity) -> list[str]:
    """Return what a unit measures; one that is not known, itself."""
    known = [one.family for one in meanings(found.unit)]
    return known or [f"={found.unit.casefold().removesuffix('s')}"]


def _codes(fit: Mapping[str, Quantity]) -> tuple[str, ...]:
    """Return whole numbers that look like codes, and bounds beyond all other whole numbers."""
    if not all(found.whole for found in fit.values()):
        return ()
    inner = [one.value for one in fit.values() if one.mark != "bound"]
    low, high = min(inner, default=0.0), max(inner, default=0.0)
    return tuple(
        level
        for level, one in fit.items()
        if (one.mark == "bound" and not low < one.value < high) or _looks_like_code(one)
    )


def _looks_like_code(found: Quantity) -> bool:
    if not found.glued or not found.unit:
        return False
    known = meanings(found.unit)
    return not known or known[0].family == COUNT or found.unit in CAPITALS
