"""Scores, intervals and paired differences, against scikit-learn and numbers worked by hand."""

import math
import warnings

import numpy as np
import pytest
from sklearn import metrics as sk

from mlpdash.results.judging.bootstrap import Estimate, estimates, paired_difference, resamples
from mlpdash.results.judging.metrics import (
    classification_measures,
    plain_scores,
    regression_measures,
    scores,
)


def probabilities(rows, classes, seed=0):
    drawn = np.random.default_rng(seed).gamma(1.0, size=(rows, classes))
    return drawn / drawn.sum(1, keepdims=True)


def test_classification_is_what_scikit_learn_says():
    actual = np.random.default_rng(1).integers(0, 3, 200)
    p = probabilities(200, 3)
    said = p.argmax(1)
    assert plain_scores(actual, p, classes=True) == pytest.approx(
        {
            "accuracy": sk.accuracy_score(actual, said),
            "balanced_accuracy": sk.balanced_accuracy_score(actual, said),
            "macro_f1": sk.f1_score(actual, said, average="macro"),
            "log_loss": sk.log_loss(actual, p),
            "roc_auc": sk.roc_auc_score(actual, p, multi_class="ovr"),
        }
    )


@pytest.mark.parametrize("seed", range(12))
def test_counting_says_what_scikit_learn_says_on_any_rows(seed):
    """Few rows of many classes: some classes never occur, some are never predicted."""
    random = np.random.default_rng(seed)
    k = int(random.integers(2, 7))
    actual, p = random.integers(0, k, 40), probabilities(40, k, seed)
    p[:3] = np.eye(k)[random.integers(0, k, 3)]  # certain, and perhaps wrong
    rows = random.integers(0, 40, 9)
    y, said = actual[rows], p[rows].argmax(1)
    found = {name: m(rows) for name, m in classification_measures(actual, p).items()}
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(y, said))
    occur = np.unique(y)
    recall = sk.recall_score(y, said, labels=occur, average="macro", zero_division=0)
    assert found["balanced_accuracy"] == pytest.approx(recall)
    assert found["macro_f1"] == pytest.approx(sk.f1_score(y, said, average="macro"))
    assert found["log_loss"] == pytest.approx(sk.log_loss(y, p[rows], labels=np.arange(k)))


@pytest.mark.parametrize("outputs", [1, 3])
def test_errors_of_resampled_rows_are_scikit_learns(outputs):
    y, v = np.random.default_rng(outputs).normal(size=(2, 60, outputs))
    y[:, -1] = np.round(y[:, -1] / 3)  # few rows of it may all be the same
    for rows in resamples(60, 20):
        for chosen in (rows, rows[:3]):
            found = {name: m(chosen) for name, m in regression_measures(y, v).items()}
            assert found == pytest.approx(plain_scores(y[chosen], v[chosen], classes=False))
    assert regression_measures(y, y)["r2"](np.array([0, 0])) == 1.0
    assert math.isnan(regression_measures(y, y)["r2"](np.array([0])))


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("digits", [1, 2, 9])
def test_the_area_of_resampled_rows_is_scikit_learns(k, digits):
    """With ties, and with rows that were drawn several times or never."""
    actual = np.random.default_rng(k).integers(0, k, 80)
    p = np.round(probabilities(80, k), digits)
    p /= p.sum(1, keepdims=True)
    measure = classification_measures(actual, p)["roc_auc"]
    for rows in resamples(80, 20):
        y, said = actual[rows], p[rows]
        theirs = sk.roc_auc_score(y, said[:, 1] if k == 2 else said, multi_class="ovr")
        assert measure(rows) == pytest.approx(theirs)
    assert math.isnan(measure(np.flatnonzero(actual != 0)))


def test_two_classes_are_ranked_by_the_second():
    actual = np.array([0, 0, 1, 1])
    p = np.array([0.1, 0.4, 0.35, 0.8])
    found = plain_scores(actual, np.column_stack([1 - p, p]), classes=True)
    assert found["roc_auc"] == pytest.approx(0.75)  # 3 of the 4 pairs are in order
    assert found["accuracy"] == 0.75
    assert found["log_loss"] == pytest.approx(-np.log([0.9, 0.6, 0.35, 0.8]).mean())


def test_a_class_that_no_row_has_leaves_no_warning_and_no_auc():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = plain_scores(np.array([0, 0, 1]), probabilities(3, 3), classes=True)
    assert math.isnan(found["roc_auc"])
    assert all(math.isfinite(v) for name, v in found.items() if name != "roc_auc")


def test_regression_is_what_scikit_learn_says_of_several_outputs():
    random = np.random.default_rng(2)
    y, v = random.normal(size=(2, 50, 2))
    assert plain_scores(y, v, classes=False) == pytest.approx(
        {
            "r2": sk.r2_score(y, v),
            "rmse": np.sqrt(np.square(y - v).mean()),
            "mae": np.abs(y - v).mean(),
            "median_ae": np.median(np.abs(y - v), axis=0).mean(),
        }
    )


def test_an_interval_is_the_middle_of_what_resampling_gives():
    values = np.random.default_rng(3).normal(5.0, 2.0, 400)
    found = estimates({"mean": lambda rows: float(values[rows].mean())}, 400)["mean"]
    again = [values[rows].mean() for rows in resamples(400)]
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(again, [2.5, 97.5])))
    half = 1.96 * values.std() / np.sqrt(400)  # what theory says of a mean
    assert found.high - found.low == pytest.approx(2 * half, rel=0.15)


def test_scores_have_intervals_around_them():
    actual = np.random.default_rng(1).integers(0, 2, 60)
    found = scores(actual, probabilities(60, 2), classes=True, count=50)
    assert all(one.low <= one.value <= one.high for one in found.values())
    assert found["accuracy"].low < found["accuracy"].high


def test_a_paired_difference_is_surer_than_two_intervals():
    """Two methods that err on the same hard rows differ on few; pairing sees it."""
    hard = np.random.default_rng(4).random(300) < 0.4
    ours = ~hard
    theirs = ours.copy()
    theirs[np.flatnonzero(ours)[:12]] = False
    found = paired_difference(
        lambda rows: float(ours[rows].mean()), lambda rows: float(theirs[rows].mean()), 300
    )
    assert found.value == pytest.approx(12 / 300)
    assert found.low > 0  # more than luck
    each = estimates({"": lambda rows: float(ours[rows].mean())}, 300)[""]
    assert each.high - each.low > 2 * (found.high - found.low)


def test_no_difference_has_no_interval():
    same = paired_difference(lambda rows: float(rows[0]), lambda rows: float(rows[0]), 20)
    assert same == Estimate(0.0, 0.0, 0.0)
