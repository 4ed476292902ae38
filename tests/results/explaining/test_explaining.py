"""Importance, dependence, attributions and planes, against scikit-learn and by hand."""

import numpy as np
import pytest
import torch
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.decomposition import PCA
from sklearn.inspection import partial_dependence

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.features import encode
from mlpdash.results.explaining.attribution import integrated_gradients
from mlpdash.results.explaining.dependence import dependence, grid_of
from mlpdash.results.explaining.importance import (
    Shuffled,
    effort,
    importance_of,
    permutation_importance,
    some,
)
from mlpdash.results.explaining.plane_points import typical_row
from mlpdash.results.explaining.planes import component_slice, feature_slice, support
from mlpdash.results.predicting import predictor_of
from mlpdash.training.net.initial import build
from tests.one_net import one_net


def prepared(name, **choices):
    spec = one_net(name).changed(**choices).data
    return prepare(load(spec), spec)


def net_for(table, hidden=(5,), activation="tanh"):
    model = one_net("circle").changed(hidden=hidden, activation=activation).model
    flat = build((table.width, *hidden, table.outputs), activation, [3]).flat.numpy()
    return predictor_of(table.preprocessor, model, flat)


def of_one_input(table, name):
    """Return outputs that depend on one input alone: its encoded columns, weighted."""
    feature = next(f for f in table.features if f.name == name)
    weights = np.arange(1.0, feature.stop - feature.start + 1)
    return lambda x: 10.0 * (x[:, feature.start : feature.stop] @ weights)[:, None]


def test_only_the_input_that_is_used_is_important():
    table = prepared("temperature")
    found = permutation_importance(
        table, of_one_input(table, "temp_1"), table.split.validation, repeats=4
    )
    assert found[0].feature == "temp_1"
    assert [one.mean for one in found[1:]] == pytest.approx([0.0] * (len(found) - 1), abs=1e-9)
    assert len(found[0].drawn) == 4
    assert found[0].spread == pytest.approx(np.std(found[0].drawn))


def test_importance_is_the_growth_of_the_loss():
    """By hand: shuffle one input with scikit-learn's own random numbers."""
    iris = prepared("iris")
    rows = iris.split.validation
    predictor = net_for(iris)
    found = {
        one.feature: one for one in permutation_importance(iris, predictor.outputs, rows, repeats=1)
    }

    def log_loss(raw):
        p = predictor.outputs(encode(iris.features, raw))
        return -np.log(p[np.arange(len(rows)), iris.y[rows]]).mean()

    raw = iris.raw[rows]
    state = np.random.RandomState(np.random.RandomState(0).randint(np.iinfo(np.int32).max + 1))
    order = np.arange(len(rows))
    state.shuffle(order)
    shuffled = raw.copy()
    shuffled[:, 2] = raw[order, 2]
    assert found[iris.features[2].name].mean == pytest.approx(log_loss(shuffled) - log_loss(raw))


@pytest.mark.parametrize("features", [1, 7, 64, 784, 5_000])
@pytest.mark.parametrize("rows", [5, 300, 10_000])
def test_the_effort_is_bounded_and_never_a_handful_of_rows(features, rows):
    repeats, chosen = effort(features, features, rows)
    assert repeats in (3, 10)
    assert min(rows, 200) <= chosen <= min(rows, 2_000)
    if chosen > 200:
        assert features * features * chosen * repeats <= 400_000_000


def test_few_inputs_are_shuffled_ten_times_among_all_rows():
    iris = prepared("iris")
    found = importance_of(iris, lambda _rows: net_for(iris).outputs, iris.split.validation)
    assert (found.measure, found.rows, found.repeats) == ("log_loss", 30, 10)
    assert [len(one.drawn) for one in found.importance] == [10] * 4


