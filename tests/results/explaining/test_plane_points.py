"""Grids over two inputs, lines over one."""

import numpy as np
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.errors import SpecError
from mlpdash.results.explaining.components import components
from mlpdash.results.explaining.plane_points import (
    axes,
    axis_range,
    component_plane,
    encode_axis,
    output_index,
    outputs_of,
    plane,
    plane_of,
)


def prepared(name, **choices):
    spec = starting_point(name).changed(**choices).data
    return prepare(load(spec), spec)


def test_grid_covers_both_axes_with_x_running_fastest():
    grid = plane(prepared("circle"), None, None, 5)
    low, high = axis_range(grid.x)
    assert grid.xs.tolist() == pytest.approx(np.linspace(low, high, 5).tolist())
    assert grid.points.shape == (25, 2)
    assert grid.points[:5, 0].tolist() == grid.xs.tolist()
    assert set(grid.points[:5, 1].tolist()) == {grid.ys[0]}


def test_other_inputs_stand_at_the_median_of_the_training_rows():
    iris = prepared("iris")
    grid = plane(iris, "petal length", "petal width", 4)
    names = [f.name for f in iris.features]
    other = names.index("sepal length")
    median = np.median(iris.raw[iris.split.train, other])
    feature = iris.features[other]
    expected = np.float32((median - feature.mean) / feature.scale)
    assert set(grid.points[:, feature.start].tolist()) == {expected}
    assert len(set(grid.points[:, iris.features[names.index("petal length")].start])) == 4


def test_a_category_on_an_axis_takes_the_nearest_level():
    table = prepared("temperature")
    week = next(f for f in table.features if f.kind == "category")
    grid = plane(table, week.name, None, 30)
    columns = grid.points[:, week.start : week.stop]
    assert (columns.sum(1) == 1).all()
    assert columns[0].argmax() == 0
    assert columns[29].argmax() == len(week.levels) - 1
    assert encode_axis(week, np.array([1.4, 1.6])).argmax(1).tolist() == [1, 2]


def test_numbers_come_first_where_no_axis_is_named():
    first, second = axes(prepared("temperature"), None, None)
    assert first.kind == second.kind == "number"
    assert first.name != second.name


def test_the_most_telling_inputs_are_shown_where_none_is_named():
    first, second = axes(prepared("iris"), None, None)
    assert (first.name, second.name) == ("petal length", "petal width")
    first, second = axes(prepared("diabetes"), None, None)
    correlation = np.corrcoef(load(starting_point("diabetes").data).frame.to_numpy(float).T)[-1]
    assert {first.name, second.name} == {
        load(starting_point("diabetes").data).frame.columns[i]
        for i in np.argsort(-np.abs(correlation[:-1]))[:2]
    }


def test_the_same_input_on_both_axes_gives_way():
    iris = prepared("iris")
    name = iris.features[2].name
    first, second = axes(iris, name, name)
    assert (first.name, second.name != name) == (name, True)


def test_an_unknown_input_is_named_with_those_there_are():
    with pytest.raises(SpecError, match='no input "age" to show; there are: x1, x2'):
        axes(prepared("circle"), "age", None)


def test_inputs_made_of_both_axes_are_made_at_each_point():
    """x1*x2 belongs to neither axis alone."""
    table = prepared("circle", inputs=("x2", "x1^2", "x1*x2", "sin(x1)"))
    grid = plane(table, None, None, 9)
    x1, x2 = np.tile(grid.xs, 9), np.repeat(grid.ys, 9)
    names = [name for feature in table.features for name in feature.names_out]
    made = {"x2": x2, "x1^2": x1**2, "x1*x2": x1 * x2, "sin(x1)": np.sin(x1)}
    assert sorted(names) == sorted(made)
    terms = [term for feature in table.features for term in feature.terms]
    for column, term in enumerate(terms):
        expected = (made[term.name] - term.mean) / term.scale
        np.testing.assert_allclose(grid.points[:, column], expected, atol=1e-5)


def test_the_rest_can_be_held_at_the_values_of_a_row():
    iris = prepared("iris")
    grid = plane(iris, "petal length", "petal width", 4, base=20)
    assert set(grid.points[:, 0]) == {iris.x[20, 0]}
    assert set(grid.points[:, 1]) == {iris.x[20, 1]}


def test_pictures_and_wide_tables_are_shown_along_their_components():
    assert plane_of(prepared("digits"), None) == "pca"
    assert plane_of(prepared("two-layer"), "") == "pca"
    assert plane_of(prepared("iris"), None) == "inputs"
    assert plane_of(prepared("iris"), "pca") == "pca"
    assert plane_of(prepared("digits"), "inputs") == "inputs"
    assert plane_of(prepared("iris"), "nonsense") == "inputs"


@pytest.mark.parametrize("name", ["circle", "sine"])
def test_two_columns_have_no_components_to_choose(name):
    assert plane_of(prepared(name), "pca") == "inputs"


def test_components_of_two_inputs_with_many_columns_are_a_plane():
    assert plane_of(prepared("circle", inputs=("x1", "x2", "x1*x2")), "pca") == "pca"


def test_a_plane_of_components_goes_there_and_back():
    digits = prepared("digits")
    found = components(digits)
    grid = component_plane(digits, found, 7)
    places = found.place(grid.points)
    np.testing.assert_allclose(places[:, 0], np.tile(grid.xs, 7), atol=1e-5)
    np.testing.assert_allclose(places[:, 1], np.repeat(grid.ys, 7), atol=1e-5)
    assert not grid.is_line


def test_outputs_to_choose_from_are_classes_or_targets():
    assert outputs_of(prepared("iris")) == ("setosa", "versicolor", "virginica")
    assert outputs_of(prepared("two-layer"))[9] == "y10"
    assert outputs_of(prepared("circle")) == ()  # the probability of one says that of the other
    assert outputs_of(prepared("diabetes")) == ()
    assert output_index(prepared("iris"), "virginica") == 2
    assert output_index(prepared("iris"), "rose") is None
    assert output_index(prepared("iris"), None) is None
