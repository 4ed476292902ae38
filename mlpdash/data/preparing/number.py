"""Columns of numbers, each one column of x, and bins beside it where that is chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats
from mlpdash.data.preparing.indicator import names_with_indicator
from mlpdash.text import _


@dataclass(frozen=True)
class Number:
    """A number, encoded as (value - mean) / scale; and beside it, where it has edges, as bins.

    Between the edges b[0], b[1], ... there is an input for each bin, clip((x - b[t-1]) /
    (b[t] - b[t-1]), 0, 1) (Gorishniy and others, 2022, "On Embeddings for Numerical Features").

    Attributes
    ----------
    name : of the column
    start : its first column of x
    mean, scale : 0 and 1 where it is not scaled
    typical : fills a gap: median, mean or mode of the training rows
    low, high : range over all rows
    form : how text is read, see `cells`
    indicator : whether a last column is 1 where the cell was missing
    codes : what counts as missing, such as -999
    edges : of the bins, rising; none, or at least three
    """

    name: str
    start: int
    mean: float
    scale: float
    typical: float
    low: float
    high: float
    unit: str = ""
    form: str = ""
    indicator: bool = False
    codes: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    kind: ClassVar[Literal["number"]] = "number"
    levels: ClassVar[tuple[str, ...]] = ()

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.name

    @property
    def stop(self) -> int:
        """The end of its columns of x."""
        return self.start + 1 + self.bins + self.indicator

    @property
    def bins(self) -> int:
        """How many bins it has."""
        return max(0, len(self.edges) - 1)

    @property
    def names_out(self) -> tuple[str, ...]:
        """The names of its columns of x."""
        bins = (
            _("{name} {low:.4g} to {high:.4g}").format(name=self.name, low=low, high=high)
            for low, high in pairwise(self.edges)
        )
        return names_with_indicator(self, self.name, *bins)

    def encode_bins(self, x: NDArray[np.float32], raw: Floats) -> None:
        """Write the bins of raw values (rows,) into their columns of x, (rows, width)."""
        values = np.where(np.isnan(raw), self.typical, raw)
        for t, (low, high) in enumerate(pairwise(self.edges), self.start + 1):
            x[:, t] = np.clip((values - low) / (high - low), 0, 1)

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        stated = (self.mean, self.scale, self.typical, self.low, self.high)
        rising = all(0 < high - low < math.inf for low, high in pairwise(self.edges))
        has_bins = rising and len(self.edges) not in (1, 2)
        return all(map(math.isfinite, stated)) and self.scale > 0 and has_bins
