"""The scikit-learn face: against plain torch, against the dashboard's engine, and at work."""

import json
import pickle
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mlpdash
from mlpdash import MLPClassifier, MLPRegressor
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.errors import BundleError
from mlpdash.results.predicting import Predictor
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of
from mlpdash.runs.bundles import archive
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.headless import run_headless
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from tests.one_net import one_net

ROOT = Path(__file__).parents[2]
IRIS = StandardScaler().fit_transform(load_iris().data), load_iris().target
DIABETES = StandardScaler().fit_transform(load_diabetes().data), load_diabetes().target / 100


# -- the same numbers as elsewhere --------------------------------------------------------------


def torch_net(seed: int, sizes: list[int]) -> torch.nn.Sequential:
    torch.manual_seed(seed)
    layers: list[torch.nn.Module] = []
    for m, n in pairwise(sizes):
        layers += [torch.nn.Linear(m, n), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1]).double()


def fit_torch(net: torch.nn.Module, x: Any, loss_of: Any, epochs: int) -> torch.Tensor:
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _epoch in range(epochs):
        optimizer.zero_grad()
        loss_of(net(torch.tensor(x))).backward()
        optimizer.step()
    return net(torch.tensor(x)).detach()


def plan(**more: Any) -> dict[str, Any]:
    return {
        "hidden_layer_sizes": 7, "activation": "tanh", "lr": 0.01, "batch_size": None,
        "epochs": 30, "random_state": 11, **more,
    }  # fmt: skip


def test_a_classifier_is_what_torch_makes_of_weighted_rows() -> None:
    x, y = IRIS
    weight = np.random.default_rng(0).uniform(0, 3, len(y))
    weight[:20] = 0

    def loss_of(v: torch.Tensor) -> torch.Tensor:
        each = torch.nn.functional.cross_entropy(v, torch.tensor(y), reduction="none")
        return (each * torch.tensor(weight)).sum() / weight.sum()

    expected = fit_torch(torch_net(11, [4, 7, 3]), x, loss_of, 30).softmax(1).numpy()
    found = MLPClassifier(**plan()).fit(x, y, sample_weight=weight)
    np.testing.assert_allclose(found.predict_proba(x), expected, rtol=1e-9)
    np.testing.assert_array_equal(found.predict(x), expected.argmax(1))


@pytest.mark.parametrize(
    ("loss", "theirs"),
    [
        ("squared_error", torch.nn.functional.mse_loss),
        ("absolute_error", torch.nn.functional.l1_loss),
        ("huber", torch.nn.functional.huber_loss),
    ],
)
def test_a_regressor_of_several_outputs_is_what_torch_makes(loss: str, theirs: Any) -> None:
    x, y = DIABETES
    both = np.column_stack([y, -(y**2)])
    expected = fit_torch(
        torch_net(11, [10, 7, 2]), x, lambda v: theirs(v, torch.tensor(both)), 30
    ).numpy()
    found = MLPRegressor(**plan(loss=loss)).fit(x, both).predict(x)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_several_labels_are_learned_side_by_side() -> None:
    x, y = make_multilabel_classification(80, 6, n_classes=4, random_state=0)
    goal = torch.tensor(y).double()
    expected = fit_torch(
        torch_net(11, [6, 7, 4]),
        x,
        lambda v: torch.nn.functional.binary_cross_entropy_with_logits(v, goal),
        30,
    ).sigmoid()
    found = MLPClassifier(**plan()).fit(x, y)
    np.testing.assert_allclose(found.predict_proba(x), expected, rtol=1e-8)
    np.testing.assert_array_equal(found.predict(x), expected.numpy() > 0.5)


def test_an_estimator_is_the_dashboards_net_to_the_last_bit() -> None:
    experiment = one_net("iris").changed(epochs=4, validation=0, test=0, seed=3)
    prepared = prepare(load(experiment.data), experiment.data)
    learner = learner_for(prepared, experiment)
    losses = [float(p.losses[0]) for p in train(learner) if p.losses is not None]
    model, spec = experiment.model, experiment.train
    found = MLPClassifier(
        model.hidden, model.activation, optimizer=spec.optimizer, lr=spec.lr, epochs=4,
        batch_size=spec.batch_size, random_state=3,
    )  # fmt: skip
    rows = prepared.split.train
    found.fit(prepared.x[rows], prepared.y[rows])
    np.testing.assert_array_equal(found.nets_.flat, learner.net.flat.numpy())
    np.testing.assert_array_equal(found.history_["loss_train"], losses)


