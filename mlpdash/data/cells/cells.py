"""Cells of a column as numbers, as text or as moments.

A `form` says how text is to be read: "" leaves it as text, "decimal ." and "decimal ," read
numbers, "decimal . kg" reads them in that unit, "words" reads yes and no, "flag" reads a tick or
nothing ("flag words" keeps the tick), "hours" reads times of day, "dates iso", "dates dmy" and
"dates mdy" read dates, and numbers such as 20230105 as dates, "dates period" and the like read
quarters, months and weeks. It is kept with what was fitted, so that another table's cells are read
in the same way.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells import date_text, period_text, quantity_text
from mlpdash.data.cells.flags import ticked, ticked_in_words
from mlpdash.data.cells.number_text import Decimal
from mlpdash.data.cells.yes_no import truth_of

if TYPE_CHECKING:
    import pandas as pd

HUGE: Final = 1e30  # squares of inputs beyond it do not fit in float32; scaled ones are clipped
LARGEST: Final = 1e37  # ten times that does not fit in float32, as pictures are sent; it is missing
MANY_COLUMNS: Final = 64  # columns from which on they are taken together
FEW_DATES: Final = 1_000  # distinct ones, more of which are not read one by one where possible
MOST_DATE_FORMATS: Final = 3  # of writing dates in one column that are tried
EARLIEST: Final = np.datetime64("1678-01-01")  # what fits in ns
LATEST: Final = np.datetime64("2262-01-01")

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]


def is_number(values: pd.Series[Any]) -> bool:
    """Tell whether pandas holds the column as numbers or booleans."""
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(values))


@functools.lru_cache(maxsize=256)  # asked for each of thousands of columns
def is_number_type(kind: Any) -> bool:
    """Tell whether pandas' type of a column is one of numbers, not of booleans."""
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind))


def is_date(values: pd.Series[Any]) -> bool:
    """Tell whether pandas holds the column as moments."""
    import pandas as pd

    return bool(pd.api.types.is_datetime64_any_dtype(values))


def missing(values: pd.Series[Any]) -> NDArray[np.bool_]:
    """Tell which cells hold nothing that can be used, infinite numbers included."""
    if is_number(values):
        return np.isnan(numbers(values))
    return values.isna().to_numpy(dtype=bool)


def numbers(values: pd.Series[Any], form: str = "") -> Floats:
    """Return the cells as numbers, (rows,), NaN where missing or no number.

    Raises
    ------
    ValueError, TypeError : there is text, and no form says how to read it
    """
    if form == "flag":
        return ticked(values)
    if form and not is_number(values):
        if form == "words":
            found = _each(values, truth_of)
        elif form == "hours":
            found = _each(values, date_text.hours_of)
        else:
            decimal, unit = mark_and_unit(form)
            found = _each(values, lambda text: quantity_text.value_in(text, decimal, unit))
    else:
        found = values.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    with np.errstate(invalid="ignore"):
        found[~(np.abs(found) <= LARGEST)] = np.nan
    return found


def form_of(decimal: Decimal, unit: str = "") -> str:
    """Return the form of numbers with a decimal mark and perhaps a unit."""
    return f"decimal {decimal} {unit}".rstrip()


def mark_and_unit(form: str) -> tuple[Decimal, str]:
    """Return the decimal mark and the unit of the form of numbers, see `form_of`."""
    mark, _space, unit = form.removeprefix("decimal ").partition(" ")
    return "," if mark == "," else ".", unit


