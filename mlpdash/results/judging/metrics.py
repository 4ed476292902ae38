"""How good predictions are, by scikit-learn's own functions, with bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.results.judging.bootstrap import RESAMPLES, Estimate, Indices, Measure, estimates
from mlpdash.results.judging.confusion import confusion_cells, confusion_matrix

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

CLASSIFICATION: Final = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "roc_auc")
REGRESSION: Final = ("r2", "rmse", "mae", "median_ae")
PRIMARY: Final[Mapping[str, str]] = {"classification": "accuracy", "regression": "rmse"}
LOWER_IS_BETTER: Final = frozenset({"log_loss", "rmse", "mae", "median_ae"})


def classification_measures(actual: Codes, probability: Floats) -> dict[str, Measure]:
    """Return the measures of predicted probabilities as functions of the rows.

    The bootstrap asks them hundreds of times, so all that resampled rows have in common is worked
    out once: cells of the confusion matrix, losses of rows, and the order of the probabilities.

    Parameters
    ----------
    actual : (rows,) class codes 0..K-1
    probability : (rows, K), each row adding up to 1
    """
    k = probability.shape[1]
    cell = confusion_cells(actual, probability.argmax(1), k)
    each = surprise(actual, probability)
    areas = _roc_auc(actual, probability)

    def counted(measure: Callable[[Floats], float]) -> Measure:
        def of_rows(rows: Indices) -> float:
            return measure(confusion_matrix(cell[rows], k).astype(float))

        return of_rows

    return {
        "accuracy": counted(_accuracy),
        "balanced_accuracy": counted(_balanced_accuracy),
        "macro_f1": counted(_macro_f1),
        "log_loss": lambda rows: float(each[rows].mean()),
        "roc_auc": areas,
    }


def regression_measures(actual: Floats, predicted: Floats) -> dict[str, Measure]:
    """Return the measures of predicted values as functions of the rows.

    Parameters
    ----------
    actual, predicted : (rows, outputs) in the targets' units. R2 is the mean over the outputs, the
        RMSE the root of the mean over rows and outputs, as on the live board.
    """
    squares, sizes = np.square(actual - predicted), np.abs(actual - predicted)
    return {
        "r2": lambda rows: _r2(actual[rows], squares[rows]),
        "rmse": lambda rows: math.sqrt(squares[rows].mean()),
        "mae": lambda rows: float(sizes[rows].mean()),
        "median_ae": lambda rows: float(np.median(sizes[rows], axis=0).mean()),
    }


def measures(actual: Codes | Floats, outputs: Floats, *, classes: bool) -> dict[str, Measure]:
    """Return the measures for probabilities when `classes`, else for values."""
    if classes:
        return classification_measures(np.asarray(actual, np.int64), outputs)
    return regression_measures(np.asarray(actual, np.float64), outputs)


def scores(
    actual: Codes | Floats, outputs: Floats, *, classes: bool, count: int = RESAMPLES
) -> dict[str, Estimate]:
    """Return every measure, by scikit-learn, with the interval of its bootstrap.

    Parameters
    ----------
    actual : (rows,) class codes, or (rows, outputs) values
    outputs : (rows, K) probabilities, or (rows, outputs) values
    """
    values = plain_scores(actual, outputs, classes=classes)
    found = estimates(measures(actual, outputs, classes=classes), len(actual), count)
    return {name: Estimate(values[name], one.low, one.high) for name, one in found.items()}


def plain_scores(actual: Codes | Floats, outputs: Floats, *, classes: bool) -> dict[str, float]:
    """Return every measure, by scikit-learn, without its interval."""
    if classes:
        return _class_scores(np.asarray(actual, np.int64), outputs)
    return _value_scores(np.asarray(actual, np.float64), outputs)


def _value_scores(actual: Floats, predicted: Floats) -> dict[str, float]:
    from sklearn import metrics

    return {
        "r2": float(metrics.r2_score(actual, predicted)) if len(actual) > 1 else math.nan,
        "rmse": math.sqrt(metrics.mean_squared_error(actual, predicted)),
        "mae": float(metrics.mean_absolute_error(actual, predicted)),
        "median_ae": float(metrics.median_absolute_error(actual, predicted)),
    }


def _class_scores(actual: Codes, probability: Floats) -> dict[str, float]:
    from sklearn import metrics

    said, labels = probability.argmax(1), np.arange(probability.shape[1])
    occur = np.unique(actual)  # balanced_accuracy_score warns where a class is predicted only
    recall = metrics.recall_score(actual, said, labels=occur, average="macro", zero_division=0)
    found = {
        "accuracy": metrics.accuracy_score(actual, said),
        "balanced_accuracy": recall,
        "macro_f1": metrics.f1_score(actual, said, average="macro", zero_division=0),
        "log_loss": metrics.log_loss(actual, probability, labels=labels),
        "roc_auc": math.nan,
    }
    if len(occur) == 2 == len(labels):
        found["roc_auc"] = metrics.roc_auc_score(actual, probability[:, 1])
    elif len(occur) == len(labels):
        found["roc_auc"] = metrics.roc_auc_score(actual, probability, multi_class="ovr")
    return {name: float(value) for name, value in found.items()}


def _accuracy(counts: Floats) -> float:
    return float(np.trace(counts) / counts.sum())


def _balanced_accuracy(counts: Floats) -> float:
    """Return the mean recall of the classes that occur."""
    occur = counts.sum(1) > 0
    return float((np.diag(counts)[occur] / counts.sum(1)[occur]).mean())


def _macro_f1(counts: Floats) -> float:
    """Return the mean F1 of the classes that occur or are predicted."""
    either = counts.sum(0) + counts.sum(1)
    return float((2 * np.diag(counts)[either > 0] / either[either > 0]).mean())


def surprise(actual: Codes, probability: Floats) -> Floats:
    """Return the log loss of each row, (rows,), with probabilities held off 0 and 1 as
    scikit-learn does.
    """
    eps = np.finfo(np.float64).eps
    own = np.asarray(probability, np.float64)[np.arange(len(actual)), actual]
    return np.asarray(-np.log(np.clip(own, eps, 1 - eps)))


def _roc_auc(actual: Codes, probability: Floats) -> Measure:
    """Return the mean area under the ROC curves, each class against the rest, as a function of the
    rows; NaN where a class is missing.

    The area is the share of pairs, one of the class and one not, that p puts in order; ties count
    half (Mann and Whitney). Rows are sorted once, and a resample counts them.
    """
    k = probability.shape[1]
    sides = range(1, 2) if k == 2 else range(k)
    sorted_by = [_Sorted(actual == c, probability[:, c]) for c in sides]

    def of_rows(rows: Indices) -> float:
        counts = np.bincount(rows, minlength=len(actual)).astype(float)
        return float(np.mean([one.area(counts) for one in sorted_by]))

    return of_rows


class _Sorted:
    """Rows in the order of their probability, of which some are counted several times."""

    def __init__(self, is_class: NDArray[np.bool_], p: Floats) -> None:
        self._order = np.argsort(p, kind="stable")
        ordered = p[self._order]
        self._is_class = is_class[self._order]
        self._ties = np.flatnonzero(np.r_[True, ordered[1:] > ordered[:-1]])  # where each begins

    def area(self, counts: Floats) -> float:
        """Return the area for rows that are there `counts` (rows,) times."""
        each = counts[self._order]
        ours, others = (
            np.add.reduceat(np.where(side, each, 0.0), self._ties)
            for side in (self._is_class, ~self._is_class)
        )
        pairs = ours.sum() * others.sum()
        if not pairs:
            return math.nan
        return float((ours * (np.cumsum(others) - others / 2)).sum() / pairs)


def _r2(actual: Floats, squares: Floats) -> float:
    """Return R2, the mean over the outputs; as scikit-learn has it, a constant is explained whole
    by no error, and by none otherwise.
    """
    if len(actual) < 2:
        return math.nan
    left, all_of_it = squares.sum(0), np.square(actual - actual.mean(0)).sum(0)
    constant = np.where(left == 0, 1.0, 0.0)
    ratio = np.divide(left, all_of_it, out=np.zeros_like(left), where=all_of_it > 0)
    return float(np.where(all_of_it > 0, 1 - ratio, constant).mean())
