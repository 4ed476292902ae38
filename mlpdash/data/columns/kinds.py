"""What a column holds, and how its cells are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.data.cells import number_text, period_text
from mlpdash.data.cells.cells import (
    is_date,
    is_number_type,
    mark_and_unit,
    matrix,
    numbers,
    typed,
)
from mlpdash.data.cells.entity_names import names_entities, names_places
from mlpdash.data.cells.flags import are_ticks
from mlpdash.data.cells.quantity_text import unguarded
from mlpdash.data.cells.ranges import is_range
from mlpdash.data.cells.row_names import answers
from mlpdash.data.columns.measures import NumbersFound, count_marked
from mlpdash.data.columns.number_kinds import (
    codes_among,
    kind_of_numbers,
    number_rows_in,
    profile_numbers,
)
from mlpdash.data.columns.profile import ColumnProfile, Kind
from mlpdash.data.columns.row_numbers import (
    is_nameless,
)
from mlpdash.data.columns.text_forms import (
    ENOUGH,
    FEW_LEVELS,
    LOOKED_AT,
    MIXED_FROM,
    ZERO_LED,
    are_codes,
    are_lettered,
    chosen_form,
    doubts_about,
    find_form,
    have_signs,
    numbers_among,
)
from mlpdash.specs.preparation import ColumnChoice

if TYPE_CHECKING:
    import pandas as pd


FEW_VALUES: Final = 20  # distinct cells; so few do not name the rows
FEWEST_NAMES: Final = 8  # different words that name the rows, and are levels of nothing
BLOCK: Final = 1_000_000  # cells that are looked at together


def profile_columns(
    frame: pd.DataFrame, decided: Mapping[str, ColumnChoice], decimal: number_text.Decimal
) -> dict[str, ColumnProfile]:
    """Profile all columns; numbers many at a time, since there may be thousands."""
    usual = ColumnChoice(name="")
    plain = [
        str(name)
        for name, kind in frame.dtypes.items()
        if is_number_type(kind) and not _needs_cells(decided.get(str(name), usual))
    ]
    not_rows = answers(map(str, frame.columns))
    whole = {str(name) for name, kind in frame.dtypes.items() if kind.kind in "iu"}
    each = max(1, BLOCK // max(1, len(frame)))
    found: dict[str, ColumnProfile] = {}
    for at in range(0, len(plain), each):
        names = plain[at : at + each]
        cells = matrix(frame, names)
        for n, name in enumerate(names):
            column = cells[:, n]
            absent = int(frame[name].isna().sum()) if np.isnan(column.sum()) else 0
            called = "" if name in not_rows else name
            choice = decided.get(name, usual)
            found[name] = profile_numbers(column, called, absent, choice, exact=name in whole)
    number_rows_in(frame, found, decided)
    return {
        name: found[name]
        if name in found
        else profile_column(
            frame[name].rename("") if name in not_rows else frame[name],
            decided.get(name, usual),
            decimal,
        )
        for name in map(str, frame.columns)
    }


def _needs_cells(choice: ColumnChoice) -> bool:
    """Tell whether a choice asks for more than what numbers are."""
    return choice.kind in ("category", "date", "boolean") or choice.decimal != "auto"


def profile_column(
    values: pd.Series[Any], choice: ColumnChoice, decimal: number_text.Decimal
) -> ColumnProfile:
    """Find the kind of a column, unless it was chosen; a choice that fits no cell is not followed.

    Parameters
    ----------
    decimal : the mark that numbers elsewhere in the table have
    """
    found = _profile(values, choice, decimal)
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


def _unless(
    wanted: str, values: pd.Series[Any], decimal: number_text.Decimal
) -> ColumnProfile | None:
    """Profile as if nothing was chosen, and tell that the choice fits no cell."""
    if not wanted:
        return None
    usual = _profile(values, ColumnChoice(name=""), decimal)
    return replace(usual, doubts=(*usual.doubts, f"no {wanted}"))


def _profile(
    values: pd.Series[Any], choice: ColumnChoice, decimal: number_text.Decimal
) -> ColumnProfile:
    if choice.kind == "category":
        return ColumnProfile(*_as_category(values))
    if is_number_type(values.dtype):
        absent = int(values.isna().sum())
        if choice.kind == "date":
            return _profile_by_form(values, "dates iso", [], absent)
        exact = values.dtype.kind in "iu"
        found = profile_numbers(numbers(values), str(values.name), absent, choice, exact=exact)
        marks = {"auto": decimal, "point": ".", "comma": ","}
        wrong = found.kind == "number" and marks[choice.decimal] != decimal
        return replace(found, doubts=(*found.doubts, "decimals")) if wrong else found
    cells = values.dropna()
    if is_date(values):
        same = cells.empty or bool((cells == cells.iloc[0]).all())
        kind: Kind = "empty" if cells.empty else "constant" if same else "date"
        return ColumnProfile(kind, len(values) - len(cells))
    return _profile_cells(values, cells, choice, decimal)


def _as_category(values: pd.Series[Any]) -> tuple[Kind, int]:
    gaps = int(values.isna().sum())
    distinct = values.nunique()
    return ("empty" if distinct == 0 else "constant" if distinct == 1 else "category"), gaps


def _profile_cells(
    values: pd.Series[Any],
    cells: pd.Series[Any],
    choice: ColumnChoice,
    decimal: number_text.Decimal,
) -> ColumnProfile:
    missing = len(values) - len(cells)
    if cells.empty:
        return ColumnProfile("empty", missing)
    if _is_boolean(cells) and cells.nunique() > 1:
        return ColumnProfile("boolean", missing)
    levels = [str(level) for level in cells.unique()]
    if are_ticks(levels, len(cells), missing):
        return ColumnProfile("boolean", 0, "flag")
    if len(levels) == 1:
        return ColumnProfile("constant", missing)
    form = chosen_form(levels, choice, decimal) or find_form(levels)
    if form:
        return _profile_by_form(values, form, levels, missing)
    return _profile_text(values, cells, levels, decimal)


def _profile_text(
    values: pd.Series[Any],
    cells: pd.Series[Any],
    levels: list[str],
    decimal: number_text.Decimal,
) -> ColumnProfile:
    """Profile cells that are numbers, categories or names; `docs/tables.md` tells the rules."""
    missing, some = len(values) - len(cells), levels[:LOOKED_AT]
    if _name_rows(levels, cells) and period_text.are_seasons(some):
        return _profile_by_form(values, period_text.SEASONS, levels, missing)
    read = numbers_among(some, decimal)
    words, share, codes = [*read.words, *read.codes], read.share, are_codes(some)
    if not codes and share >= MIXED_FROM and not _names_categories(words, levels, cells):
        found = _profile_by_form(values, read.form, levels, missing, read)
        if share >= ENOUGH:
            return found
        if read.apart and mark_and_unit(read.form)[1]:
            return replace(found, doubts=("apart", *found.doubts), apart=read.apart)
        return replace(found, doubts=("asked", *found.doubts))
    levels = [unguarded(level) for level in levels]
    share -= len(read.codes) / max(1, len(some))
    digits = all(level.isdecimal() for level in levels)
    zeros = digits and any(map(ZERO_LED.fullmatch, levels))
    doubts = ("zeros",) if zeros else ("mixed",) if share >= MIXED_FROM and not digits else ()
    are_names = len(levels) == len(cells) and (
        is_nameless(str(values.name))
        or (len(levels) >= FEWEST_NAMES and not all(map(is_range, levels)))
    )
    is_category = _names_categories(words, levels, cells) or not _name_rows(levels, cells)
    is_category = is_category and not are_names
    long = digits and codes and not zeros
    kind: Kind = "category" if is_category and not long else "identifier"
    return ColumnProfile(kind, missing, doubts=doubts)


def _names_categories(words: list[str], levels: list[str], cells: pd.Series[Any]) -> bool:
    """Tell whether there are few distinct cells, of which a word comes twice or more.

    Of numbers of things, such as 100 and 100a, there may be many, each once if called so.
    """
    many = len(levels) > FEW_LEVELS
    if many and are_lettered(levels[:LOOKED_AT], words) and _is_called_a_thing(cells):
        return True
    if many and (_name_rows(levels, cells) or not are_lettered(levels[:LOOKED_AT], words)):
        return False
    parts = (cells.iloc[:LOOKED_AT], cells)  # the first cells mostly tell
    return any(part[part.isin(words)].duplicated().any() for part in parts)


def _is_called_a_thing(cells: pd.Series[Any]) -> bool:
    name = str(cells.name)
    return names_entities(name) or names_places(name)


def _name_rows(levels: list[str], cells: pd.Series[Any]) -> bool:
    """Tell whether nearly all cells differ."""
    return len(levels) > max(FEW_VALUES, ENOUGH * len(cells))


def _is_boolean(present: pd.Series[Any]) -> bool:
    """Tell whether cells are booleans, which with missing cells come as objects."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(present):
        return True
    return present.dtype == object and all(isinstance(v, bool | np.bool_) for v in present)