def test_balanced_classes_are_the_weights_that_balance_them() -> None:
    x, y = IRIS[0][30:], IRIS[1][30:]  # 20, 50, 50 rows
    weight = 120 / 3 / np.array([20, 50, 50])[y]
    balanced = MLPClassifier(**plan(class_weight="balanced")).fit(x, y)
    weighted = MLPClassifier(**plan()).fit(x, y, sample_weight=weight)
    named = MLPClassifier(**plan(class_weight={0: 2.0, 1: 0.8, 2: 0.8})).fit(x, y)
    for other in (weighted, named):
        np.testing.assert_allclose(balanced.predict_proba(x), other.predict_proba(x), rtol=1e-9)
    plain = MLPClassifier(**plan()).fit(x, y)
    assert not np.allclose(balanced.predict_proba(x), plain.predict_proba(x), rtol=1e-3)


# -- several nets -------------------------------------------------------------------------------


@pytest.mark.parametrize("stopping", [False, True])
def test_nets_side_by_side_are_those_that_train_alone(stopping: bool) -> None:
    x, y = DIABETES
    how = plan(batch_size=32, lr=0.02, epochs=60, early_stopping=stopping, n_iter_no_change=3)
    if stopping:  # the same rows must be held out
        how |= {"random_state": np.random.RandomState(5)}
    together = MLPRegressor(**how | {"n_nets": 3}).fit(x, y)
    mean, std = together.predict(x, return_std=True)
    alone = []
    for n, seed in enumerate(together.nets_.seeds):
        if stopping and n:
            break  # another seed holds out other rows when alone
        one = MLPRegressor(**how | {"random_state": seed}).fit(x, y)
        alone.append(one.predict(x))
        np.testing.assert_allclose(one.coefs_[0], together.coefs_[0][n], rtol=1e-7, atol=1e-9)
    if not stopping:
        np.testing.assert_allclose(mean, np.mean(alone, 0), rtol=1e-7)
        np.testing.assert_allclose(std, np.std(alone, 0), rtol=1e-5)
        assert together.history_["loss_train"].shape == (60, 3)


def test_the_spread_of_a_class_is_that_of_its_probability() -> None:
    x, y = IRIS
    found = MLPClassifier(**plan(n_nets=4)).fit(x, y)
    labels, std = found.predict(x, return_std=True)
    each = [MLPClassifier(**plan(random_state=11 + n)).fit(x, y).predict_proba(x) for n in range(4)]
    np.testing.assert_allclose(found.predict_proba(x), np.mean(each, 0), rtol=1e-8)
    own = np.std(each, 0)[np.arange(len(y)), labels]
    np.testing.assert_allclose(std, own, rtol=1e-5, atol=1e-12)


# -- going on, and stopping ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "choices",
    [
        {"activation": "prelu", "optimizer": "nesterov", "choices": {"momentum": 0.5, "clip": 0.1}},
        {"optimizer": "adamw", "weight_decay": 0.1, "choices": {"schedule": "cosine"}},
        {"choices": {"bias": False, "init": "he", "activations": ("gelu", "silu"), "l1": 0.01}},
        {"loss": "cross_entropy_after_softmax", "optimizer": "rmsprop"},
    ],
)
def test_every_choice_of_the_dashboard_is_there_to_the_last_bit(
    choices: dict[str, Any], tmp_path: Path
) -> None:
    own = {"activation": "relu", "lr": 0.01, "batch_size": 16, **choices}
    flat = {**{k: v for k, v in own.items() if k != "choices"}, **choices.get("choices", {})}
    experiment = one_net("iris").changed(
        epochs=3, validation=0, test=0, seed=3, hidden=(6, 5), **{"optimizer": "adam", **flat}
    )
    prepared = prepare(load(experiment.data), experiment.data)
    learner = learner_for(prepared, experiment)
    losses = [float(p.losses[0]) for p in train(learner) if p.losses is not None]
    x, y = (part[prepared.split.train] for part in (prepared.x, prepared.y))
    found = MLPClassifier((6, 5), epochs=3, random_state=3, **own).fit(x, y)
    np.testing.assert_array_equal(found.nets_.flat, learner.net.flat.numpy())
    np.testing.assert_array_equal(found.history_["loss_train"], losses)
    found.save(tmp_path / "e.mlpdash")
    again = mlpdash.load(tmp_path / "e.mlpdash")
    assert again.get_params() == found.get_params()
    np.testing.assert_array_equal(again.predict_proba(x), found.predict_proba(x))


