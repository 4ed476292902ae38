"""How much the net leans on each input: permutation importance.

One input's values are shuffled among the rows, and the loss is taken anew; what it grows by is the
importance (Breiman, Machine Learning 45, 2001). An input is shuffled as the table has it, so that
the columns of one category move together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.features import encode, plane_points
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.metrics import surprise
from mlpdash.results.judging.rows import Floats, Indices, actual_values

Outputs = Callable[[NDArray[np.float32]], Floats]  # x (rows, width) -> (rows, K)

REPEATS: Final = 10
FEWER: Final = 3  # of very many inputs
MOST_ROWS: Final = 2_000
LEAST_ROWS: Final = 200
MOST_NUMBERS: Final = 400_000_000  # of x that are asked about in all
MEASURE: Final = {"classification": "log_loss", "regression": "rmse"}


@dataclass(frozen=True)
class Importance:
    """What the loss grows by when one input is shuffled, in each of the repeats."""

    feature: str
    mean: float
    spread: float  # standard deviation over the repeats
    drawn: list[float]


@dataclass(frozen=True)
class Importances:
    """The importance of every input, the largest first, and how it was found."""

    measure: str
    rows: int
    repeats: int
    importance: list[Importance]


class Shuffled:
    """The net, for rows whose cells come from other rows: what scikit-learn's inspection takes for
    an estimator. It shuffles places, (rows, features), instead of values, so that of hundreds of
    inputs only the one that was shuffled is written anew.
    """

    def __init__(self, prepared: Prepared, outputs: Outputs, rows: Indices) -> None:
        self._features = prepared.features
        self._raw, self._x = prepared.raw[rows], prepared.x[rows]
        self._outputs = outputs
        self._mixed = bool(plane_points(prepared.features))
        self.places = np.tile(np.arange(len(rows))[:, None], len(prepared.features))

    def fit(self, _x: Floats, _y: Floats) -> Shuffled:
        """Do nothing: the net is trained already."""
        return self

    def outputs(self, places: Indices) -> Floats:
        """Return (rows, K) for rows whose cells are at places (rows, features)."""
        if self._mixed:  # a column of x comes from two inputs
            raw = np.take_along_axis(self._raw, places, 0)
            return self._outputs(encode(self._features, raw))
        x = self._x.copy()
        for n in np.flatnonzero((places != self.places).any(0)).tolist():
            own = slice(self._features[n].start, self._features[n].stop)
            x[:, own] = self._x[places[:, n], own]
        return self._outputs(x)


def some(rows: Indices, most: int) -> Indices:
    """Return at most `most` of the rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def effort(features: int, width: int, rows: int) -> tuple[int, int]:
    """Return how often each input is shuffled, and among how many rows, so that it takes seconds.

    >>> effort(4, 4, 30), effort(784, 784, 10_000)
    ((10, 30), (3, 216))
    """
    most = MOST_NUMBERS // (features * width)  # rows times repeats
    repeats = REPEATS if most // REPEATS >= min(rows, LEAST_ROWS) else FEWER
    return repeats, min(rows, MOST_ROWS, max(LEAST_ROWS, most // repeats))


def importance_of(
    prepared: Prepared, outputs_on: Callable[[Indices], Outputs], rows: Indices
) -> Importances:
    """Return the importance of each input on the given rows, or on as many as time allows.

    Parameters
    ----------
    outputs_on : what makes the function that predicts such rows
    """
    repeats, most = effort(len(prepared.features), prepared.width, len(rows))
    chosen = some(rows, most)
    found = permutation_importance(prepared, outputs_on(chosen), chosen, repeats=repeats)
    return Importances(MEASURE[prepared.task], min(most, len(rows)), repeats, found)


def permutation_importance(
    prepared: Prepared, outputs: Outputs, rows: Indices, *, repeats: int = REPEATS
) -> list[Importance]:
    """Return the importance of each input on the given rows, the largest first.

    The loss is the log loss, or the RMSE in the target's units.
    """
    from sklearn.inspection import permutation_importance as permute

    def score(net: Shuffled, places: Indices, actual: Floats) -> float:
        said = net.outputs(places)
        if prepared.classes:
            return -float(surprise(np.asarray(actual, np.int64), said).mean())
        return -math.sqrt(np.square(actual - said).mean())

    net = Shuffled(prepared, outputs, rows)
    found = permute(
        net,
        net.places,
        actual_values(prepared)[rows],
        scoring=score,
        n_repeats=repeats,
        random_state=0,
    )
    every = [
        Importance(feature.name, float(mean), float(spread), drawn.tolist())
        for feature, mean, spread, drawn in zip(
            prepared.features,
            found.importances_mean,
            found.importances_std,
            found.importances,
            strict=True,
        )
    ]
    return sorted(every, key=lambda one: -one.mean)
