"""Split-conformal margins: worked by hand, and they hold what they promise on rows never seen."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mlpdash.results.judging.conformal import Margins, covered, margins_of, quantile


def table(y: np.ndarray, classes: tuple[str, ...] = (), **parts: Any) -> Any:
    """Return what `margins_of` needs of a prepared table."""
    empty = np.array([], np.int64)
    split = SimpleNamespace(**dict.fromkeys(("train", "validation", "test"), empty) | parts)
    one = np.ones(1)
    return SimpleNamespace(y=y, classes=classes, split=split, target_mean=0 * one, target_scale=one)


@pytest.mark.parametrize(
    ("rows", "place"),
    [(9, 9), (10, 10), (19, 18), (99, 90), (100, 91)],  # ceil(0.9 (n + 1))
)
def test_the_margin_is_the_right_one_of_the_mistakes_in_order(rows: int, place: int) -> None:
    off = np.random.default_rng(rows).permutation(np.arange(1.0, rows + 1))[:, None]
    found = quantile(off, 0.9)
    assert found is not None
    assert found.tolist() == [place]


def test_eight_rows_are_too_few_for_nine_tenths() -> None:
    assert quantile(np.ones((8, 1)), 0.9) is None
    rows = np.arange(8)
    assert margins_of(table(np.ones((8, 1)), validation=rows), np.zeros((8, 1))) is None


def test_the_validation_rows_tell_and_else_the_test_rows() -> None:
    y = np.concatenate([np.full(20, 1.0), np.full(20, 5.0)])[:, None]
    said = np.zeros((40, 1))
    both = {"validation": np.arange(20), "test": np.arange(20, 40)}
    assert margins_of(table(y, **both), said) == Margins(0.9, "validation", 20, (1.0,))
    few = both | {"validation": np.arange(5)}
    assert margins_of(table(y, **few), said) == Margins(0.9, "test", 20, (5.0,))


def test_intervals_of_each_target_stand_around_its_prediction() -> None:
    low, high = Margins(0.9, "test", 30, (1.0, 10.0)).interval(np.array([[5.0, 50.0]]))
    assert (low.tolist(), high.tolist()) == ([[4.0, 40.0]], [[6.0, 60.0]])


def test_a_set_holds_what_is_not_ruled_out_and_always_the_likeliest() -> None:
    margins = Margins(0.9, "test", 30, (0.7,))  # a class needs a probability of 0.3
    sets = margins.sets(np.array([[0.5, 0.4, 0.1], [0.29, 0.28, 0.28]]))
    assert sets.tolist() == [[True, True, False], [True, False, False]]


def test_nine_in_ten_new_rows_lie_inside_whatever_the_noise() -> None:
    """The promise itself, on skewed noise that has no symmetric interval."""
    random = np.random.default_rng(0)
    shares = []
    for _turn in range(40):
        y = random.exponential(3.0, size=(400, 1))
        parts = table(y, validation=np.arange(200), test=np.arange(200, 400))
        said = np.full((400, 1), 3.0)
        margins = margins_of(parts, said)
        assert margins is not None
        shares.append(covered(parts, said, margins, "test"))
    assert np.mean(shares) == pytest.approx(0.9, abs=0.01)


def test_nine_in_ten_sets_hold_the_true_class() -> None:
    random = np.random.default_rng(1)
    shares = []
    for _turn in range(40):
        p = random.dirichlet(np.ones(4), 400)
        y = np.array([random.choice(4, p=row) for row in p])
        parts = table(y, ("a", "b", "c", "d"), validation=np.arange(200), test=np.arange(200, 400))
        margins = margins_of(parts, p)
        assert margins is not None
        shares.append(covered(parts, p, margins, "test"))
    assert np.mean(shares) == pytest.approx(0.9, abs=0.015)
