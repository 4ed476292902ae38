"""How far a number could be off by the luck of which rows were held out: the bootstrap.

Rows are drawn with replacement, the measure is taken anew, and the middle 95 % of what comes out
is the interval (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 400
SEED: Final = 0

Indices = NDArray[np.int64]
Measure = Callable[[Indices], float]  # of the rows with these indices; NaN where undefined


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


def resamples(rows: int, count: int = RESAMPLES) -> Iterator[Indices]:
    """Yield `count` draws of `rows` indices out of `rows`, the same ones at every call."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    for _draw in range(count):
        yield generator.integers(0, rows, rows)


def estimates(
    measures: Mapping[str, Measure], rows: int, count: int = RESAMPLES
) -> dict[str, Estimate]:
    """Take every measure on all rows, and on the same resamples for its interval."""
    whole = np.arange(rows)
    drawn: dict[str, list[float]] = {name: [] for name in measures}
    for chosen in resamples(rows, count):
        for name, measure in measures.items():
            drawn[name].append(measure(chosen))
    return {name: _estimate(measures[name](whole), drawn[name]) for name in measures}


def paired_difference(one: Measure, other: Measure, rows: int, count: int = RESAMPLES) -> Estimate:
    """Return `one` minus `other`, both taken on the same resamples, so that easy and hard rows
    cancel.
    """
    difference = {"": lambda chosen: one(chosen) - other(chosen)}
    return estimates(difference, rows, count)[""]


def _estimate(value: float, drawn: list[float]) -> Estimate:
    finite = np.array([one for one in drawn if math.isfinite(one)])
    if not len(finite):
        return Estimate(value, math.nan, math.nan)
    low, high = np.percentile(finite, [2.5, 97.5])
    return Estimate(value, float(low), float(high))
