"""Columns that name a person or a thing of which there are several rows: patient 13, 13, 13, 17."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.data.cells.cells import is_number, numbers
from mlpdash.data.cells.entity_names import is_id, names_places, names_repeated_entities
from mlpdash.data.columns.profile import ColumnProfile

if TYPE_CHECKING:
    import pandas as pd

GRID: Final = 5  # codes of places are not all multiples of it
FEWEST: Final = 4  # different numbers of a column that is called an id
FEWEST_OTHERS: Final = 8  # of others; fewer are codes of something else
YEARS: Final = 25  # "school" up to it is for how long
FEWEST_WORDS: Final = 10
LEAST_ROWS: Final = 1.5  # of each, on average
MOST_ROWS_OF_WORDS: Final = 30  # of each, on average; words that come more often are categories


def panel_columns(frame: pd.DataFrame, seen: Mapping[str, ColumnProfile]) -> tuple[str, ...]:
    """Return the columns that name of whom or of what the rows are, several rows each."""
    return tuple(
        name
        for name, found in seen.items()
        if (
            (found.kind in ("number", "category") and names_repeated_entities(name))
            or (found.kind == "number" and names_places(name))
        )
        and _repeats(frame[name], found)
    )


def _repeats(cells: pd.Series[Any], found: ColumnProfile) -> bool:
    rows, distinct = len(cells) - found.missing, int(cells.nunique())
    each = rows / max(1, distinct)
    if found.kind == "category":
        return distinct >= FEWEST_WORDS and LEAST_ROWS <= each <= MOST_ROWS_OF_WORDS
    name = str(cells.name)
    fewest = FEWEST if is_id(name) else FEWEST_OTHERS
    least = 1 if is_id(name) else LEAST_ROWS
    if not is_number(cells) or distinct < fewest or each < least or distinct == rows:
        return False
    codes = numbers(cells)
    codes = codes[~np.isnan(codes)]
    if not names_repeated_entities(name) and not bool((codes % GRID).any()):
        return False  # a measurement, such as the distance to a station
    is_duration = name.strip().casefold() == "school" and codes.max() <= YEARS
    return not is_duration and not bool((codes % 1).any())
