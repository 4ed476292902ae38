"""Whether a column follows from others of its table, in some of the rows: `Compared`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import is_number, matrix, numbers
from mlpdash.data.columns import target_names as names
from mlpdash.data.columns.derived import derived_columns, sets_of_flags

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT: Final = 500  # rows in which a column is compared with the others
MOST_COMPARED: Final = 100  # columns
FEWEST_IN_ORDER: Final = 10  # distinct numbers, whose order is hardly that of others by chance
NOTHING_LEFT: Final = 1e-6  # of the variance
MOST_ADDED: Final = 40  # columns of numbers whose sum is compared with one
ROWS_ADDED: Final = 200
ENOUGH_ROWS: Final = 20  # more than the column has values that might decide another
FEWEST_APART: Final = 10  # rows on each side of a threshold
ROWS_OF_GROUPS: Final = 5_000  # from the first on, so that those of a group stay together
LEAST_EACH: Final = 1.5  # rows of a group, on average


class Compared:
    """Tells whether a column follows from others, in some rows of a table.

    Parameters
    ----------
    candidates : columns of numbers and categories, in order
    groups : columns that name persons, things or places with several rows each
    """

    def __init__(
        self, frame: pd.DataFrame, candidates: Sequence[str], groups: Sequence[str] = ()
    ) -> None:
        self.frame, self.groups = frame, groups
        self.some = frame.iloc[:: max(1, len(frame) // LOOKED_AT)]
        self.names = candidates[:MOST_COMPARED]
        self.place = {name: n for n, name in enumerate(candidates)}
        self.codes: dict[str, NDArray[np.int64]] = {}

    def is_told(self, name: str) -> bool:
        """Tell whether a column is made of others, or each value of another goes with one of it."""
        mine = self._codes(name)
        return (
            name in self.made
            or self._is_counted(name)
            or self._is_sum(name)
            or self._is_of_group(name)
            or self._is_threshold(name)
            or any(
                self._decides(other, name, self._codes(other), mine)
                for other in self.names
                if other != name
            )
        )

    @cached_property
    def made(self) -> set[str]:
        """The columns that are a function of others, or one of a set of yes and no."""
        measured = [name for name in self.names if is_number(self.some[name])]
        if not measured:
            return set()
        cells = matrix(self.some, measured)
        found = derived_columns(cells[:: len(cells) // ROWS_ADDED + 1]) | sets_of_flags(cells)
        return {measured[n] for n in found}

    def _is_of_group(self, name: str) -> bool:
        """Tell whether a column is the same in all rows of each person, thing or place."""
        if name in self.groups:
            return False
        some = self.frame.iloc[:ROWS_OF_GROUPS]
        mine = some[name].factorize()[0] + 1
        for group in self.groups:
            theirs = some[group].factorize()[0] + 1
            each = len(np.unique(theirs))
            if len(some) < LEAST_EACH * each or len(some) - each < ENOUGH_ROWS:
                continue
            if len(np.unique(theirs * (int(mine.max()) + 1) + mine)) == each:
                return True
        return False

    def _is_threshold(self, name: str) -> bool:
        """Tell whether a column is 0 up to some value of another number, and 1 from there on."""
        if not is_number(self.some[name]) or int(self._codes(name).max()) != 2:
            return False
        high = self._codes(name) == 2
        if min(high.sum(), (~high).sum()) < FEWEST_APART:
            return False
        measured = (n for n in self.names if n != name and is_number(self.some[n]))
        codes = (self._codes(other) for other in measured)
        return any(
            int(c.max()) > FEWEST_IN_ORDER
            and (c[high].min() > c[~high].max() or c[high].max() < c[~high].min())
            for c in codes
        )

    def _is_counted(self, name: str) -> bool:
        """Tell whether a column counts the rows: 1, 2, 3, ..."""
        cells = self.some[name]
        if len(self.some) <= FEWEST_IN_ORDER or not is_number(cells):
            return False
        steps = np.diff(numbers(cells))
        return bool(steps[0] in (1, -1) and (steps == steps[0]).all())

    def _is_sum(self, name: str) -> bool:
        """Tell whether the numbers in front of a column add up to it, each times a factor."""
        if not is_number(self.some[name]):
            return False
        before = [n for n in self.names[: self.place[name]] if is_number(self.some[n])]
        before = before[-MOST_ADDED:]
        cells = matrix(self.some.iloc[:: len(self.some) // ROWS_ADDED + 1], [*before, name])
        cells = cells[~np.isnan(cells).any(axis=1)]
        rows = len(cells)
        if not before or rows < len(before) + ENOUGH_ROWS:
            return False
        cells = cells - cells.mean(axis=0)
        scale = cells.std(axis=0)
        if scale[-1] == 0:
            return False
        cells = cells[:, scale > 0] / scale[scale > 0]
        found = np.linalg.lstsq(cells[:, :-1], cells[:, -1], rcond=None)[0]
        left = cells[:, -1] - cells[:, :-1] @ found
        return bool(left @ left < NOTHING_LEFT * rows)

    def _codes(self, name: str) -> NDArray[np.int64]:
        """Return the place of each cell among the distinct ones, numbers in order; 0 is a gap."""
        if name not in self.codes:
            cells = self.some[name]
            codes, _levels = cells.factorize(sort=is_number(cells))
            self.codes[name] = np.asarray(codes + 1, np.int64)
        return self.codes[name]

    def _decides(
        self, other: str, name: str, theirs: NDArray[np.int64], mine: NDArray[np.int64]
    ) -> bool:
        many, levels, rows = int(mine.max()), int(theirs.max()), len(mine)
        if many > levels or (many == levels and self.place[other] > self.place[name]):
            return False
        if many > FEWEST_IN_ORDER and np.array_equal(mine, theirs):
            return names.score_of_name(other) >= 0  # not a time, behind which a count rises
        if levels > rows / 3 or rows - levels < ENOUGH_ROWS:  # it could be chance
            return False
        pairs = np.unique(theirs * (many + 1) + mine)
        return len(pairs) == len(np.unique(pairs // (many + 1)))
