"""What rows are dealt out by, where not by chance: a time axis, or groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import dates, is_date, numbers
from mlpdash.data.cells.date_text import looks_like_date
from mlpdash.data.columns.columns import Columns
from mlpdash.data.preparing.splitting import IntArray, usual_split
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TimeAxis:
    """The column that tells when: its name, its values (rows,), and where there is none."""

    name: str
    values: NDArray[Any]
    absent: NDArray[np.bool_]

    def order(self) -> IntArray:
        """Return the rows from the earliest to the latest; those without a moment come first."""
        by_value = np.argsort(self.values, kind="stable")
        return by_value[np.argsort(~self.absent[by_value], kind="stable")]


def time_axis(frame: pd.DataFrame, found: Columns, spec: DataSpec) -> TimeAxis | None:
    """Return the time axis, where the split needs one and there is one.

    Raises
    ------
    DataError : it holds neither dates nor numbers, or all dates are the same
    """
    if spec.preparation.split != "time":
        return None
    axis = next((c.name for c in found.columns if c.role == "time"), "") or found.time
    if not axis:
        _refuse_one_date(frame, found)
        return None
    if axis == found.time:
        when = dates(frame[axis])
        return TimeAxis(axis, when.astype(np.int64), np.isnat(when))
    try:
        values = numbers(frame[axis])
    except (ValueError, TypeError):
        raise DataError(
            _(
                'the time axis "{name}" holds neither dates nor numbers; choose another column.'
            ).format(name=brief(axis)),
            [usual_split()],
        ) from None
    return TimeAxis(axis, values, np.isnan(values))


def _refuse_one_date(frame: pd.DataFrame, found: Columns) -> None:
    """Refuse a split by time where the only dates are all the same."""
    for name in (column.name for column in found.columns if column.kind == "constant"):
        cells = frame[name].dropna()
        if len(cells) and (is_date(cells) or looks_like_date(str(cells.iloc[0]))):
            raise DataError(
                _(
                    'all rows have the same date in "{name}"; a split by time needs different '
                    "ones. Choose another split, or another column as the time axis."
                ).format(name=brief(name)),
                [usual_split()],
            )


def group_codes(table: Table, frame: pd.DataFrame, spec: DataSpec) -> IntArray | None:
    """Return the code of each row's group, where the split needs that; gaps are one group, 0.

    Raises
    ------
    SpecError : there is no such column
    """
    if spec.preparation.split != "group":
        return None
    name = spec.preparation.group
    if not name:
        return None  # refused by the split
    if name not in table.frame.columns:
        raise SpecError(
            _('there is no column "{column}" in "{name}" to group by.').format(
                column=brief(name), name=table.name
            ),
            "preparation",
            [usual_split()],
        )
    codes, _levels = frame[name].factorize()
    return np.asarray(codes + 1, np.int64)
