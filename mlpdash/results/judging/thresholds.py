"""Two classes: from which probability on to say yes, and what the mistakes then cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.results.judging.metrics import Codes, Floats

GRID: Final = np.round(np.linspace(0, 1, 101), 2)


@dataclass(frozen=True)
class Counts:
    """How many rows of each kind there are at each threshold, (thresholds,) each."""

    true_positive: NDArray[np.int64]
    false_positive: NDArray[np.int64]
    false_negative: NDArray[np.int64]
    true_negative: NDArray[np.int64]

    def cost(self, false_alarm: float, miss: float) -> Floats:
        """Return the cost per row at each threshold."""
        mistakes = self.false_positive * false_alarm + self.false_negative * miss
        return np.asarray(mistakes / max(1, self.rows), np.float64)

    @property
    def rows(self) -> int:
        """The number of rows that were counted."""
        kinds = (self.true_positive, self.false_positive, self.false_negative, self.true_negative)
        return int(sum(kind[0] for kind in kinds))


def counts_at(actual: Codes, probability: Floats, thresholds: Floats = GRID) -> Counts:
    """Count for each threshold, where a row is called positive when p >= threshold.

    Parameters
    ----------
    actual : (rows,) 1 for the positive class, else 0
    probability : (rows,) of the positive class
    """
    positive, negative = (np.sort(probability[actual == c]) for c in (1, 0))
    missed = np.searchsorted(positive, thresholds, side="left")
    spared = np.searchsorted(negative, thresholds, side="left")
    return Counts(len(positive) - missed, len(negative) - spared, missed, spared)


def cheapest(counts: Counts, false_alarm: float, miss: float, thresholds: Floats = GRID) -> float:
    """Return the threshold with the lowest cost; of several, the one nearest to a half."""
    cost = counts.cost(false_alarm, miss)
    best = np.flatnonzero(cost <= cost.min() + 1e-12)
    return float(thresholds[best[np.argmin(np.abs(thresholds[best] - 0.5))]])