def test_a_warm_start_takes_on_another_activation_and_optimiser() -> None:
    found = MLPClassifier(epochs=3, random_state=0, warm_start=True).fit(*IRIS)
    before = [w.copy() for w in found.coefs_]
    found.set_params(activation="prelu", optimizer="sgd", lr=1e-9).fit(*IRIS)
    assert found.nets_.layout.activations == ("prelu",)
    for old, new in zip(before, found.coefs_, strict=True):
        np.testing.assert_allclose(old, new, atol=1e-6)


def test_a_warm_start_goes_on_as_if_it_had_never_stopped() -> None:
    x, y = IRIS
    how = plan(batch_size=16, dropout=0.2)
    whole = MLPClassifier(**how | {"epochs": 6}).fit(x, y)
    parts = MLPClassifier(**how | {"epochs": 3, "warm_start": True}).fit(x, y).fit(x, y)
    np.testing.assert_array_equal(whole.nets_.flat, parts.nets_.flat)
    one = MLPClassifier(**how)
    for _epoch in range(6):
        one.partial_fit(x, y, classes=[0, 1, 2])
    np.testing.assert_array_equal(whole.nets_.flat, one.nets_.flat)
    again = MLPClassifier(**how | {"epochs": 6}).fit(x, y).fit(x, y)
    np.testing.assert_array_equal(whole.nets_.flat, again.nets_.flat)


def test_what_goes_on_must_fit_what_was_there() -> None:
    x, y = IRIS
    found = MLPClassifier(**plan(warm_start=True)).fit(x, y)
    with pytest.raises(ValueError, match="not there before: 7"):
        found.fit(x, np.where(y == 2, 7, y))
    with pytest.raises(ValueError, match="there are 1 nets, and they cannot continue as 2"):
        clone(found).fit(x, y).set_params(n_nets=2).fit(x, y)
    with pytest.raises(ValueError, match="layers"):
        found.set_params(hidden_layer_sizes=(3,)).fit(x, y)
    with pytest.raises(ValueError, match="not there before: 7, 8, 9"):
        MLPClassifier().partial_fit(x, y, classes=[0, 1, 2]).partial_fit(x, y + 7)
    with pytest.raises(ValueError, match="has 2 columns where the earlier one had 1"):
        MLPRegressor().partial_fit(x, y).partial_fit(x, np.column_stack([y, y]))


def test_early_stopping_keeps_the_weights_of_the_best_epoch() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 8))
    y = (x[:, 0] + rng.normal(size=60) > 0).astype(int)  # noise that a wide net learns by heart
    found = MLPClassifier(
        (64,), lr=0.02, batch_size=10, epochs=300, early_stopping=True, validation_fraction=0.4,
        n_iter_no_change=5, random_state=2,
    ).fit(x, y)  # fmt: skip
    judged = found.history_["loss_validation"]
    best = int(judged.argmin())
    assert len(judged) == found.n_iter_ == best + 1 + 5 < 300
    alone = MLPClassifier((64,), lr=0.02, batch_size=10, epochs=best + 1, random_state=2)
    train_rows, held_out = _split(y, 0.4, 2)
    alone.fit(x[train_rows], y[train_rows])
    np.testing.assert_allclose(found.nets_.flat, alone.nets_.flat, rtol=1e-6, atol=1e-9)
    assert judged[best] == pytest.approx(
        log_loss(y[held_out], found.predict_proba(x[held_out])), rel=1e-9
    )


def _split(y: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.model_selection import train_test_split

    return tuple(
        train_test_split(np.arange(len(y)), test_size=share, random_state=seed, stratify=y)
    )


def test_a_fit_whose_loss_is_not_finite_warns_and_keeps_finite_weights() -> None:
    x, y = DIABETES
    estimator = MLPRegressor(activation="identity", optimizer="sgd", lr=10, random_state=0)
    with pytest.warns(ConvergenceWarning, match="stopped being finite in epoch"):
        estimator.fit(x * 100, y)
    assert np.isfinite(estimator.predict(x)).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lr": -1}, r"Learning rate \(lr\) must be .* greater than 0"),
        ({"hidden_layer_sizes": (0,)}, "must be"),
        ({"activation": "swish"}, "must be one of relu"),
        ({"optimizer": "lbfgs"}, "must be one of"),
        ({"loss": "hinge"}, "loss must be"),
        ({"choices": {"data": "iris"}}, "choices must be among activations, .*; got data"),
        ({"choices": {"momentum": 2}}, r"Momentum \(momentum\) must be"),
        ({"n_nets": 0}, "n_nets must be at least 1"),
        ({"epochs": None}, "needs a number of epochs"),
    ],
)
def test_a_parameter_that_is_not_possible_is_one_sentence(
    wrong: dict[str, Any], words: str
) -> None:
    for estimator in (MLPClassifier(**wrong), MLPRegressor(**wrong)):
        with pytest.raises(ValueError, match=words):
            estimator.fit(*IRIS)


