"""Parts of dates: the year is a number, those that come round are points on a circle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats, Times
from mlpdash.data.preparing.indicator import mark, names_with_indicator
from mlpdash.text import _

PERIODS: Final = {"month": 12.0, "weekday": 7.0, "day of year": 366.0, "hour": 24.0}


@dataclass(frozen=True)
class Year:
    """The year of a date, encoded as (year - mean) / scale.

    Attributes
    ----------
    name : of the input, for people
    source : the column of the table, which holds dates
    start, mean, scale, typical, low, high, form, indicator, codes : as of `Number`
    """

    name: str
    source: str
    start: int
    mean: float
    scale: float
    typical: float
    low: float
    high: float
    form: str
    indicator: bool = False
    codes: tuple[str, ...] = ()

    kind: ClassVar[Literal["number"]] = "number"
    part: ClassVar[str] = "year"
    unit: ClassVar[str] = ""
    levels: ClassVar[tuple[str, ...]] = ()

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.source

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


@dataclass(frozen=True)
class CyclicPart:
    """A part of a date that comes round, encoded as sine and cosine of its angle.

    Attributes
    ----------
    name : of the input, for people
    source : the column of the table, which holds dates
    start : its first column of x
    typical : fills a gap: the median of the training rows
    form : how text is read, see `cells`
    indicator : whether a last column is 1 where the cell was missing
    codes : what counts as missing
    """

    name: str
    source: str
    part: Literal["month", "weekday", "day of year", "hour"]
    start: int
    typical: float
    form: str
    indicator: bool = False
    codes: tuple[str, ...] = ()

    kind: ClassVar[Literal["number"]] = "number"
    unit: ClassVar[str] = ""
    levels: ClassVar[tuple[str, ...]] = ()

    @property
    def period(self) -> float:
        """After how many units it comes round."""
        return PERIODS[self.part]

    @property
    def low(self) -> float:
        """The smallest value that a date can have."""
        return 0.0 if self.part == "hour" else 1.0

    @property
    def high(self) -> float:
        """The largest value that a date can have."""
        return self.period

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.source

    @property
    def stop(self) -> int:
        """The end of its columns of x."""
        return self.start + 2 + self.indicator

    @property
    def names_out(self) -> tuple[str, ...]:
        """The names of its columns of x."""
        sine = _("{name}, sine").format(name=self.name)
        cosine = _("{name}, cosine").format(name=self.name)
        return names_with_indicator(self, sine, cosine)

    def encode(self, x: NDArray[np.float32], values: Floats) -> None:
        """Write its columns of x, (rows, width), from values (rows,)."""
        gaps = np.isnan(values)
        angle = np.where(gaps, self.typical, values) * (2 * np.pi / self.period)
        x[:, self.start] = np.sin(angle)
        x[:, self.start + 1] = np.cos(angle)
        mark(x, self, gaps)

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        return math.isfinite(self.typical)


DATE_PARTS: Final = (Year, CyclicPart)


def date_part(moments: Times, part: str) -> Floats:
    """Return a part of dates, (rows,), NaN where missing: year, month 1-12, weekday 1-7
    (Monday is 1), day of year 1-366, or hour 0-24 with its fraction."""
    days = moments.astype("datetime64[D]")
    gone = np.isnat(days)
    years = days.astype("datetime64[Y]")
    found: NDArray[Any]
    if part == "year":
        found = years.astype(np.int64) + 1970
    elif part == "month":
        found = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    elif part == "weekday":
        found = (days.astype(np.int64) + 3) % 7 + 1  # 1 January 1970 was a Thursday
    elif part == "day of year":
        found = (days - years).astype(np.int64) + 1
    else:
        found = (moments - days).astype("timedelta64[s]").astype(np.int64) / 3600
    return np.where(gone, np.nan, found)
