"""Which columns are the settings of an experiment: each of one with each of another, as often."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ROWS: Final = 12
MOST_ROWS: Final = 20_000  # of an experiment that somebody laid out
MOST_COLUMNS: Final = 100
FIRST: Final = 1_000  # rows that mostly tell that a column is measured
MOST_SETTINGS: Final = 300
ENOUGH: Final = 16  # rows from which on 2 by 2 settings are hardly balanced by chance


def crossed_columns(frame: pd.DataFrame, names: Sequence[str]) -> set[str]:
    """Return the columns of which each value comes with each of another column equally often.

    Parameters
    ----------
    names : of the columns that are looked at
    """
    rows = len(frame)
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        return set()
    even = {}
    for name in names[:MOST_COLUMNS]:
        if frame[name].iloc[:FIRST].nunique() > MOST_SETTINGS:
            continue
        codes = frame[name].factorize()[0]
        counts = np.bincount(codes[codes >= 0])
        if codes.min() >= 0 and 2 <= len(counts) <= rows / 2 and (counts == counts[0]).all():
            even[name] = codes, len(counts)
    found: set[str] = set()
    for (first, (mine, n)), (second, (theirs, m)) in itertools.combinations(even.items(), 2):
        if n * m > rows or (n == m == 2 and rows < ENOUGH):
            continue
        counts = np.bincount(mine * m + theirs, minlength=n * m)
        if (counts == counts[0]).all():
            found |= {first, second}
    return found