def test_shuffled_rows_are_those_that_encoding_shuffled_values_gives():
    table = prepared("temperature")
    rows = table.split.validation
    places = np.tile(np.arange(len(rows))[:, None], len(table.features))
    for n in range(len(table.features)):
        places[:, n] = np.random.default_rng(n).permutation(len(rows))
        raw = np.take_along_axis(table.raw[rows], places, 0)
        found = Shuffled(table, lambda x: x, rows).outputs(places)
        assert np.array_equal(found, encode(table.features, raw))
    plane = prepared("xor", inputs=("x1", "x1*x2"))
    rows = plane.split.validation
    places = np.column_stack([np.arange(len(rows))[::-1], np.arange(len(rows))])
    raw = np.column_stack([plane.raw[rows[::-1], 0], plane.raw[rows, 1]])
    found = Shuffled(plane, lambda x: x, rows).outputs(places)
    assert np.array_equal(found, encode(plane.features, raw))


def test_the_columns_of_a_category_are_shuffled_together():
    table = prepared("temperature")
    week = next(f for f in table.features if f.kind == "category")
    seen = []

    def outputs(x):
        seen.append(x[:, week.start : week.stop].sum(1))
        return np.zeros((len(x), 1))

    permutation_importance(table, outputs, table.split.validation, repeats=2)
    assert all((total == 1).all() for total in seen)  # one level in each row, never two


class Raw(RegressorMixin, BaseEstimator):
    def __init__(self, table=None, outputs=None):
        self.table, self.outputs = table, outputs
        self.fitted_ = True

    def fit(self, x, y):
        return self

    def predict(self, raw):
        return self.outputs(encode(self.table.features, np.asarray(raw)))[:, 0]


def test_partial_dependence_is_scikit_learns():
    table = prepared("diabetes")
    rows = table.split.validation
    predictor = net_for(table)
    name = table.features[2].name
    found = dependence(table, predictor.outputs, rows, name)
    theirs = partial_dependence(
        Raw(table, predictor.outputs),
        table.raw[rows],
        [2],
        kind="both",
        method="brute",
        custom_values={2: found.grid},
    )
    assert found.mean[:, 0] == pytest.approx(theirs["average"][0], rel=1e-5)
    places = np.searchsorted(rows, np.sort(found.rows))
    order = np.argsort(found.rows)
    lines = theirs["individual"][0][places]
    assert found.lines[order][:, :, 0] == pytest.approx(lines, rel=1e-4)


def test_a_category_is_tried_at_each_level():
    table = prepared("temperature")
    week = next(f for f in table.features if f.kind == "category")
    found = dependence(table, of_one_input(table, week.name), table.split.train, week.name)
    assert found.grid.tolist() == list(range(len(week.levels)))
    assert found.mean[:, 0].tolist() == [10.0 * (n + 1) for n in range(len(week.levels))]


def test_a_grid_leaves_out_the_far_ends():
    table = prepared("diabetes")
    values = np.append(np.random.default_rng(0).normal(size=1_000), [1e6, np.nan])
    grid = grid_of(table.features[0], values)
    assert grid[-1] < 10
    assert grid_of(table.features[0], np.array([1.0, 2.0, 2.0])).tolist() == [1.0, 2.0]


def test_attributions_add_up_to_the_difference():
    iris = prepared("iris")
    predictor = net_for(iris, (8, 8))
    x = iris.x[7]
    for output in range(3):
        found = integrated_gradients(predictor, x, output)
        both = predictor.outputs(np.stack([x, typical_row(iris.features)]))
        assert (found.output, found.typical) == pytest.approx(tuple(both[:, output]), abs=1e-6)
        assert sum(found.shares) == pytest.approx(found.output - found.typical, abs=1e-5)


