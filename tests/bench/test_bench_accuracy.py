"""The comparison of accuracies: it compares what it says, and neither side is favoured."""

import math

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlpdash.bench.accuracy import SETS, compared, measure


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_row_holds_scikit_learns_own_scores() -> None:
    x, y = load_iris(return_X_y=True)
    scores = []
    for seed in (0, 1):
        x0, x1, y0, y1 = train_test_split(x, y, test_size=0.25, random_state=seed, stratify=y)
        net = MLPClassifier(alpha=0, n_iter_no_change=200, tol=0, random_state=seed)
        scores.append(make_pipeline(StandardScaler(), net).fit(x0, y0).score(x1, y1))
    (row,) = measure(["iris"], seeds=(0, 1))
    assert row["scikit-learn"] == pytest.approx(np.mean(scores))
    assert row["mlpdash"] > 0.8
    assert (row["data"], row["score"]) == ("iris", "accuracy")


def test_worse_is_what_is_behind_by_more_than_a_standard_error() -> None:
    behind = np.array([[0.9, 0.8], [0.9, 0.9], [0.9, 0.7]])  # by 0.1, with an error of 0.1 / 3**0.5
    row = compared(behind)
    assert row["difference"] == pytest.approx(-0.1)
    assert row["standard_error"] == pytest.approx(0.1 / 3**0.5)
    assert row["no_worse"] is False
    assert compared(np.array([[0.9, 0.92], [0.9, 0.86]]))["no_worse"] is True  # by 0.01, error 0.03


def test_the_temperature_file_is_split_by_the_seed() -> None:
    x, x_test, y, y_test = SETS["temperature"](0)
    assert len(y) + len(y_test) == 365
    assert len(y_test) == math.ceil(0.25 * 365) or len(y_test) == round(0.25 * 365)
    other = SETS["temperature"](1)[3]
    assert not np.array_equal(y_test[: len(other)], other[: len(y_test)])
    assert x.shape[1] == x_test.shape[1]