def test_a_verbose_fit_says_how_the_loss_falls(capsys: pytest.CaptureFixture[str]) -> None:
    MLPRegressor(epochs=40, verbose=True).fit(*DIABETES)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert lines[-1].startswith("epoch 40: training loss ")


def test_a_fit_leaves_torch_as_it_was() -> None:
    before, tiny = torch.get_num_threads(), torch.tensor(1e-40)
    torch.set_num_threads(3)
    try:
        MLPClassifier(epochs=1).fit(*IRIS)  # on one thread: the net is small
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert float(tiny * 1) > 0  # numbers that small are not rounded to 0


# -- among scikit-learn's own -------------------------------------------------------------------


def test_they_work_where_scikit_learns_estimators_work() -> None:
    x, y = load_iris(return_X_y=True, as_frame=True)
    pipe = make_pipeline(StandardScaler(), MLPClassifier((8,), lr=0.02, random_state=0))
    assert cross_val_score(pipe, x, y, cv=3).min() > 0.9
    grid = GridSearchCV(pipe, {"mlpclassifier__lr": np.array([1e-6, 0.02])}, cv=3).fit(x, y)
    assert grid.best_params_ == {"mlpclassifier__lr": 0.02}
    found = permutation_importance(grid.best_estimator_, x, y, n_repeats=3, random_state=0)
    assert set(np.argsort(found.importances_mean)[2:]) == {2, 3}  # the petals tell the species
    assert clone(pipe[-1]).get_params() == pipe[-1].get_params()
    again = pickle.loads(pickle.dumps(grid.best_estimator_))  # noqa: S301 - our own
    np.testing.assert_array_equal(again.predict_proba(x), grid.predict_proba(x))


def test_targets_can_be_scaled_around_them() -> None:
    x, y = load_diabetes(return_X_y=True)
    inner = make_pipeline(StandardScaler(), MLPRegressor((8,), lr=0.01, random_state=0))
    found = TransformedTargetRegressor(inner, transformer=StandardScaler()).fit(x, y)
    assert 0.5 < found.score(x, y) < 0.8


def test_the_boundary_can_be_drawn_by_scikit_learn() -> None:
    pytest.importorskip("matplotlib")
    from sklearn.inspection import DecisionBoundaryDisplay

    x, y = IRIS[0][:, 2:], IRIS[1]
    found = MLPClassifier((8,), lr=0.02, random_state=0).fit(x, y)
    display = DecisionBoundaryDisplay.from_estimator(found, x, grid_resolution=20)
    assert display.response.shape[:2] == (20, 20)


# -- saved and loaded ---------------------------------------------------------------------------

CLASSES = {
    "text": np.array(["setosa", "versicolor", "virginica"]),
    "objects": np.array(["setosa", "versicolor", "virginica"], dtype=object),
    "numbers": np.array([-1, 5, 2**40]),
    "floats": np.array([0.5, 1.0, 7.0]),
}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_classifier_comes_back_with_its_classes(name: str, dtype: Any, tmp_path: Path) -> None:
    x, y = IRIS[0].astype(dtype), CLASSES[name][IRIS[1]]
    if name == "floats":
        y = y.astype(str).astype(object)  # floats are no classes to scikit-learn
    found = MLPClassifier((6, 5), epochs=5, n_nets=2, random_state=1).fit(x, y)
    found.save(tmp_path / "iris.mlpdash")
    loaded = mlpdash.load(tmp_path / "iris.mlpdash")
    assert isinstance(loaded, MLPClassifier)
    assert loaded.get_params() == found.get_params()
    assert loaded.classes_.dtype == found.classes_.dtype
    np.testing.assert_array_equal(loaded.predict(x), found.predict(x))
    np.testing.assert_array_equal(loaded.predict_proba(x), found.predict_proba(x))
    np.testing.assert_array_equal(loaded.history_["loss_train"], found.history_["loss_train"])
    loaded.set_params(warm_start=True).fit(x, y)  # from the weights, with a fresh optimiser


