"""Out-of-fold predictions: each row by the nets that did not learn from it.

They are what an honest score of rows without a test split is made of, and what calibration and
importance are taken on (Stone, Journal of the Royal Statistical Society B 36, 1974). A score is a
little too bad since each net learned from fewer rows, and a little too good since each was stopped
by its own fold; with five folds both are small. It must not choose between designs of different
flexibility: the more flexible gains more from being stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.metrics import plain_scores
from mlpdash.results.judging.rows import Floats, Indices, actual_values

Each = Callable[[NDArray[np.float32]], Floats]  # x (rows, width) -> (P, rows, K)


@dataclass(frozen=True)
class Spread:
    """A score's mean over the folds, and its standard deviation."""

    mean: float
    deviation: float


def outputs_on(
    prepared: Prepared, each: Each, rows: Indices
) -> Callable[[NDArray[np.float32]], Floats]:
    """Return what predicts some rows, changed or not: x (rows, width) -> (rows, K).

    A row that was cut into a fold is predicted by the nets that did not learn from it, any other
    by the mean of all nets.

    Parameters
    ----------
    each : what every net says of encoded rows; with folds, nets in the order of `Split.held`
    """
    share = shares_of_nets(prepared, rows)

    def outputs(x: NDArray[np.float32]) -> Floats:
        said = each(x)
        if share is None:
            return np.asarray(said.mean(0))
        return np.asarray(np.einsum("pr,prk->rk", share, said))

    return outputs


def shares_of_nets(prepared: Prepared, rows: Indices) -> Floats | None:
    """Return what each net counts in each row, (P, rows), 1 in all; None without folds."""
    held = prepared.split.held()
    if held is None:
        return None
    place = np.full(len(prepared.x), -1)
    place[prepared.split.train] = np.arange(held.shape[1])
    at = place[rows]
    counts = np.where(at >= 0, held[:, at], True)
    return np.asarray(counts / counts.sum(0))


def fold_scores(prepared: Prepared, outputs: Floats) -> dict[str, Spread]:
    """Return by metric how the scores of the folds spread; {} without folds.

    Parameters
    ----------
    outputs : (all rows, K) out of fold
    """
    split = prepared.split
    if split.folds is None:
        return {}
    actual, is_classes = actual_values(prepared), bool(prepared.classes)
    found = []
    for fold in range(int(split.folds.max()) + 1):
        rows = split.train[split.folds[0] == fold]
        found.append(plain_scores(actual[rows], outputs[rows], classes=is_classes))
    by_metric = {name: np.array([one[name] for one in found]) for name in found[0]}
    return {
        name: Spread(float(np.nanmean(values)), float(np.nanstd(values, ddof=1)))
        for name, values in by_metric.items()
        if np.isfinite(values).any()
    }
