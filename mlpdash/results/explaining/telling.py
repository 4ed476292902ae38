"""How much of the target each input tells alone: what is worth an axis before a net is trained.

Rows are put into groups by one input, numbers by ten quantiles and categories by their values. The
score is the share of the target's variance that lies between the groups, less what chance gives
(adjusted eta squared); for classes, the same share of their indicators (tau of Goodman and
Kruskal, J. Am. Stat. Assoc. 49, 1954). Unlike a correlation it sees what rises and falls again, and
categories as well as numbers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Prepared

GROUPS: Final = 10
MOST_ROWS: Final = 2_000

Floats = NDArray[np.float64]


def most_telling(prepared: Prepared) -> list[Feature]:
    """Return the inputs, those first that tell most of the target."""
    train = prepared.split.train
    places = np.linspace(0, len(train) - 1, min(MOST_ROWS, len(train))).astype(np.int64)
    rows = train[places]
    y = _indicators(prepared, rows)
    shares = {
        feature.name: share_told(_groups(feature, prepared.raw[rows, at]), y)
        for at, feature in enumerate(prepared.features)
    }
    return sorted(prepared.features, key=lambda feature: -shares[feature.name])


def share_told(groups: NDArray[np.int64], y: Floats) -> float:
    """Return the adjusted share of the variance of y (rows, columns) between groups (rows,).

    >>> y = np.array([[0.0], [0.0], [3.0], [3.0]])
    >>> share_told(np.array([0, 0, 1, 1]), y), share_told(np.array([0, 0, 0, 0]), y)
    (1.0, 0.0)
    """
    counts = np.bincount(groups)
    rows, count = len(groups), int(np.count_nonzero(counts))
    apart = y - y.mean(0)
    total = float(np.square(apart).sum())
    if total == 0 or count < 2 or rows <= count:
        return 0.0
    sizes = np.maximum(counts, 1)
    sums = np.stack([np.bincount(groups, column) for column in apart.T])  # (columns, groups)
    within = max(0.0, 1 - float((np.square(sums) / sizes).sum()) / total)
    return 1 - within * (rows - 1) / (rows - count)


def _indicators(prepared: Prepared, rows: NDArray[np.int64]) -> Floats:
    """Return the standardised targets, or 1 for the class of a row and 0 for the others."""
    y = prepared.y[rows]
    if not prepared.classes:
        return y.astype(np.float64)
    return np.eye(len(prepared.classes))[y.astype(np.int64)]


def _groups(feature: Feature, values: Floats) -> NDArray[np.int64]:
    """Return the group of each row, counted from 0; a gap is filled as for the net."""
    filled = np.where(np.isnan(values), feature.typical, values)
    if not isinstance(feature, Category):  # tables have thousands: np.quantile takes 5 times this
        ordered = np.sort(filled)
        if 1 + np.count_nonzero(np.diff(ordered)) > GROUPS:
            inner = ordered[len(ordered) * np.arange(1, GROUPS) // GROUPS]
            return np.searchsorted(inner, filled, side="right")
    return np.unique(filled, return_inverse=True)[1]
