"""Whether a target is classes or a number, and why: the rule for one column of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from mlpdash.data.cells.cells import numbers
from mlpdash.specs.base import Task
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

MOST_CODES: Final = 10  # distinct whole numbers that can be codes of classes
FIRST_CODES: Final = (0, 1)  # where codes begin
MOST_LEFT_OUT: Final = 1  # codes that no row has
LOOKED_AT: Final = 1_000  # rows that mostly tell that there are too many values


def task_of_numbers(values: pd.Series[float]) -> tuple[Task, str]:
    """Return what numbers are as a target, and why.

    Two distinct numbers are classes. More are classes if they look like codes: whole numbers that
    begin at 0 or 1, at most ten, with at most one left out, and each used twice on average.
    """
    found = numbers(values)
    found = found[~np.isnan(found)]
    some = np.unique(found[:LOOKED_AT])
    distinct = some if len(some) > MOST_CODES else np.unique(found)
    if len(distinct) < 2:
        return "classification", ""
    if len(distinct) == 2:
        return "classification", _("it has two different values")
    against = _why_no_codes(distinct, len(found))
    return ("regression", against) if against else ("classification", _("its numbers are codes"))


def _why_no_codes(distinct: np.ndarray[tuple[int, ...], np.dtype[np.float64]], rows: int) -> str:
    """Return why distinct numbers, smallest first, are no codes of classes, or nothing."""
    if (distinct % 1 != 0).any():
        return _("it has decimals")
    if len(distinct) > MOST_CODES:
        return _("it has more than {n} different values").format(n=MOST_CODES)
    if distinct[0] not in FIRST_CODES:
        return _("its whole numbers do not begin at 0 or 1")
    if distinct[-1] - distinct[0] - len(distinct) + 1 > MOST_LEFT_OUT:
        return _("its whole numbers leave out several between")
    if len(distinct) > rows / 2:
        return _("most of its numbers come once")
    return ""
