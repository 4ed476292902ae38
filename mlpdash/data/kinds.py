"""What a column holds, and how its cells are to be read."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from mlpdash.data import calendar_dates, numerals
from mlpdash.data.cells import Floats, are_words, is_date, is_number_type, matrix, numbers, typed
from mlpdash.table_specs import ColumnChoice
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "boolean", "category", "date", "identifier", "constant", "empty"]

INDEX_NAMES: Final = ("id", "index", "row", "rowid", "row_id", "no", "nr", "unnamed: 0", "uuid")
ENDS_IN_ID: Final = re.compile(r".*([ _.-](id|uuid|guid|no|nr)|[a-z](ID|Id))")
FEW_VALUES: Final = 20  # so many distinct whole numbers can be classes
EXACT: Final = 2.0**53  # whole numbers beyond it are not exact as floats
BLOCK: Final = 1_000_000  # cells that are looked at together
LOOKED_AT: Final = 2_000  # distinct cells that the form is found from
ENOUGH: Final = 0.9  # share of the cells that must fit a form
WORTH_SAYING: Final = 0.5  # share from which on a person might expect numbers
ZERO_LED: Final = re.compile(r"0\d+")


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
    doubt : the other order that dates could have, or that numbers are mixed with text
    """

    kind: Kind
    missing: int
    form: str = ""
    unfit: int = 0
    first: tuple[int, str] = (0, "")
    infinite: int = 0
    unit: str = ""
    doubt: str = ""


def kind_of(values: pd.Series[Any]) -> Kind:
    """Tell what a column holds."""
    return look(values, ColumnChoice(name=str(values.name)), ".").kind


def looks(
    frame: pd.DataFrame, decided: Mapping[str, ColumnChoice], decimal: numerals.Decimal
) -> dict[str, Look]:
    """Look at all columns; numbers many at a time, since there may be thousands."""
    usual = ColumnChoice(name="")
    plain = [
        str(name)
        for name, kind in frame.dtypes.items()
        if is_number_type(kind) and decided.get(str(name), usual).kind != "category"
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


def look(values: pd.Series[Any], choice: ColumnChoice, decimal: numerals.Decimal) -> Look:
    """Find the kind of a column, unless it was chosen.

    Parameters
    ----------
    decimal : the mark that numbers elsewhere in the table have
    """
    if choice.kind == "category":
        return Look(*_as_category(values))
    if is_number_type(values.dtype):
        absent = int(values.isna().sum())
        return _look_at_numbers(numbers(values), str(values.name), absent, choice)
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
    return Look(kind, missing, infinite=missing - absent)


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


@functools.cache
def _name_of_first() -> str:
    """Return what a first column without a name is called."""
    return _("column {n}").format(n=1)


def _is_index(present: Floats, name: str) -> bool:
    """Tell whether whole numbers, all different, are called like an index, or like nothing."""
    name = name.strip()
    named = name.lower() in INDEX_NAMES or ENDS_IN_ID.fullmatch(name) is not None
    if not named and name != _name_of_first():
        return False
    whole = bool((present % 1 == 0).all())
    unique = whole and len(np.unique(present)) == len(present)
    consecutive = present.max() - present.min() == len(present) - 1
    return unique and (named or bool(consecutive))


def _look_at_cells(
    values: pd.Series[Any], cells: pd.Series[Any], choice: ColumnChoice, decimal: numerals.Decimal
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
        return _look_by_form(values, form, levels, missing)
    digits = all(level.isdecimal() for level in levels)
    zeros = digits and any(map(ZERO_LED.fullmatch, levels))
    long = digits and not zeros and _are_long(levels)
    unique = long or len(levels) > max(FEW_VALUES, ENOUGH * len(cells))
    numeric = 0.0 if digits else _share_of_numbers(levels[:LOOKED_AT], decimal)
    doubt = "mixed" if WORTH_SAYING <= numeric < ENOUGH else "zeros" if zeros else ""
    return Look("identifier" if unique else "category", missing, doubt=doubt)


def _is_boolean(present: pd.Series[Any]) -> bool:
    """Booleans with missing cells come as objects."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(present):
        return True
    return present.dtype == object and all(isinstance(v, bool | np.bool_) for v in present)


def _chosen_form(levels: list[str], choice: ColumnChoice, decimal: numerals.Decimal) -> str:
    """Return the form that the person's choice of a kind asks for."""
    some = levels[:LOOKED_AT]
    if choice.kind == "boolean":
        return "words"
    if choice.kind == "date" or choice.order != "auto":
        order, _open = calendar_dates.order_of(some)
        if choice.order != "auto" and order != "iso":
            order = "dmy" if choice.order == "day first" else "mdy"
        return f"dates {order}"
    if choice.kind == "number" or choice.decimal != "auto":
        marks: dict[str, numerals.Decimal] = {"point": ".", "comma": ","}
        return f"decimal {marks.get(choice.decimal) or numerals.decimal_of(some, decimal)}"
    return ""


def _form(levels: list[str], decimal: numerals.Decimal) -> str:
    """Return the form that fits the cells, or an empty string for plain text."""
    if are_words(levels):
        return "words"
    some = levels[:LOOKED_AT]
    if sum(map(calendar_dates.looks_like_date, some)) >= ENOUGH * len(some):
        return f"dates {calendar_dates.order_of(some)[0]}"
    if any(map(ZERO_LED.fullmatch, some)) or _are_long(some):
        return ""
    if _share_of_numbers(some, decimal) >= ENOUGH:
        return f"decimal {numerals.decimal_of(some, decimal)}"
    return ""


def _are_long(levels: list[str]) -> bool:
    return any(level.isdecimal() and len(level) > 15 and int(level) > EXACT for level in levels)


def _share_of_numbers(levels: list[str], decimal: numerals.Decimal) -> float:
    mark = numerals.decimal_of(levels, decimal)
    return sum(numerals.parse(level, mark) is not None for level in levels) / len(levels)


def _look_by_form(values: pd.Series[Any], form: str, levels: list[str], missing: int) -> Look:
    read = typed(values, form)
    gone = read.isna().to_numpy()
    unfit = gone & values.notna().to_numpy()
    count = int(unfit.sum())
    row = int(unfit.argmax()) if count else -1
    present = read[~gone]
    kind: Kind = "date" if form.startswith("dates") else "boolean" if form == "words" else "number"
    if present.empty or present.nunique() == 1:
        kind = "empty" if present.empty else "constant"
    elif kind == "number" and _kind_of_numbers(present.to_numpy(), str(values.name)) != "number":
        kind = _kind_of_numbers(present.to_numpy(), str(values.name))
    return Look(
        kind,
        missing + count,
        form,
        unfit=count,
        first=(row + 1, str(values.iloc[row])) if count else (0, ""),
        unit=_shared_unit(levels) if kind == "number" else "",
        doubt="order" if kind == "date" and _order_is_open(levels, form) else "",
    )


def _shared_unit(levels: list[str]) -> str:
    units = {numerals.unit_of(level) for level in levels[:LOOKED_AT]}
    return units.pop() if len(units) == 1 else ""


def _order_is_open(levels: list[str], form: str) -> bool:
    return form != "dates iso" and calendar_dates.order_of(levels[:LOOKED_AT])[1]
