"""Baselines: the very same rows, and what scikit-learn gives by itself."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.results.judging.baselines import fitted_outputs, live_scores
from mlpdash.results.judging.judge import compare
from mlpdash.results.judging.rows import actual_values
from mlpdash.training.choices import loss_for, losses_for
from mlpdash.training.loop.evaluate import evaluate
from mlpdash.training.loop.feed import Rows
from tests.one_net import one_net


@pytest.fixture(autouse=True)
def one_thread():
    """Boosting on few rows loses its time to threads when the machine is busy."""
    with threadpool_limits(1):
        yield


def prepared(name, **choices):
    spec = one_net(name).changed(**choices).data
    return prepare(load(spec), spec)


def test_classifiers_learn_from_the_training_rows_alone():
    iris = prepared("iris")
    train, test = iris.split.train, iris.split.test
    found = dict(fitted_outputs(iris, test))
    direct = {
        "simplest": DummyClassifier(strategy="prior"),
        "linear": LogisticRegression(max_iter=1000),
        "neighbours": KNeighborsClassifier(5),
        "boosting": HistGradientBoostingClassifier(random_state=0),
    }
    assert list(found) == list(direct)
    for name, estimator in direct.items():
        p = estimator.fit(iris.x[train], iris.y[train]).predict_proba(iris.x[test])
        assert found[name] == pytest.approx(p, abs=1e-6)


def test_regressors_predict_in_the_targets_units():
    table = prepared("diabetes")
    train, test = table.split.train, table.split.test
    found = dict(fitted_outputs(table, test))
    y = actual_values(table)[:, 0]
    assert found["simplest"] == pytest.approx(np.full((len(test), 1), y[train].mean()))
    for name, estimator in (
        ("linear", LinearRegression()),
        ("boosting", HistGradientBoostingRegressor(random_state=0)),
    ):
        said = estimator.fit(table.x[train], y[train]).predict(table.x[test])
        assert found[name][:, 0] == pytest.approx(said, rel=1e-4)


def test_scores_for_the_live_charts_count_as_these_do():
    iris = prepared("iris")
    rows, train = iris.split.validation, iris.split.train
    p = LogisticRegression(max_iter=1000).fit(iris.x[train], iris.y[train])
    p = p.predict_proba(iris.x[rows])
    linear = live_scores(iris, rows, dict(fitted_outputs(iris, rows))["linear"])
    assert linear == pytest.approx(
        {
            "loss": log_loss(iris.y[rows], p / p.sum(1, keepdims=True)),
            "metric": accuracy_score(iris.y[rows], p.argmax(1)),
        },
        rel=1e-5,
    )
    table = prepared("temperature")
    y, rows = actual_values(table)[:, 0], table.split.validation
    simplest = live_scores(table, rows, dict(fitted_outputs(table, rows))["simplest"])
    off = y[rows] - y[table.split.train].mean()
    assert simplest["metric"] == pytest.approx(np.sqrt(np.square(off).mean()))
    scaled = table.y[rows, 0] - table.y[table.split.train, 0].mean()
    assert simplest["loss"] == pytest.approx(np.square(scaled).mean(), rel=1e-4)


@pytest.mark.parametrize(
    ("data", "loss"),
    [("iris", loss) for loss in losses_for("classification")]
    + [("two-layer", loss) for loss in losses_for("regression")],
)
def test_the_loss_of_a_line_is_the_loss_of_the_curve(data, loss):
    """As the engine scores a net that says the same."""
    table = prepared(data, validation=0.3)
    rows, random = table.split.validation, np.random.default_rng(0)
    v = random.normal(size=(len(rows), table.outputs))
    if table.classes:
        outputs = np.exp(v) / np.exp(v).sum(1, keepdims=True)
    else:
        outputs = v * table.target_scale + table.target_mean
    net = SimpleNamespace(members=1, forward=lambda x: torch.from_numpy(v)[None])
    y, scale = torch.from_numpy(table.y[rows]), torch.from_numpy(table.target_scale)
    x = torch.from_numpy(table.x[rows])
    theirs = evaluate(net, Rows(x, y), scale, loss=loss_for(table.task, loss), batch=8)
    found = live_scores(table, rows, outputs, loss, 8)
    assert found["loss"] == pytest.approx(float(theirs.loss[0]), rel=1e-5)
    assert found["metric"] == pytest.approx(float(theirs.metric[0]), rel=1e-5)


def test_a_perfect_net_beats_them_and_a_constant_one_does_not():
    iris = prepared("iris")
    right = np.eye(3)[iris.y]
    by_name = {one["name"]: one for one in compare(iris, right)}
    assert by_name["simplest"]["difference"]["value"] == pytest.approx(2 / 3)
    assert by_name["simplest"]["difference"]["low"] > 0
    constant = np.tile([1.0, 0.0, 0.0], (len(iris.x), 1))
    against = next(one for one in compare(iris, constant) if one["name"] == "linear")
    assert against["difference"]["high"] < 0


def test_less_error_counts_as_better():
    table = prepared("diabetes")
    first = next(compare(table, actual_values(table)))
    assert first["name"] == "simplest"
    assert first["difference"]["value"] == pytest.approx(first["scores"]["rmse"])
    assert first["difference"]["low"] > 0
