"""What columns of plain numbers are: measurements, codes, yes and no, or the numbers of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from mlpdash.data.cells import date_text
from mlpdash.data.cells.cells import Floats, numbers
from mlpdash.data.cells.entity_names import called_codes, names_entities
from mlpdash.data.cells.row_names import is_pandas_index
from mlpdash.data.columns.likely_codes import likely_codes
from mlpdash.data.columns.long_numbers import EXACT, are_long_codes
from mlpdash.data.columns.profile import ColumnProfile, Kind
from mlpdash.data.columns.row_numbers import (
    are_years,
    called_like_things,
    count_things,
    nobody_named,
    number_the_rows,
)
from mlpdash.data.columns.text_forms import LOOKED_AT
from mlpdash.specs.preparation import ColumnChoice

if TYPE_CHECKING:
    import pandas as pd

COMPACT_DATES: Final = (19000101, 21001231)  # numbers within are likely to be meant as dates
MANY_DATES: Final = 10  # distinct ones, which other numbers hardly are by chance


def number_rows_in(
    frame: pd.DataFrame, found: dict[str, ColumnProfile], decided: Mapping[str, ColumnChoice]
) -> None:
    """Decide whether first columns that nobody named, and counts of things, number the rows."""
    names = list(map(str, frame.columns))
    unnamed = set(nobody_named(names))
    for name in (*unnamed, *called_like_things(names)):
        profile = found.get(name)
        if profile is None or profile.kind not in ("number", "identifier") or profile.doubts:
            continue
        if name in decided and decided[name].kind != "auto":
            continue
        cells = numbers(frame[name])
        present = cells[~np.isnan(cells)]
        if len(present) == 0 or np.abs(present).max() > EXACT:
            continue
        is_index = (
            number_the_rows(present, name, names)
            if name in unnamed
            else count_things(present, name) or profile.kind == "identifier"
        )
        found[name] = replace(profile, kind="identifier" if is_index else "number")


def profile_numbers(
    found: Floats, name: str, absent: int, choice: ColumnChoice, *, exact: bool
) -> ColumnProfile:
    """Profile cells, (rows,), of which `absent` are empty and other NaN were too large."""
    present = found[~np.isnan(found)] if np.isnan(found.sum()) else found
    kind = kind_of_numbers(present, name, exact=exact)
    if choice.kind in ("number", "boolean") and kind == "identifier":
        kind = "number"
    missing = len(found) - len(present)
    if kind == "constant" and present[0] == 1 and 0 < missing == absent:
        return ColumnProfile("boolean", 0, "flag")
    if kind == "number" and choice.kind == "auto" and called_codes(name) and _are_whole(present):
        return ColumnProfile("category", absent, infinite=missing - absent, doubts=("code",))
    doubts = ("compact",) if kind != "constant" and _are_compact_dates(present) else ()
    codes = codes_among(present) if kind == "number" and not doubts else ()
    return ColumnProfile(kind, missing, infinite=missing - absent, doubts=doubts, codes=codes)


def _are_whole(present: Floats) -> bool:
    return bool((present % 1 == 0).all())


def codes_among(present: Floats) -> tuple[str, ...]:
    return tuple(f"{v:.0f}" if v.is_integer() else repr(v) for v in likely_codes(present))


def _are_compact_dates(present: Floats) -> bool:
    """Tell whether all of many numbers are like 20230105."""
    if len(present) == 0 or not COMPACT_DATES[0] <= present[0] <= COMPACT_DATES[1]:
        return False
    if not COMPACT_DATES[0] <= present.min() <= present.max() <= COMPACT_DATES[1]:
        return False
    some = np.unique(present[: 10 * LOOKED_AT])
    return len(some) >= MANY_DATES and not bool(np.isnat(date_text.moments_of(some)).any())


def kind_of_numbers(present: Floats, name: str, *, exact: bool = False) -> Kind:
    if len(present) == 0:
        return "empty"
    low, high = float(present.min()), float(present.max())
    if are_long_codes(present, low, high, exact=exact):
        return "identifier"  # also where different numbers are the same as floats
    if low == high:
        return "constant"
    if low == 0 and high == 1 and bool(((present == 0) | (present == 1)).all()):
        return "boolean"
    return "identifier" if _is_index(present, name) else "number"


def _is_index(present: Floats, name: str) -> bool:
    """Tell whether whole numbers, all different, are called like an index."""
    from_pandas = is_pandas_index(name)
    if present[0] % 1 or not (from_pandas or names_entities(name)):
        return False
    if not _are_whole(present):
        return False
    if from_pandas:
        return not are_years(present)
    return len(np.unique(present)) == len(present)
