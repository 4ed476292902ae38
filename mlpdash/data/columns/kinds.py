"""What a column holds, and how its cells are to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from mlpdash.data.cells import date_text, number_text
from mlpdash.data.cells.cells import (
    Floats,
    are_words,
    is_date,
    is_number_type,
    matrix,
    numbers,
    typed,
)
from mlpdash.data.cells.row_names import is_pandas_index, name_of_first, names_rows
from mlpdash.specs.preparation import ColumnChoice

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "boolean", "category", "date", "identifier", "constant", "empty"]

FEW_VALUES: Final = 20  # so many distinct whole numbers can be classes
EXACT: Final = 2.0**53  # whole numbers beyond it are not exact as floats
BLOCK: Final = 1_000_000  # cells that are looked at together
LOOKED_AT: Final = 2_000  # distinct cells that the form is found from
ENOUGH: Final = 0.9  # share of the cells that must fit a form
WORTH_SAYING: Final = 0.5  # share from which on a person might expect numbers
GLIMPSE: Final = 20  # distinct cells that have to hold one of a form before all are looked at
COMPACT: Final = (19000101, 21001231)  # dates as one number, as which it is likely to be meant
MANY_DATES: Final = 10  # distinct ones, which other numbers hardly are by chance
ZERO_LED: Final = re.compile(r"0\d+")
GROUPED: Final = re.compile(r"[^\d]*\d{1,3}[.,]\d{3}[^\d]*")  # with one mark for both


@dataclass(frozen=True)
class Look:
    """What was found in one column.

    Attributes
    ----------
    form : how its text is to be read, see `cells`
    missing : cells that hold nothing usable, those that do not fit the form included
    unfit : cells that hold something which does not fit the form
    first : row, from 1, and text of the first of them
    infinite : cells that hold a number beyond all bounds
    unit : currency or percent sign beside the numbers
    doubts : what a person should be told: "order" (dates fit two), "zones" (moments were turned
        into UTC), "compact" (numbers like 20230105), "mixed" (numbers and text), "zeros" (leading
        ones), "units" (several), "mark" (both decimal marks fit), "decimals" (a mark was chosen
        for what are numbers already), "no date" and the like (no cell is as was chosen)
    examples : cells, or units, that the doubts are about
    """

    kind: Kind
    missing: int
    form: str = ""
    unfit: int = 0
    first: tuple[int, str] = (0, "")
    infinite: int = 0
    unit: str = ""
    doubts: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def kind_of(values: pd.Series[Any]) -> Kind:
    """Tell what a column holds."""
    return look(values, ColumnChoice(name=str(values.name)), ".").kind


def looks(
    frame: pd.DataFrame, decided: Mapping[str, ColumnChoice], decimal: number_text.Decimal
) -> dict[str, Look]:
    """Look at all columns; numbers many at a time, since there may be thousands."""
    usual = ColumnChoice(name="")
    plain = [
        str(name)
        for name, kind in frame.dtypes.items()
        if is_number_type(kind) and not _needs_cells(decided.get(str(name), usual))
    ]
    each = max(1, BLOCK // max(1, len(frame)))
    found: dict[str, Look] = {}
    for at in range(0, len(plain), each):
        names = plain[at : at + each]
        cells = matrix(frame, names)
        for n, name in enumerate(names):
            column = cells[:, n]
            absent = int(frame[name].isna().sum()) if np.isnan(column.sum()) else 0
            found[name] = _look_at_numbers(column, name, absent, decided.get(name, usual))
    return {
        name: found[name] if name in found else look(frame[name], decided.get(name, usual), decimal)
        for name in map(str, frame.columns)
    }


def _needs_cells(choice: ColumnChoice) -> bool:
    """Tell whether a choice asks for more than what numbers are."""
    return choice.kind in ("category", "date", "boolean") or choice.decimal != "auto"


def look(values: pd.Series[Any], choice: ColumnChoice, decimal: number_text.Decimal) -> Look:
    """Find the kind of a column, unless it was chosen; a choice that fits no cell is not followed.

    Parameters
    ----------
    decimal : the mark that numbers elsewhere in the table have
    """
    found = _look(values, choice, decimal)
    if found.kind == "empty" and found.unfit:
        wanted = choice.kind if choice.kind != "auto" else _kind_meant(choice)
        return _unless(wanted, values, decimal) or found
    if choice.kind == "number" and found.kind == "identifier":
        return replace(found, kind="number")
    fits = (choice.kind, "constant", "empty", *(["boolean"] if choice.kind == "number" else []))
    if choice.kind == "auto" or found.kind in fits:
        return found
    return _unless(choice.kind, values, decimal) or found


def _kind_meant(choice: ColumnChoice) -> str:
    """Return the kind that the choice of an order or of a decimal mark asks for."""
    return "date" if choice.order != "auto" else "number" if choice.decimal != "auto" else ""


def _unless(wanted: str, values: pd.Series[Any], decimal: number_text.Decimal) -> Look | None:
    """Look as if nothing was chosen, and tell that the choice fits no cell."""
    if not wanted:
        return None
    usual = _look(values, ColumnChoice(name=""), decimal)
    return replace(usual, doubts=(*usual.doubts, f"no {wanted}"))


def _look(values: pd.Series[Any], choice: ColumnChoice, decimal: number_text.Decimal) -> Look:
    if choice.kind == "category":
        return Look(*_as_category(values))
    if is_number_type(values.dtype):
        absent = int(values.isna().sum())
        if choice.kind == "date":
            return _look_by_form(values, "dates iso", [], absent, decimal)
        found = _look_at_numbers(numbers(values), str(values.name), absent, choice)
        marks = {"auto": decimal, "point": ".", "comma": ","}
        wrong = found.kind == "number" and marks[choice.decimal] != decimal
        return replace(found, doubts=(*found.doubts, "decimals")) if wrong else found
    cells = values.dropna()
    if is_date(values):
        same = cells.empty or bool((cells == cells.iloc[0]).all())
        kind: Kind = "empty" if cells.empty else "constant" if same else "date"
        return Look(kind, len(values) - len(cells))
    return _look_at_cells(values, cells, choice, decimal)


def _as_category(values: pd.Series[Any]) -> tuple[Kind, int]:
    gaps = int(values.isna().sum())
    distinct = values.nunique()
    return ("empty" if distinct == 0 else "constant" if distinct == 1 else "category"), gaps


def _look_at_numbers(found: Floats, name: str, absent: int, choice: ColumnChoice) -> Look:
    """Look at cells, (rows,), of which `absent` are empty and other NaN were too large."""
    present = found[~np.isnan(found)] if np.isnan(found.sum()) else found
    kind = _kind_of_numbers(present, name)
    if choice.kind in ("number", "boolean") and kind == "identifier":
        kind = "number"
    missing = len(found) - len(present)
    doubts = ("compact",) if kind != "constant" and _are_compact_dates(present) else ()
    return Look(kind, missing, infinite=missing - absent, doubts=doubts)


def _are_compact_dates(present: Floats) -> bool:
    """Tell whether all of many numbers are like 20230105."""
    if len(present) == 0 or not COMPACT[0] <= present[0] <= COMPACT[1]:
        return False
    if not COMPACT[0] <= present.min() <= present.max() <= COMPACT[1]:
        return False
    some = np.unique(present[: 10 * LOOKED_AT])
    return len(some) >= MANY_DATES and not bool(np.isnat(date_text.moments_of(some)).any())


def _kind_of_numbers(present: Floats, name: str) -> Kind:
    if len(present) == 0:
        return "empty"
    low, high = float(present.min()), float(present.max())
    if max(-low, high) > EXACT and bool((present % 1 == 0).all()):
        return "identifier"  # also where different numbers are the same as floats
    if low == high:
        return "constant"
    if low == 0 and high == 1 and bool(((present == 0) | (present == 1)).all()):
        return "boolean"
    return "identifier" if _is_index(present, name) else "number"


def _is_index(present: Floats, name: str) -> bool:
    """Tell whether whole numbers, all different, are called like an index, or like nothing."""
    if present[0] % 1:
        return False
    from_pandas = is_pandas_index(name)
    named = from_pandas or names_rows(name)
    if not named and name.strip() != name_of_first():
        return False
    whole = bool((present % 1 == 0).all())
    unique = whole and len(np.unique(present)) == len(present)
    consecutive = present.max() - present.min() == len(present) - 1
    return (whole and from_pandas) or (unique and (named or bool(consecutive)))


def _look_at_cells(
    values: pd.Series[Any],
    cells: pd.Series[Any],
    choice: ColumnChoice,
    decimal: number_text.Decimal,
) -> Look:
    missing = len(values) - len(cells)
    if cells.empty:
        return Look("empty", missing)
    if _is_boolean(cells):
        return Look("constant" if cells.nunique() == 1 else "boolean", missing)
    levels = [str(level) for level in cells.unique()]
    if len(levels) == 1:
        return Look("constant", missing)
    form = _chosen_form(levels, choice, decimal) or _form(levels, decimal)
    if form:
        return _look_by_form(values, form, levels, missing, decimal)
    digits = all(level.isdecimal() for level in levels)
    zeros = digits and any(map(ZERO_LED.fullmatch, levels))
    long = digits and not zeros and _are_long(levels)
    unique = long or len(levels) > max(FEW_VALUES, ENOUGH * len(cells))
    numeric = 0.0 if digits else _share_of_numbers(levels[:LOOKED_AT], decimal)
    mixed = WORTH_SAYING <= numeric < ENOUGH
    doubts = ("mixed",) if mixed else ("zeros",) if zeros else ()
    return Look("identifier" if unique else "category", missing, doubts=doubts)


def _is_boolean(present: pd.Series[Any]) -> bool:
    """Booleans with missing cells come as objects."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(present):
        return True
    return present.dtype == object and all(isinstance(v, bool | np.bool_) for v in present)


