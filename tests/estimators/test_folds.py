"""Estimators of folds: nets that are validated on rows of their own, and predict together."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.preprocessing import scale

import mlpdash
from mlpdash import MLPClassifier, MLPRegressor

MORE: dict[str, Any] = {"lr": 0.01, "batch_size": 16, "random_state": 0}


@pytest.fixture(scope="module")
def flowers() -> tuple[NDArray[Any], NDArray[Any]]:
    x, y = load_iris(return_X_y=True)
    return scale(x), np.array(["a", "b", "c"])[y]


@pytest.fixture(scope="module")
def patients() -> tuple[NDArray[Any], NDArray[Any]]:
    x, y = load_diabetes(return_X_y=True)
    return scale(x), scale(y)


def test_a_classifier_predicts_with_the_mean_of_its_folds(flowers: Any) -> None:
    x, y = flowers
    net = MLPClassifier((8,), folds=5, repeats=2, **MORE).fit(x, y)
    assert len(net.nets_.seeds) == 10
    assert net.history_["loss_validation"].shape == (net.n_iter_, 10)
    assert net.n_iter_ < 200  # each was stopped by its own fold
    assert net.out_of_fold_.shape == (150, 3)
    assert net.out_of_fold_.sum(1) == pytest.approx(1)
    right = (net.classes_[net.out_of_fold_.argmax(1)] == y).mean()
    assert 0.9 < right <= net.score(x, y)


def test_out_of_fold_values_are_honest_where_nothing_can_be_learned() -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(80, 30)), random.normal(size=80)
    net = MLPRegressor((64,), folds=5, n_iter_no_change=200, tol=0, **MORE).fit(x, y)
    assert np.square(net.out_of_fold_ - y).mean() > 0.9 * y.var()
    assert np.square(net.predict(x) - y).mean() < np.square(net.out_of_fold_ - y).mean()


def test_values_come_in_the_shape_of_y(patients: Any) -> None:
    x, y = patients
    one = MLPRegressor((8,), folds=3, epochs=5, **MORE).fit(x, y)
    two = MLPRegressor((8,), folds=3, epochs=5, **MORE).fit(x, np.column_stack([y, -y]))
    assert one.out_of_fold_.shape == (442,)
    assert two.out_of_fold_.shape == (442, 2)


def test_labels_and_weights_have_folds_too(flowers: Any) -> None:
    x, y = flowers
    labels = np.column_stack([y == "a", x[:, 0] > 0]).astype(int)
    net = MLPClassifier((8,), folds=4, **MORE)
    net.fit(x, labels, sample_weight=np.linspace(0.1, 2, 150))
    assert net.out_of_fold_.shape == (150, 2)
    assert net.score(x, labels) > 0.8


def test_a_seed_gives_the_same_nets_and_a_copy_too(patients: Any) -> None:
    x, y = patients
    net = MLPRegressor((8,), folds=3, epochs=5, **MORE).fit(x, y)
    again = clone(net).fit(x, y)
    assert np.array_equal(net.nets_.flat, again.nets_.flat)


def test_a_bundle_keeps_all_of_them(patients: Any, tmp_path: Any) -> None:
    x, y = patients
    net = MLPRegressor((8,), folds=3, epochs=5, **MORE).fit(x, y)
    net.save(tmp_path / "net.mlpdash")
    found = mlpdash.load(tmp_path / "net.mlpdash")
    assert found.folds == 3
    assert np.array_equal(found.predict(x), net.predict(x))


@pytest.mark.parametrize(
    "wrong",
    [
        {"folds": 1},
        {"folds": 2.5},
        {"folds": "5"},
        {"folds": 5, "n_nets": 2},
        {"folds": 500},
        {"repeats": 3},
    ],
)
def test_what_makes_no_folds_is_refused(wrong: dict[str, Any], patients: Any) -> None:
    with pytest.raises(ValueError, match="folds"):
        MLPRegressor(**wrong).fit(*patients)


def test_a_fit_without_folds_forgets_what_was_out_of_fold(patients: Any) -> None:
    net = MLPRegressor((4,), folds=3, epochs=2, **MORE).fit(*patients)
    net.set_params(folds=None).fit(*patients)
    assert not hasattr(net, "out_of_fold_")


def test_some_rows_make_no_folds(patients: Any) -> None:
    with pytest.raises(ValueError, match="use fit"):
        MLPRegressor(folds=5).partial_fit(*patients)