def test_attributions_of_a_linear_net_are_weight_times_way():
    table = prepared("temperature")
    predictor = net_for(table, (), "identity")
    x = table.x[11]
    found = integrated_gradients(predictor, x, 0, steps=3)
    weight = predictor.net.weights[0][0, 0].double().numpy() * table.target_scale[0]
    way = (x - typical_row(table.features)).astype(np.float64)
    expected = [(weight * way)[f.start : f.stop].sum() for f in table.features]
    assert found.shares == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_engineered_inputs_are_told_apart():
    table = prepared("xor", inputs=("x1", "x1*x2", "sin(x2)"))
    predictor = net_for(table, (), "identity")
    found = integrated_gradients(predictor, table.x[5], 1, steps=50)
    x1, x2 = table.raw[5]
    terms = {"x1": x1, "x1*x2": x1 * x2, "sin(x2)": np.sin(x2)}
    at = [list(terms).index(name) for name in found.features]
    start = torch.from_numpy(np.array(typical_row(table.features)))
    end = torch.tensor([terms[name] for name in found.features], dtype=torch.float32)
    weight, bias = predictor.net.weights[0][0], predictor.net.biases[0][0, 0]
    total = torch.zeros(3)
    for step in range(50):
        p = torch.softmax(weight @ (start + (step + 0.5) / 50 * (end - start)) + bias, 0)
        total += p[1] * (1 - p[1]) * (weight[1] - weight[0]) / 50
    assert found.shares == pytest.approx(((end - start) * total).tolist(), abs=1e-5)
    assert sorted(at) == [0, 1, 2]


def test_attributions_match_a_gradient_taken_by_hand():
    iris = prepared("iris")
    predictor = net_for(iris)
    found = integrated_gradients(predictor, iris.x[3], 1, steps=50)
    (w1, w2), (b1, b2) = predictor.net.weights, predictor.net.biases
    start, end = (torch.from_numpy(np.array(v)) for v in (typical_row(iris.features), iris.x[3]))
    total = torch.zeros(4)
    for step in range(50):
        x = start + (step + 0.5) / 50 * (end - start)
        h = torch.tanh(w1[0] @ x + b1[0, 0])
        p = torch.softmax(w2[0] @ h + b2[0, 0], 0)
        slope = p[1] * (torch.eye(3)[1] - p)  # of p1 over the logits
        total += (slope @ w2[0] * (1 - h**2)) @ w1[0] / 50
    assert found.shares == pytest.approx(((end - start) * total).tolist(), abs=1e-5)


def test_a_slice_holds_the_other_inputs_at_a_row():
    iris = prepared("iris")
    cut = feature_slice(iris, "petal length", "petal width", 20, 6)
    assert cut.points.shape == (36, 4)
    assert set(cut.points[:, 0]) == {iris.x[20, 0]}
    assert set(cut.points[:, 1]) == {iris.x[20, 1]}
    middle = feature_slice(iris, "petal length", "petal width", None, 6)
    assert set(middle.points[:, 0]) == {typical_row(iris.features)[0]}


def test_components_are_scikit_learns_and_points_lie_on_their_plane():
    iris = prepared("iris")
    cut = component_slice(iris, 5)
    pca = PCA(2, svd_solver="full").fit(iris.x[iris.split.train])
    assert cut.explained == pytest.approx(tuple(pca.explained_variance_ratio_), rel=1e-5)
    back = pca.transform(cut.points)
    assert back[:, 0] == pytest.approx(np.tile(cut.xs, 5), abs=1e-4)
    assert back[:, 1] == pytest.approx(np.repeat(cut.ys, 5), abs=1e-4)


def test_support_is_whole_at_training_rows_and_fades_far_away():
    iris = prepared("iris")
    rows = iris.x[iris.split.train]
    assert support(iris, rows) == pytest.approx(np.ones(len(rows)))
    far = support(iris, rows[:3] + np.float32(50))
    assert far == pytest.approx(np.zeros(3), abs=1e-6)
    away = [support(iris, rows[:1] + np.float32(d))[0] for d in (0.2, 0.8, 1.2, 2.0)]
    assert away == sorted(away, reverse=True)


def test_some_rows_are_evenly_spaced():
    assert some(np.arange(10), 4).tolist() == [0, 3, 6, 9]
    assert some(np.arange(3), 4).tolist() == [0, 1, 2]
