"""Speed is not paid for with accuracy: the same nets by scikit-learn and by mlpdash, side by side.

Both get the same rows, architecture, optimiser, learning rate, batch size and number of epochs, and
neither stops early; the values are the defaults of both. What differs is how initial weights are
drawn, and the implementation.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEEDS: Final = (0, 1, 2, 3, 4)
TEST_SHARE: Final = 0.25
HIDDEN: Final = (100,)
LR: Final = 0.001
EPOCHS: Final = 200

Split = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]  # x, x of the test, y, y


def measure(
    names: Sequence[str] | None = None, seeds: Sequence[int] = SEEDS
) -> list[dict[str, Any]]:
    """Train both on every set, once for each seed, which also decides on the test rows.

    Parameters
    ----------
    names : some of `SETS`; by default all

    Returns
    -------
    a row for each set: data, score (what is measured), scikit-learn and mlpdash (mean over the
    seeds), difference (mlpdash - scikit-learn), standard_error (of it, seeds paired), no_worse
    (mlpdash is not behind by more than one standard error)
    """
    rows = []
    for name in names or SETS:
        scores = np.array([_scores(SETS[name](seed), seed) for seed in seeds])  # (seeds, 2)
        kind = "R2" if name in NUMBERS else "accuracy"
        rows.append({"data": name, "score": kind, **compared(scores)})
    return rows


def compared(scores: NDArray[np.float64]) -> dict[str, Any]:
    """Compare the scores (seeds, 2) of scikit-learn and of mlpdash."""
    theirs, ours = scores.mean(0).tolist()
    differences = scores[:, 1] - scores[:, 0]
    error = float(differences.std(ddof=1)) / math.sqrt(len(scores))
    return {
        "scikit-learn": theirs,
        "mlpdash": ours,
        "difference": ours - theirs,
        "standard_error": error,
        "no_worse": bool(ours - theirs >= -error),
    }


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
    from mlpdash.data.load import load, starting_point
    from mlpdash.data.prepare import prepare

    start = starting_point("temperature")
    preparation = start.data.preparation.model_copy(update={"target_scaling": "standard"})
    choices = {"validation": 0, "test": TEST_SHARE, "split_seed": seed}
    spec = start.changed(preparation=preparation, **choices).data
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
