"""Curves, calibration and thresholds, against scikit-learn and by hand."""

import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, confusion_matrix, roc_auc_score, roc_curve

from mlpdash.results.judging.bins import bin_of
from mlpdash.results.judging.curves import calibrations, precision_recall_curves, roc_curves, wilson
from mlpdash.results.judging.thresholds import GRID, cheapest, counts_at


@pytest.fixture
def said():
    random = np.random.default_rng(0)
    actual = random.integers(0, 3, 300)
    p = random.gamma(1.0, size=(300, 3))
    p[np.arange(300), actual] += 1
    return actual, p / p.sum(1, keepdims=True)


def test_roc_of_each_class_against_the_rest(said):
    actual, p = said
    for c, curve in enumerate(roc_curves(actual, p)):
        x, y, at = roc_curve(actual == c, p[:, c])
        assert (curve.x, curve.y) == (x.tolist(), y.tolist())
        assert curve.at == [None, *at.tolist()[1:]]  # the first is beyond all rows
        assert curve.area == pytest.approx(roc_auc_score(actual == c, p[:, c]))


def test_long_curves_are_thinned_and_keep_their_ends():
    random = np.random.default_rng(1)
    actual, score = random.integers(0, 2, 5_000), random.random(5_000)
    curve = roc_curves(actual, np.column_stack([1 - score, score]))[1]
    assert len(curve.x) <= 301
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)


def test_precision_and_recall(said):
    actual, p = said
    for c, curve in enumerate(precision_recall_curves(actual, p)):
        assert curve.area == pytest.approx(average_precision_score(actual == c, p[:, c]))
        assert curve.x == sorted(curve.x)
        for recall, precision, at in zip(curve.x, curve.y, curve.at, strict=True):
            named = p[:, c] >= (math.inf if at is None else at)
            found = (named & (actual == c)).sum()
            assert recall == pytest.approx(found / (actual == c).sum())
            assert precision == pytest.approx(found / named.sum() if named.any() else 1)
        assert curve.y[-1] == pytest.approx((actual == c).mean(), abs=0.02)  # all are named


def test_a_class_without_rows_has_no_curve():
    empty = roc_curves(np.array([0, 1]), np.full((2, 3), 1 / 3))[2]
    assert (empty.x, empty.y) == ([], [])
    assert math.isnan(empty.area)


def test_calibration_is_scikit_learns(said):
    actual, p = said
    for c, found in enumerate(calibrations(actual, p)):
        observed, predicted = calibration_curve(actual == c, p[:, c], n_bins=10)
        assert found.observed == pytest.approx(observed.tolist())
        assert found.predicted == pytest.approx(predicted.tolist())
        assert sum(found.rows) == 300
        at = bin_of(p[:, c])
        assert found.rows == [int((at == b).sum()) for b in found.bins]
        inside = zip(found.low, found.observed, found.high, strict=True)
        assert all(low <= share <= high for low, share, high in inside)


def test_an_edge_belongs_to_the_bin_below():
    p = np.array([0.0, 0.1, 0.11, 0.5, 1.0])
    assert bin_of(p).tolist() == [0, 0, 1, 4, 9]
    found = calibrations(np.ones(5, int), np.column_stack([1 - p, p]))[1]
    assert dict(zip(found.bins, found.rows, strict=True)) == {0: 2, 1: 1, 4: 1, 9: 1}


def test_wilsons_interval_by_hand():
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert wilson(0, 10)[0] == 0
    assert wilson(0, 10)[1] == pytest.approx(0.2775328, abs=1e-6)


def test_counts_at_thresholds_are_confusion_matrices():
    random = np.random.default_rng(5)
    actual, p = random.integers(0, 2, 200), np.round(random.random(200), 2)
    counts = counts_at(actual, p)
    for n in (0, 17, 50, 100):
        tn, fp, fn, tp = confusion_matrix(actual, p >= GRID[n]).ravel()
        found = (
            counts.true_negative[n],
            counts.false_positive[n],
            counts.false_negative[n],
            counts.true_positive[n],
        )
        assert found == (tn, fp, fn, tp)
    assert counts.rows == 200


def test_the_cheapest_threshold_follows_the_costs():
    actual = np.array([0, 0, 0, 1, 1])
    p = np.array([0.1, 0.2, 0.7, 0.6, 0.9])
    counts = counts_at(actual, p)
    cost = counts.cost(1, 1)
    assert cost[50] == pytest.approx(1 / 5)  # the row at 0.7 is a false alarm
    assert cheapest(counts, 1, 1) == 0.5
    assert 0.7 < cheapest(counts, 10, 1) <= 0.9  # false alarms are dear
    assert cheapest(counts, 1, 10) <= 0.6
