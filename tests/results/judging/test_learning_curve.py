"""Whether more rows would help: what a learning curve's numbers are taken to mean."""

import math

import numpy as np
import pytest
from scipy import stats

from mlpdash.results.judging.learning_curve import LearningCurve, document_of, sentence


def curve(before, after, *, complete=True):
    errors = np.ones((5, len(before)))
    errors[-2:] = before, after
    return LearningCurve("rmse", (10, 20, 40, 70, 100), errors, "folds", complete)


def test_the_change_at_the_end_is_that_of_pairs_with_students_interval() -> None:
    before, after = np.array([2.0, 2.2, 1.9, 2.1, 1.8]), np.array([1.9, 2.0, 1.9, 2.0, 1.6])
    change = curve(before, after).last_change()
    low, high = stats.t.interval(0.95, 4, (after - before).mean(), stats.sem(after - before))
    expected = np.array([(after - before).mean(), low, high]) / before.mean()
    assert [change.value, change.low, change.high] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ((1.0, 1.0, 1.0), (0.95, 0.96, 0.95), "still falls by 4.7 %"),
        ((1.0, 1.0, 1.0), (0.999, 1.001, 1.0), "help little"),
        ((1.0, 1.0, 1.0), (0.997, 0.997, 0.997), "help little"),  # for sure, but next to nothing
        ((1.0, 1.0, 1.0), (1.2, 1.3, 1.25), "help little"),
        ((1.0, 1.0, 1.0), (0.7, 1.1, 0.9), "falls by 10.0 %, which may be luck"),
        ((1.0, 1.0, 1.0), (0.0, 3.0, 0.0), "interval −100.0 % to"),
        ((1.0, math.nan, math.nan), (1.0, 1.0, 1.0), "Too many nets diverged"),
    ],
)
def test_the_sentence_claims_no_more_than_the_interval_allows(before, after, says) -> None:
    assert says in sentence(curve(before, after)).replace("\u00a0", " ")


def test_a_curve_that_was_cut_short_says_so() -> None:
    assert "Time ran out" in sentence(curve((1.0, 1.0), (0.9, 0.9), complete=False))
    assert "Time ran out" not in sentence(curve((1.0, 1.0), (0.9, 0.9)))


def test_the_document_has_means_over_the_nets_that_are_left() -> None:
    found = document_of(curve((1.0, 3.0, math.nan), (2.0, 2.0, 2.0)), "EUR")
    assert (found["measure"], found["unit"], found["repeats"]) == ("rmse", "EUR", 3)
    size = found["sizes"][3]
    assert (size["share"], size["rows"], size["mean"]) == (0.7, 70, 2.0)
    assert size["deviation"] == pytest.approx(math.sqrt(2))
    assert set(found["change"]) == {"value", "low", "high"}