def test_labels_columns_and_weights_of_classes_come_back(tmp_path: Path) -> None:
    x, y = make_multilabel_classification(40, 3, n_classes=3, random_state=0)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    found = MLPClassifier(epochs=3, random_state=np.random.RandomState(0)).fit(frame, y)
    found.save(tmp_path / "labels.mlpdash")
    loaded = mlpdash.load(tmp_path / "labels.mlpdash")
    assert isinstance(loaded, MLPClassifier)
    assert loaded.random_state is None
    assert loaded.feature_names_in_.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(loaded.predict_proba(frame), found.predict_proba(frame))
    weighted = MLPClassifier(class_weight={0: 1.0, 1: 2.0}, epochs=2).fit(x, y[:, 0])
    weighted.save(tmp_path / "weights.mlpdash")
    assert mlpdash.load(tmp_path / "weights.mlpdash").class_weight == {0: 1.0, 1: 2.0}  # type: ignore[union-attr]


LOADER = """
import sys, mlpdash, numpy
numpy.save(sys.argv[3], mlpdash.load(sys.argv[1]).predict(numpy.load(sys.argv[2])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True])
def test_a_regressor_predicts_the_same_bits_in_a_fresh_process(
    several: bool, tmp_path: Path
) -> None:
    x, y = DIABETES
    found = MLPRegressor(epochs=3, random_state=0).fit(x, np.column_stack([y, y]) if several else y)
    found.save(tmp_path / "d.mlpdash")
    np.save(tmp_path / "x.npy", x)
    subprocess.run(
        [sys.executable, "-c", LOADER, "d.mlpdash", "x.npy", "y.npy"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        check=True,
    )
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), found.predict(x))


def test_a_bundle_of_an_estimator_predicts_tables_as_a_runs_does(tmp_path: Path) -> None:
    x, y = load_iris(return_X_y=True, as_frame=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    found = MLPClassifier(epochs=5, random_state=0).fit(x, names)
    found.save(tmp_path / "e.mlpdash")
    predictor = mlpdash.runs.bundles.bundle.read_bundle(tmp_path / "e.mlpdash").predictor
    assert predictor.predict(x).tolist() == found.predict(x).tolist()
    np.testing.assert_allclose(predictor.predict_proba(x), found.predict_proba(x), rtol=1e-5)


def test_the_bundle_of_a_run_loads_as_a_predictor(tmp_path: Path) -> None:
    run_headless(one_net("iris").changed(epochs=2), out=tmp_path / "run")
    (tmp_path / "run.mlpdash").write_bytes(exported("bundle", nets_of(Store(tmp_path / "run"))))
    found = mlpdash.load(tmp_path / "run.mlpdash")
    assert isinstance(found, Predictor)
    frame = load(one_net("iris").data).frame
    assert found.predict_proba(frame).shape == (150, 3)
    assert set(found.predict(frame)) <= {"setosa", "versicolor", "virginica"}


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": {"lr; import os": 1}},
        {"parameters": [1]},
        {"classes": {"values": [1, 2], "dtype": "O"}},
        {"classes": {"values": [1, 2, 3], "dtype": "M8[ns]"}},
        {"classes": {"values": [1, 2, 3], "dtype": "V999999999"}},
        {"classes": {"values": [[1], 2, 3], "dtype": "O"}},
        {"classes": None},
        {"history": {"loss_train": [[1], [1, 2]]}},
        {"code": "evil"},
    ],
)
def test_a_strangers_estimator_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "e.mlpdash"
    MLPClassifier(epochs=1).fit(*IRIS).save(path)
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    changed = json.loads(members["estimator.json"]) | change
    path.write_bytes(archive.pack({**members, "estimator.json": json.dumps(changed).encode()}))
    with pytest.raises(BundleError, match=r"its estimator\.json is not"):
        mlpdash.load(path)


def test_what_is_not_fitted_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(NotFittedError):
        MLPClassifier().save(tmp_path / "x.mlpdash")
    assert not list(tmp_path.glob("*.mlpdash"))


# -- the package --------------------------------------------------------------------------------


def test_the_package_offers_four_names_and_imports_them_late() -> None:
    assert mlpdash.__all__ == sorted(mlpdash.__all__)
    assert set(mlpdash.__all__) == {
        "MLPClassifier",
        "MLPRegressor",
        "__version__",
        "load",
        "report",
    }
    assert set(mlpdash.__all__) <= set(dir(mlpdash))
    assert all(getattr(mlpdash, name) is not None for name in mlpdash.__all__)
    with pytest.raises(AttributeError, match="no attribute 'fit'"):
        mlpdash.fit  # type: ignore[attr-defined]  # noqa: B018
    code = "import mlpdash, sys; print(sorted({'torch', 'sklearn', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n"
