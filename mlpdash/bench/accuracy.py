"""Speed is not paid for with accuracy: the same nets by scikit-learn and by mlpdash, side by side.

Both get the same rows, architecture, optimiser, learning rate, batch size and number of epochs, and
neither stops early; the values are the defaults of both. What differs is how initial weights are
drawn, and the implementation.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEEDS: Final = (0, 1, 2, 3, 4)
TEST_SHARE: Final = 0.25
HIDDEN: Final = (100,)
LR: Final = 0.001
EPOCHS: Final = 200

Split = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]  # x, x of the test, y, y


@dataclass(frozen=True)
class AccuracyRow:
    """Test scores of one set over the seeds: accuracy, or R2 of numbers.

    Attributes
    ----------
    sklearn, mlpdash : mean scores
    difference : mlpdash - scikit-learn
    standard_error : of that difference, seeds paired
    """

    data: str
    score: str
    sklearn: float
    mlpdash: float
    difference: float
    standard_error: float

    @property
    def is_no_worse(self) -> bool:
        """Whether mlpdash is not behind by more than one standard error."""
        return self.difference >= -self.standard_error


def measure(names: Sequence[str] | None = None, seeds: Sequence[int] = SEEDS) -> list[AccuracyRow]:
    """Train both on every set, once for each seed, which also decides on the test rows.

    Parameters
    ----------
    names : some of `SETS`; by default all
    """
    return [_row(name, seeds) for name in (names or SETS)]


def as_text(rows: Sequence[AccuracyRow]) -> str:
    """Return the rows as a table of text."""
    lines = [f"{'data':<14} {'score':<9} {'sklearn':>8} {'mlpdash':>8} {'diff':>8} {'SE':>7}"]
    lines += [
        f"{r.data:<14} {r.score:<9} {r.sklearn:8.4f} {r.mlpdash:8.4f} {r.difference:+8.4f} "
        f"{r.standard_error:7.4f}{'' if r.is_no_worse else '  worse'}"
        for r in rows
    ]
    return "\n".join(lines)


def _row(name: str, seeds: Sequence[int]) -> AccuracyRow:
    scores = np.array([_scores(SETS[name](seed), seed) for seed in seeds])  # (seeds, 2)
    differences = scores[:, 1] - scores[:, 0]
    error = float(differences.std(ddof=1)) / math.sqrt(len(seeds)) if len(seeds) > 1 else math.nan
    kind = "R2" if name in NUMBERS else "accuracy"
    theirs, ours = scores.mean(0).tolist()
    return AccuracyRow(name, kind, theirs, ours, ours - theirs, error)


def _scores(split: Split, seed: int) -> tuple[float, float]:
    """Return the test scores of scikit-learn's net and of ours."""
    from sklearn import neural_network
    from sklearn.exceptions import ConvergenceWarning

    from mlpdash import MLPClassifier, MLPRegressor

    x, x_test, y, y_test = split
    numbers = y.dtype.kind == "f"
    same: dict[str, Any] = {"hidden_layer_sizes": HIDDEN, "random_state": seed}
    budget = {"max_iter": EPOCHS, "n_iter_no_change": EPOCHS, "tol": 0.0}
    theirs = neural_network.MLPRegressor if numbers else neural_network.MLPClassifier
    ours = MLPRegressor if numbers else MLPClassifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # all epochs were wanted
        one = theirs(learning_rate_init=LR, alpha=0.0, **same, **budget).fit(x, y)
    other = ours(lr=LR, epochs=EPOCHS, **same).fit(x, y)
    return float(one.score(x_test, y_test)), float(other.score(x_test, y_test))


def _from_sklearn(loader: str) -> Callable[[int], Split]:
    def split(seed: int) -> Split:
        from sklearn import datasets
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler

        x, y = getattr(datasets, loader)(return_X_y=True)
        classes = None if y.dtype.kind == "f" else y
        x, x_test, y, y_test = train_test_split(
            x, y, test_size=TEST_SHARE, random_state=seed, stratify=classes
        )
        scaler = StandardScaler().fit(x)
        if classes is None:
            mean, scale = y.mean(), y.std()
            y, y_test = (y - mean) / scale, (y_test - mean) / scale
        return scaler.transform(x), scaler.transform(x_test), y, y_test

    return split


def _temperature(seed: int) -> Split:
    """Return the sample file as the dashboard prepares it."""
    from mlpdash.data.datasets import load, starting_point
    from mlpdash.data.preparing import prepare

    choices = {"validation": 0, "test": TEST_SHARE, "split_seed": seed}
    spec = starting_point("temperature").changed(**choices).data
    found = prepare(load(spec), spec)
    rows, test = found.split.train, found.split.test
    x, y = found.x.astype(np.float64), found.y[:, 0].astype(np.float64)
    return x[rows], x[test], y[rows], y[test]


NUMBERS: Final = ("diabetes", "temperature")
SETS: Final[dict[str, Callable[[int], Split]]] = {
    "iris": _from_sklearn("load_iris"),
    "wine": _from_sklearn("load_wine"),
    "breast cancer": _from_sklearn("load_breast_cancer"),
    "digits": _from_sklearn("load_digits"),
    "diabetes": _from_sklearn("load_diabetes"),
    "temperature": _temperature,
}
