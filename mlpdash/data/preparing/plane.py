"""Points on the plane: what x1 and x2 may be turned into besides themselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import HUGE, Floats

PLANE: Final = ("x1", "x2")
TERMS: Final[dict[str, Callable[[Floats, Floats], Floats]]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}
TERMS_OF: Final = {
    "x1": ("x1", "x1^2", "sin(x1)"),
    "x2": ("x2", "x2^2", "x1*x2", "sin(x2)"),
}


@dataclass(frozen=True)
class Term:
    """One engineered input: the column of x is (value - mean) / scale."""

    name: str
    mean: float = 0.0
    scale: float = 1.0

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        return math.isfinite(self.mean) and math.isfinite(self.scale) and self.scale > 0


@dataclass(frozen=True)
class PlanePoint:
    """x1 or x2 of points on the plane, encoded as terms, a column of x each; x1*x2 is x2's.

    Attributes
    ----------
    name : x1 or x2
    start : its first column of x
    typical : fills a gap: the median of the training rows
    low, high : the range that is shown
    terms : some of TERMS_OF[name], or none
    """

    name: str
    start: int
    typical: float
    low: float
    high: float
    terms: tuple[Term, ...]

    kind: ClassVar[Literal["number"]] = "number"
    unit: ClassVar[str] = ""
    form: ClassVar[str] = ""
    levels: ClassVar[tuple[str, ...]] = ()
    indicator: ClassVar[bool] = False

    @property
    def column(self) -> str:
        """The column of the table."""
        return self.name

    @property
    def stop(self) -> int:
        """The end of its columns of x."""
        return self.start + len(self.terms)

    @property
    def names_out(self) -> tuple[str, ...]:
        """The names of its columns of x."""
        return tuple(term.name for term in self.terms)

    def encode(self, x: NDArray[np.float32], points: Floats) -> None:
        """Write its columns of x, (rows, width), from points (rows, 2) without gaps."""
        values = values_of(self.names_out, points)
        mean = np.array([term.mean for term in self.terms])
        scale = np.array([term.scale for term in self.terms])
        x[:, self.start : self.stop] = np.clip((values - mean) / scale, -HUGE, HUGE)

    def is_sound(self) -> bool:
        """Tell whether it can be encoded."""
        known = TERMS_OF.get(self.name, ())
        return all(map(math.isfinite, (self.typical, self.low, self.high))) and all(
            term.name in known and term.is_sound() for term in self.terms
        )


def values_of(terms: Sequence[str], points: Floats) -> Floats:
    """Return the values of some terms, (rows, terms), at points (rows, 2)."""
    with np.errstate(over="ignore"):  # beyond float64; `encode` bounds it
        columns = [TERMS[name](points[:, 0], points[:, 1]) for name in terms]
    return np.column_stack(columns) if columns else np.empty((len(points), 0))
