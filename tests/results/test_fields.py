"""Grids over two inputs, lines over one."""

import numpy as np
import pytest

from mlpdash.data.datasets import load, starting_point
from mlpdash.data.preparing import prepare
from mlpdash.errors import SpecError
from mlpdash.results.fields import axes, axis_range, encode_axis, plane


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