def _profile_by_form(
    values: pd.Series[Any],
    form: str,
    levels: list[str],
    missing: int,
    said: NumbersFound | None = None,
) -> ColumnProfile:
    """Profile cells that are read by a form; `said` are the numbers among them if known."""
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
        kind = kind_of_numbers(present.to_numpy(), str(values.name))
    some = levels[:LOOKED_AT]
    if said is None and form.startswith("decimal"):
        said = numbers_among(some, mark_and_unit(form)[0])
    units = said.units if said else ()
    doubts, examples = doubts_about(some, form, sorted(units, reverse=True))
    return ColumnProfile(
        kind,
        missing + count,
        form,
        unfit=count,
        first=(row + 1, str(values.iloc[row])) if count else (0, ""),
        unit=_unit(form, units) if kind == "number" else "",
        has_signs=said is not None and have_signs(some, form),
        doubts=doubts,
        examples=examples,
        units=units,
        multiples=said.multiples if said else (),
        marked=count_marked(values, levels, form) if said else (0, 0, ""),
        codes=codes_among(present.to_numpy()) if kind == "number" else (),
    )


def _unit(form: str, units: Sequence[str]) -> str:
    """Return the unit of numbers: what they are read in, or the one currency or percent sign."""
    signs = [unit for unit in units if unit]
    if signs == ["%"] and len(units) > 1:
        return ""
    return mark_and_unit(form)[1] or (signs[0] if len(signs) == 1 else "")
