"""Principal components next to scikit-learn's."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.results.explaining.components import component_ranges, components
from mlpdash.results.explaining.planes import support


def prepared(name, **choices):
    spec = starting_point(name).changed(**choices).data
    return prepare(load(spec), spec)


@pytest.mark.parametrize(
    "name", ["iris", "digits", "two-layer"]
)  # two-layer: more columns than rows
def test_directions_and_shares_are_scikit_learns(name):
    table = prepared(name)
    found = components(table)
    pca = PCA(2, svd_solver="full").fit(table.x[table.split.train].astype(np.float64))
    assert found.explained == pytest.approx(tuple(pca.explained_variance_ratio_), rel=1e-6)
    along = np.abs((found.directions * pca.components_).sum(1))  # up to the sign
    assert along == pytest.approx([1, 1], abs=1e-6)
    largest = np.abs(found.directions).argmax(1)
    assert (found.directions[[0, 1], largest] > 0).all()


def test_a_place_on_the_plane_is_the_place_of_its_point():
    table = prepared("digits")
    found = components(table)
    places = np.array([[0.3, -1.2], [2.0, 0.0]])
    points = found.points(places)
    assert points.dtype == np.float32
    assert found.place(points) == pytest.approx(places, abs=1e-5)


def test_the_axes_hold_every_sampled_row():
    table = prepared("digits")
    found = components(table)
    (left, right), (low, high) = component_ranges(found, table)
    sample = sample_rows(table)
    shown = found.place(table.x[np.concatenate([sample.train, sample.held_out])])
    assert left < shown[:, 0].min() < shown[:, 0].max() < right
    assert low < shown[:, 1].min() < shown[:, 1].max() < high


def test_columns_that_never_vary_explain_nothing():
    table = prepared("iris")
    still = np.zeros_like(table.x)
    still[:, 0] = np.arange(len(still))
    found = components(type(table)(**{**vars(table), "x": still}))
    assert found.explained == pytest.approx((1.0, 0.0), abs=1e-9)
    assert np.isfinite(found.directions).all()


def test_support_is_what_scikit_learns_neighbours_say():
    table = prepared("digits")
    train = table.x[table.split.train]
    points = table.x[table.split.validation] * np.float32(1.3)
    index = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(train.astype(np.float64))
    reach = np.percentile(index.kneighbors(train)[0][:, 1], 95)
    away = index.kneighbors(points, n_neighbors=1)[0][:, 0]
    expected = np.exp(-(np.maximum(away / reach - 1, 0) ** 2) / 2)
    assert (expected < 0.99).any()
    np.testing.assert_allclose(support(table, points), expected, atol=1e-3)


def test_rows_that_are_all_the_same_support_themselves():
    table = prepared("iris")
    still = type(table)(**{**vars(table), "x": np.ones_like(table.x)})
    near, far = support(still, np.float32([[1, 1, 1, 1], [9, 9, 9, 9]]))
    assert (near, far < 0.01) == (1, True)
