"""Curves of a classifier: ROC, precision and recall, and whether its probabilities can be trusted.

Each class is taken against the rest, by scikit-learn's functions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.results.judging.bins import BINS, bin_of
from mlpdash.results.judging.metrics import Codes, Floats

MOST_POINTS: Final = 300  # of a curve, more than a screen can tell apart
Z95: Final = 1.959963984540054  # of the normal distribution


@dataclass(frozen=True)
class Curve:
    """A curve of one class and the area under it; empty where the class or the rest is missing.

    `at` is the probability from which on rows are called the class at each point; None where that
    is beyond all of them.
    """

    x: list[float]
    y: list[float]
    area: float
    at: list[float | None]


@dataclass(frozen=True)
class Calibration:
    """Per bin that has rows: mean probability, share of the class, its 95 % interval, rows."""

    bins: list[int]
    predicted: list[float]
    observed: list[float]
    low: list[float]
    high: list[float]
    rows: list[int]


def roc_curves(actual: Codes, probability: Floats) -> list[Curve]:
    """Return for each class the true over the false positive rate."""
    from sklearn.metrics import roc_auc_score, roc_curve

    found = []
    for is_class, p in _against_the_rest(actual, probability):
        if is_class is None:
            found.append(Curve([], [], math.nan, []))
            continue
        false_rate, true_rate, at = roc_curve(is_class, p)
        found.append(_thinned(false_rate, true_rate, float(roc_auc_score(is_class, p)), at))
    return found


def precision_recall_curves(actual: Codes, probability: Floats) -> list[Curve]:
    """Return for each class precision over recall; the area is the average precision."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    found = []
    for is_class, p in _against_the_rest(actual, probability):
        if is_class is None:
            found.append(Curve([], [], math.nan, []))
            continue
        precision, recall, at = precision_recall_curve(is_class, p)
        area = float(average_precision_score(is_class, p))
        found.append(_thinned(recall[::-1], precision[::-1], area, np.append(at, np.inf)[::-1]))
    return found


def calibrations(actual: Codes, probability: Floats) -> list[Calibration]:
    """Return for each class how often it was right to say p, in ten bins of p.

    Intervals are Wilson's (Journal of the American Statistical Association 22, 1927).
    """
    return [_calibration(actual == c, p) for c, p in enumerate(probability.T)]


def wilson(hits: int, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, of which `hits` out of `rows` were seen."""
    share, z2 = hits / rows, Z95**2
    middle = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = Z95 / (1 + z2 / rows) * math.sqrt(share * (1 - share) / rows + z2 / (4 * rows**2))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _calibration(is_class: NDArray[np.bool_], p: Floats) -> Calibration:
    at = bin_of(p)
    rows = np.bincount(at, minlength=BINS)
    hits = np.bincount(at, is_class, BINS)
    total = np.bincount(at, p, BINS)
    bins = np.flatnonzero(rows).tolist()
    ends = [wilson(int(hits[b]), int(rows[b])) for b in bins]
    return Calibration(
        bins=bins,
        predicted=[float(total[b] / rows[b]) for b in bins],
        observed=[float(hits[b] / rows[b]) for b in bins],
        low=[low for low, _high in ends],
        high=[high for _low, high in ends],
        rows=[int(rows[b]) for b in bins],
    )


def _against_the_rest(
    actual: Codes, probability: Floats
) -> list[tuple[NDArray[np.bool_] | None, Floats]]:
    """Return for each class who is in it, or None where all or none are, and its probability."""
    found: list[tuple[NDArray[np.bool_] | None, Floats]] = []
    for c, p in enumerate(probability.T):
        is_class = actual == c
        found.append((is_class if 0 < is_class.sum() < len(actual) else None, p))
    return found


def _thinned(x: Floats, y: Floats, area: float, at: Floats) -> Curve:
    step = max(1, math.ceil(len(x) / MOST_POINTS))
    kept = np.unique(np.r_[0 : len(x) : step, len(x) - 1])
    at_kept = [p if math.isfinite(p) else None for p in at[kept].tolist()]
    return Curve(x[kept].tolist(), y[kept].tolist(), area, at_kept)
