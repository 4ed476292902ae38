"""Columns of numbers, each one column of x."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from mlpdash.data.preparing.indicator import names_with_indicator


@dataclass(frozen=True)
class Number:
    """A number, encoded as (value - mean) / scale.

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

    kind: ClassVar[Literal["number"]] = "number"
    levels: ClassVar[tuple[str, ...]] = ()

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.name

    @property
    def stop(self) -> int:
        """The end of its columns of x."""
        return self.start + 1 + self.indicator

    @property
    def names_out(self) -> tuple[str, ...]:
        """The names of its columns of x."""
        return names_with_indicator(self, self.name)

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        stated = (self.mean, self.scale, self.typical, self.low, self.high)
        return all(map(math.isfinite, stated)) and self.scale > 0
