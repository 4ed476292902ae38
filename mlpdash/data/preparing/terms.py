"""Engineered inputs of points on the plane: what x1 and x2 may be turned into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

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
OF: Final = {name: "x1" if name in ("x1", "x1^2", "sin(x1)") else "x2" for name in TERMS}


@dataclass(frozen=True)
class Term:
    """One engineered input: the column of x is (value - mean) / scale."""

    name: str
    mean: float = 0.0
    scale: float = 1.0


def values_of(terms: Sequence[str], plane: Floats) -> Floats:
    """Return the values of some terms, (rows, terms), at points (rows, 2)."""
    with np.errstate(over="ignore"):  # beyond float64; `encode` bounds it
        columns = [TERMS[name](plane[:, 0], plane[:, 1]) for name in terms]
    return np.column_stack(columns) if columns else np.empty((len(plane), 0))