def _chosen_form(levels: list[str], choice: ColumnChoice, decimal: number_text.Decimal) -> str:
    """Return the form that the person's choice of a kind asks for."""
    some = levels[:LOOKED_AT]
    if choice.kind == "boolean":
        return "words"
    if choice.kind == "date" or choice.order != "auto":
        order, _open = date_text.order_of(some)
        if choice.order != "auto" and order != "iso":
            order = "dmy" if choice.order == "day first" else "mdy"
        return f"dates {order}"
    if choice.kind == "number" or choice.decimal != "auto":
        marks: dict[str, number_text.Decimal] = {"point": ".", "comma": ","}
        return f"decimal {marks.get(choice.decimal) or number_text.decimal_of(some, decimal)}"
    return ""


def _form(levels: list[str], decimal: number_text.Decimal) -> str:
    """Return the form that fits the cells, or an empty string for plain text."""
    if are_words(levels):
        return "words"
    some = levels[:LOOKED_AT]
    if _most(some, date_text.looks_like_date) and not date_text.are_codes(some):
        order = date_text.order_of(some)[0]
        possible = sum(date_text.parse(level, order) is not None for level in some)
        return f"dates {order}" if possible >= WORTH_SAYING * len(some) else ""
    if _most(some, date_text.looks_like_time):
        return "hours"
    if date_text.are_months(some):
        return "dates iso"
    if any(map(ZERO_LED.fullmatch, some)) or _are_long(some):
        return ""
    if _share_of_numbers(some, decimal) >= ENOUGH:
        return f"decimal {number_text.decimal_of(some, decimal)}"
    return ""


