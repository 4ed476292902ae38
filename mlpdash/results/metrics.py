"""How good predictions are, by scikit-learn's own functions, with bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.results.bootstrap import RESAMPLES, Estimate, Indices, Measure, estimates

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

CLASSIFICATION: Final = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "roc_auc")
REGRESSION: Final = ("r2", "rmse", "mae", "median_ae")
PRIMARY: Final[Mapping[str, str]] = {"classification": "accuracy", "regression": "rmse"}
LOWER_IS_BETTER: Final = frozenset({"log_loss", "rmse", "mae", "median_ae"})


def classification_measures(actual: Codes, probability: Floats) -> dict[str, Measure]:
    """Return the measures of predicted probabilities as functions of the rows.

    What follows from counts is counted here, since the bootstrap asks hundreds of times; on all
    rows it is what scikit-learn says, as the tests hold.

    Parameters
    ----------
    actual : (rows,) class codes 0..K-1
    probability : (rows, K), each row adding up to 1
    """
    k = probability.shape[1]
    cell = actual * k + probability.argmax(1)  # (rows,) of the confusion matrix
    each = surprise(actual, probability)

    def counted(measure: Callable[[Floats], float]) -> Measure:
        def of_rows(rows: Indices) -> float:
            return measure(np.bincount(cell[rows], minlength=k * k).reshape(k, k).astype(float))

        return of_rows

    labels = np.arange(k)
    return {
        "accuracy": counted(_accuracy),
        "balanced_accuracy": counted(_balanced_accuracy),
        "macro_f1": counted(_macro_f1),
        "log_loss": lambda rows: float(each[rows].mean()),
        "roc_auc": lambda rows: _roc_auc(actual[rows], probability[rows], labels),
    }


def regression_measures(actual: Floats, predicted: Floats) -> dict[str, Measure]:
    """Return the measures of predicted values as functions of the rows.

    Parameters
    ----------
    actual, predicted : (rows, outputs) in the targets' units. R2 is the mean over the outputs, the
        RMSE the root of the mean over rows and outputs, as on the live board.
    """
    from sklearn import metrics

    def valued(measure: Callable[[Floats, Floats], float]) -> Measure:
        return lambda rows: float(measure(actual[rows], predicted[rows]))

    return {
        "r2": valued(_r2),
        "rmse": valued(lambda y, v: math.sqrt(metrics.mean_squared_error(y, v))),
        "mae": valued(metrics.mean_absolute_error),
        "median_ae": valued(metrics.median_absolute_error),
    }


def measures(actual: Codes | Floats, outputs: Floats, *, classes: bool) -> dict[str, Measure]:
    """Return the measures for probabilities when `classes`, else for values."""
    if classes:
        return classification_measures(np.asarray(actual, np.int64), outputs)
    return regression_measures(np.asarray(actual, np.float64), outputs)


def scores(
    actual: Codes | Floats, outputs: Floats, *, classes: bool, count: int = RESAMPLES
) -> dict[str, Estimate]:
    """Return every measure with its interval.

    Parameters
    ----------
    actual : (rows,) class codes, or (rows, outputs) values
    outputs : (rows, K) probabilities, or (rows, outputs) values
    """
    from sklearn import config_context

    with config_context(assume_finite=True, skip_parameter_validation=True):
        return estimates(measures(actual, outputs, classes=classes), len(actual), count)


def plain_scores(actual: Codes | Floats, outputs: Floats, *, classes: bool) -> dict[str, float]:
    """Return every measure without its interval."""
    every: Indices = np.arange(len(actual))
    return {name: m(every) for name, m in measures(actual, outputs, classes=classes).items()}


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


def _roc_auc(actual: Codes, probability: Floats, labels: Codes) -> float:
    """Return the area under the ROC curve, one class against the rest; NaN where one is missing."""
    from sklearn.metrics import roc_auc_score

    if len(np.unique(actual)) < len(labels):
        return math.nan
    if len(labels) == 2:
        return float(roc_auc_score(actual, probability[:, 1]))
    return float(roc_auc_score(actual, probability, multi_class="ovr", labels=labels))


def _r2(actual: Floats, predicted: Floats) -> float:
    from sklearn.metrics import r2_score

    return float(r2_score(actual, predicted)) if len(actual) > 1 else math.nan