def matrix(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return columns that pandas holds as numbers, (rows, names), NaN where missing."""
    if len(names) > MANY_COLUMNS:  # thousands of columns one by one would take long
        found = frame[list(names)].to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        found = np.asfortranarray(found)
    else:
        found = np.empty((len(frame), len(names)), order="F")
        for n, name in enumerate(names):
            found[:, n] = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    for n in np.flatnonzero(~usable(found)).tolist():
        with np.errstate(invalid="ignore"):
            found[~(np.abs(found[:, n]) <= LARGEST), n] = np.nan
    return found


def usable(found: Floats) -> NDArray[np.bool_]:
    """Tell which columns of (rows, columns) have neither gaps nor numbers that are too large."""
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (found.min(axis=0, initial=0) >= -LARGEST) & (found.max(axis=0, initial=0) <= LARGEST)
        )


def texts(values: pd.Series[Any]) -> NDArray[np.object_]:
    """Return the cells as text, (rows,), None where missing; whole numbers without a point."""
    import pandas as pd

    found = np.full(len(values), None, dtype=object)
    present = ~missing(values)
    if is_number(values) and not pd.api.types.is_bool_dtype(values):
        found[present] = [
            f"{v:.0f}" if v.is_integer() else repr(v) for v in numbers(values)[present].tolist()
        ]
    elif values.dtype == "str":
        codes, levels = _levels(values)
        return np.array([*(level.strip() for level in levels), None], dtype=object)[codes]
    else:
        found[present] = [str(v).strip() for v in values[present]]
    return found


def dates(values: pd.Series[Any], form: str = "dates iso") -> Times:
    """Return the cells as moments, (rows,) datetime64[ns] in UTC, NaT where missing."""
    import pandas as pd

    found: Times
    if is_number(values):
        found = date_text.moments_of(numbers(values))
    elif is_date(values):
        found = _in_utc(pd.to_datetime(values, utc=True))
    else:
        codes, levels = _levels(values)
        made = _moments_of(levels, form.removeprefix("dates "))
        found = np.append(made, np.datetime64("NaT", "us"))[codes]
    with np.errstate(invalid="ignore"):
        found[~((found >= EARLIEST) & (found < LATEST))] = np.datetime64("NaT")
    return found.astype("datetime64[ns]")


def _moments_of(levels: list[str], order: str) -> Times:
    """Return the moments of distinct cells, (levels,) datetime64[us]."""
    import pandas as pd

    if order.startswith("period"):
        each = [period_text.parse(level, order) for level in levels]
        return np.array(each, dtype="datetime64[us]")
    read = _iso_dates if order == "iso" else _written_dates
    return read(pd.Series(levels, dtype="str"), order)  # type: ignore[arg-type]


def _in_utc(moments: pd.Series[Any]) -> Times:
    return np.array(moments.dt.tz_localize(None), dtype="datetime64[us]")


def _iso_dates(levels: pd.Series[str], order: date_text.Order) -> Times:
    """Read ISO all at once, then what is left: 2024-01-05 3:04 PM, and seconds since 1970."""
    import pandas as pd

    cells = _with_hyphens(levels.str.strip())
    found = _in_utc(pd.to_datetime(cells, format="ISO8601", errors="coerce", utc=True))
    left = np.isnat(found)
    if left.any():
        as_numbers = pd.to_numeric(levels[left], errors="coerce").to_numpy(np.float64)
        moments = date_text.moments_of(as_numbers)
        is_text = np.isnan(as_numbers)
        moments[is_text] = _written_dates(levels[left][is_text], order)
        found[left] = moments
    return found


def _with_hyphens(cells: pd.Series[str]) -> pd.Series[str]:
    """Write dates such as 2024/1/5 as 2024-01-05; only such, since Python's pace is slow."""
    other = cells.str.contains(r"^\d{4}[/.]\d+[/.]|-\d(?:-|$|[ T])")
    if not other.any():
        return cells
    made = cells[other].str.replace(r"^(\d{4})[/.](\d+)[/.]", r"\1-\2-", regex=True)
    return cells.where(~other, made.str.replace(r"-(\d)(?=-|$|[ T])", r"-0\1", regex=True))


def _written_dates(levels: pd.Series[str], order: date_text.Order) -> Times:
    """Read many dates that are written alike at once, then the others one by one."""
    import pandas as pd

    texts = levels.reset_index(drop=True)
    found = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    left = np.arange(len(texts))
    for _way in range(MOST_DATE_FORMATS):
        form = date_text.format_of(texts[left[0]], order) if len(left) > FEW_DATES else ""
        if not form:
            break
        read = pd.to_datetime(texts[left], format=form, errors="coerce")
        found[left] = read.to_numpy(dtype="datetime64[us]")
        left = left[np.isnat(found[left])]
    each = [date_text.parse(text, order) for text in texts[left]]
    found[left] = np.array(each, dtype="datetime64[us]")
    return found


def typed(values: pd.Series[Any], form: str) -> pd.Series[Any]:
    """Return the column as numbers or moments, as `form` says; unchanged where it is empty."""
    import pandas as pd

    if form == "flag words":
        return ticked_in_words(values)
    is_read = is_number(values) and not form.startswith(("dates", "flag"))
    if not form or is_date(values) or is_read:
        return values
    made = dates(values, form) if form.startswith("dates") else numbers(values, form)
    return pd.Series(made, index=values.index, name=values.name)


def _each(values: pd.Series[Any], read: Callable[[str], float | None]) -> Floats:
    """Read each distinct cell once; (rows,), NaN where `read` finds nothing."""
    codes, levels = _levels(values)
    each = [found if (found := read(level)) is not None else np.nan for level in levels]
    return np.array([*each, np.nan])[codes]


def _levels(values: pd.Series[Any]) -> tuple[NDArray[np.int64], list[str]]:
    """Return the code of each cell, -1 where missing, and the distinct cells as text."""
    import pandas as pd

    codes, levels = pd.factorize(values)
    return codes, [str(level) for level in levels.tolist()]  # one by one out of Arrow is slow