def _most(levels: list[str], fits: Callable[[str], bool]) -> bool:
    """Tell whether most levels fit; where none of some does, the others are not looked at."""
    some = levels[:: max(1, len(levels) // GLIMPSE)]
    return any(map(fits, some)) and sum(map(fits, levels)) >= ENOUGH * len(levels)


def _are_long(levels: list[str]) -> bool:
    return any(level.isdecimal() and len(level) > 15 and int(level) > EXACT for level in levels)


def _share_of_numbers(levels: list[str], decimal: number_text.Decimal) -> float:
    mark = number_text.decimal_of(levels, decimal)
    return sum(number_text.parse(level, mark) is not None for level in levels) / len(levels)


def _look_by_form(
    values: pd.Series[Any], form: str, levels: list[str], missing: int, decimal: number_text.Decimal
) -> Look:
    read = typed(values, form)
    gone = read.isna().to_numpy()
    unfit = gone & values.notna().to_numpy()
    count = int(unfit.sum())
    row = int(unfit.argmax()) if count else -1
    present = read[~gone]
    kind: Kind = "date" if form.startswith("dates") else "boolean" if form == "words" else "number"
    if present.empty or present.nunique() == 1:
        kind = "empty" if present.empty else "constant"
    elif kind == "number":
        kind = _kind_of_numbers(present.to_numpy(), str(values.name))
    some = levels[:LOOKED_AT]
    units = _units(some) if form.startswith("decimal") else []
    doubts, examples = _doubts_about(some, form, units)
    return Look(
        kind,
        missing + count,
        form,
        unfit=count,
        first=(row + 1, str(values.iloc[row])) if count else (0, ""),
        unit=units[0] if len(units) == 1 and kind == "number" else "",
        doubts=doubts,
        examples=examples,
    )


def _doubts_about(
    levels: list[str], form: str, units: list[str]
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
    if len(signs) > 1 or (signs == ["%"] and len(units) > 1):
        return ("units",), tuple(units)
    if number_text.is_open(levels):
        return ("mark",), tuple(level for level in levels if GROUPED.fullmatch(level))[:1]
    return (), ()


def _units(levels: list[str]) -> list[str]:
    """Return the units that numbers have, an empty string for none."""
    read = (level for level in levels if any(c.isdecimal() for c in level))
    return sorted({number_text.unit_of(level) for level in read}, reverse=True)
