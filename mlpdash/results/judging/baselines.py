"""What simpler and stronger methods reach on the very same rows.

Each learns from the same encoded training rows as the net, with scikit-learn's own settings: a
net that does not beat them has not earned its keep.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.metrics import Floats, surprise
from mlpdash.results.judging.rows import Indices, actual_values
from mlpdash.text import N_
from mlpdash.training.choices import loss_for

NEIGHBOURS: Final = 5


@dataclass(frozen=True)
class Baseline:
    """A method to compare with: `make(prepared)` returns scikit-learn's estimator, not fitted."""

    title: str
    make: Callable[[Prepared], Any]


def _simplest(prepared: Prepared) -> Any:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    return DummyClassifier(strategy="prior") if prepared.classes else DummyRegressor()


def _linear(prepared: Prepared) -> Any:
    from sklearn.linear_model import LinearRegression, LogisticRegression

    return LogisticRegression(max_iter=1000) if prepared.classes else LinearRegression()


def _neighbours(prepared: Prepared) -> Any:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    count = min(NEIGHBOURS, len(prepared.split.train))
    return (KNeighborsClassifier if prepared.classes else KNeighborsRegressor)(count)


def _boosting(prepared: Prepared) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.multioutput import MultiOutputRegressor

    if prepared.classes:
        return HistGradientBoostingClassifier(random_state=0)
    return MultiOutputRegressor(HistGradientBoostingRegressor(random_state=0))


CLASSIFIERS: Final[Mapping[str, Baseline]] = {
    "simplest": Baseline(N_("the most frequent class"), _simplest),
    "linear": Baseline(N_("logistic regression"), _linear),
    "neighbours": Baseline(N_("5 nearest neighbours"), _neighbours),
    "boosting": Baseline(N_("gradient boosting"), _boosting),
}
REGRESSORS: Final[Mapping[str, Baseline]] = {
    "simplest": Baseline(N_("the mean"), _simplest),
    "linear": Baseline(N_("linear regression"), _linear),
    "neighbours": Baseline(N_("5 nearest neighbours"), _neighbours),
    "boosting": Baseline(N_("gradient boosting"), _boosting),
}

CONTRIBUTIONS: Final[Mapping[str, Callable[[Floats], Floats]]] = {  # of mistakes to a loss
    "squared_error": np.square,
    "squared_error_sum": np.square,
    "absolute_error": np.abs,
    "huber": lambda off: np.where(np.abs(off) <= 1, off**2 / 2, np.abs(off) - 0.5),
}


def baselines(prepared: Prepared) -> Mapping[str, Baseline]:
    """Return the methods that suit the task, the simplest first."""
    return CLASSIFIERS if prepared.classes else REGRESSORS


def fitted_outputs(prepared: Prepared, rows: Indices) -> Iterator[tuple[str, Floats]]:
    """Fit one method after the other on the training rows, and yield what each says of `rows`.

    Rows that were cut into folds are predicted by what was fitted without theirs.

    Yields
    ------
    the method's name, and (rows, K) probabilities or (rows, outputs) values in the targets' units
    """
    for name, baseline in baselines(prepared).items():
        yield name, _fold_by_fold(baseline, prepared, rows)


def live_scores(
    prepared: Prepared, rows: Indices, outputs: Floats, loss: str = "auto", batch: int = 1
) -> dict[str, float]:
    """Score what a method says of some rows as the live charts count.

    Parameters
    ----------
    outputs : (rows, K) probabilities, or values in the targets' units
    loss : a choice of `TrainSpec.loss`
    batch : rows per step, for a loss that is a sum over them

    Returns
    -------
    "loss", in the units of training, and "metric", the accuracy or the RMSE in the target's units
    """
    actual = actual_values(prepared)[rows]
    name = loss_for(prepared.task, loss)
    if prepared.classes:
        codes = actual.astype(np.int64)
        accuracy = float((outputs.argmax(1) == codes).mean())
        if name == "cross_entropy_after_softmax":
            outputs = np.exp(outputs) / np.exp(outputs).sum(1, keepdims=True)
        return {"loss": float(surprise(codes, outputs).mean()), "metric": accuracy}
    off = outputs - actual
    rmse = float(np.sqrt(np.square(off).mean()))
    each = CONTRIBUTIONS[name](off / prepared.target_scale)  # (rows, outputs)
    if name == "squared_error_sum":
        return {"loss": float(each.sum(1).mean() * batch), "metric": rmse}
    return {"loss": float(each.mean()), "metric": rmse}


def _fold_by_fold(baseline: Baseline, prepared: Prepared, rows: Indices) -> Floats:
    split = prepared.split
    if split.folds is None or not np.isin(rows, split.train).any():
        return _outputs(baseline.make(prepared), prepared, split.train, rows)
    said = np.zeros((len(rows), prepared.outputs))
    for fold in range(int(split.folds.max()) + 1):
        own = split.of_fold(0, fold)
        mine = np.isin(rows, own.validation)
        fold_only = replace(prepared, split=own)  # of which neighbours are counted
        said[mine] = _outputs(baseline.make(fold_only), prepared, own.train, rows[mine])
    return said


def _outputs(estimator: Any, prepared: Prepared, train: Indices, rows: Indices) -> Floats:
    from sklearn.exceptions import ConvergenceWarning

    target = prepared.y[train] if prepared.classes else actual_values(prepared)[train]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # then it is as good as it got
        estimator.fit(prepared.x[train], target)
    if not prepared.classes:
        return np.asarray(estimator.predict(prepared.x[rows]), np.float64).reshape(len(rows), -1)
    probability = np.zeros((len(rows), len(prepared.classes)))
    probability[:, estimator.classes_] = estimator.predict_proba(prepared.x[rows])
    probability /= probability.sum(1, keepdims=True)  # some add up to 1 in float32 only
    return probability
