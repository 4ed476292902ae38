"""Categories, each one column of x per level: one-hot encoding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats
from mlpdash.data.preparing.indicator import mark, names_with_indicator


@dataclass(frozen=True)
class Category:
    """One of some levels, encoded as 1 in the level's column of x, and 0 in the others.

    Attributes
    ----------
    name : of the column
    start : its first column of x
    typical : the index of the level that fills a gap: the mode of the training rows
    levels : at least one
    pooled : whether the last level stands for all that are rare or unseen
    indicator : whether a last column is 1 where the cell was missing
    merged : whether cells that differ from a level only in case, spaces and accents are it
    codes : what counts as missing, such as 99
    kept : words and marks, such as none, that are values, not missing
    """

    name: str
    start: int
    typical: float
    levels: tuple[str, ...]
    unit: str = ""
    pooled: bool = False
    indicator: bool = False
    merged: bool = False
    codes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    kind: ClassVar[Literal["category"]] = "category"
    low: ClassVar[float] = 0.0

    @property
    def high(self) -> float:
        """The index of the last level."""
        return float(len(self.levels) - 1)

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.name

    @property
    def stop(self) -> int:
        """The end of its columns of x."""
        return self.start + len(self.levels) + self.indicator

    @property
    def names_out(self) -> tuple[str, ...]:
        """The names of its columns of x."""
        return names_with_indicator(self, *(f"{self.name} = {level}" for level in self.levels))

    def encode(self, x: NDArray[np.float32], indices: Floats) -> None:
        """Write its columns of x, (rows, width), from indices of levels, (rows,).

        Nothing is written where the index is below 0: such a cell is none of the levels.
        """
        gaps = np.isnan(indices)
        filled = np.where(gaps, self.typical, indices)
        mark(x, self, gaps)
        known = np.flatnonzero(filled >= 0)
        x[known, self.start + filled[known].astype(np.int64)] = 1

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        return 0 <= self.typical < len(self.levels)
