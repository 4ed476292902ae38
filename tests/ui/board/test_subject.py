"""From rows to what the figures are about."""

from __future__ import annotations

import numpy as np
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.errors import SpecError
from mlpdash.results.explaining.components import components
from mlpdash.ui.board.subject import board_subject
from mlpdash.ui.choices.choices import View
from mlpdash.ui.choices.usable import axes_of, usable_view


def prepared(data: str, **choices: object) -> Prepared:
    spec = starting_point(data).changed(**choices).data
    return prepare(load(spec), spec)


def test_circle_is_shown_whole_with_its_held_out_half_marked() -> None:
    rows = prepared("circle")
    subject = board_subject(rows, View())
    assert subject.title == "Boundary over x1 and x2"
    assert subject.classes == ("-1", "1")
    assert len(subject.x) == 500
    assert subject.held_out.sum() == 250
    assert subject.y is not None
    frame = load(starting_point("circle").data).frame.to_numpy()
    np.testing.assert_allclose(
        np.column_stack([subject.x, subject.y]), frame[subject.row, :2], rtol=1e-6
    )
    assert (subject.value == (frame[subject.row, 2] > 0)).all()


def test_training_and_held_out_rows_keep_the_order_of_the_sample() -> None:
    rows = prepared("temperature")
    subject, sample = board_subject(rows, View()), sample_rows(rows)
    assert subject.row[~subject.held_out].tolist() == sample.train.tolist()
    assert subject.row[subject.held_out].tolist() == sample.held_out.tolist()
    assert subject.time is not None
    assert (np.diff(subject.time) >= np.timedelta64(0)).all()


def test_a_target_is_in_its_own_units() -> None:
    subject = board_subject(prepared("diabetes"), View())
    frame = load(starting_point("diabetes").data).frame
    np.testing.assert_allclose(
        subject.value, frame["progression"].to_numpy()[subject.row], rtol=1e-5
    )
    low, high = subject.color_range
    assert 0 < low <= subject.value.min() < subject.value.max() <= high


def test_a_target_has_its_unit() -> None:
    assert board_subject(prepared("temperature"), View()).target_unit == "°F"
    assert board_subject(prepared("circle"), View()).target_unit == ""


def test_colours_part_at_zero_where_the_target_has_both_signs() -> None:
    subject = board_subject(prepared("plane"), View())
    low, high = subject.color_range
    assert low == -high
    assert subject.diverging


def test_colours_of_a_table_go_by_the_range_of_its_target() -> None:
    """Also where a value is negative: ten targets of both signs, made by a net."""
    subject = board_subject(prepared("two-layer"), View(plane="inputs"))
    assert subject.color_range == (subject.value.min(), subject.value.max())
    assert subject.color_range[0] < 0 < subject.color_range[1]
    assert not subject.diverging


def test_a_view_names_its_axes_and_the_rest_is_said() -> None:
    rows = prepared("iris")
    subject = board_subject(rows, View(x="sepal width", y="petal width"))
    assert (subject.x_axis.name, subject.y_axis and subject.y_axis.name) == (
        "sepal width",
        "petal width",
    )
    assert subject.title == ("Boundary over sepal width and petal width; the rest at their medians")
    with pytest.raises(SpecError, match="nosuch"):
        axes_of(rows, View(x="nosuch"))


def test_the_sample_has_at_most_two_thousand_rows() -> None:
    assert len(board_subject(prepared("xor", rows=20_000), View()).x) == 2_000


def test_pictures_open_on_the_plane_of_their_components() -> None:
    rows = prepared("digits")
    subject = board_subject(rows, View())
    assert subject.title == "Boundary over the first two principal components"
    found = components(rows)
    percent = f"{found.explained[0]:.0%}"
    assert subject.x_axis.name == f"component 1: {percent} of the variance"
    assert subject.y is not None
    assert subject.y_axis is not None
    np.testing.assert_allclose(
        np.column_stack([subject.x, subject.y]), found.place(rows.x[subject.row])
    )
    assert subject.x_axis.low < subject.x.min() < subject.x.max() < subject.x_axis.high
    assert board_subject(rows, View(plane="inputs")).title.startswith("Boundary over pixel")


def test_one_class_is_named_in_the_title_and_its_rows_stay() -> None:
    rows = prepared("iris")
    subject = board_subject(rows, View(output="virginica"))
    assert subject.output == 2
    assert subject.title.startswith("P(virginica) over petal length and petal width")
    assert subject.value.tolist() == board_subject(rows, View()).value.tolist()


def test_one_of_several_targets_has_its_own_values_and_colours() -> None:
    rows = prepared("two-layer")
    subject = board_subject(rows, View(output="y3"))
    assert (subject.target, subject.output) == ("y3", None)
    assert subject.title == "Predicted y3 over the first two principal components"
    frame = load(starting_point("two-layer").data).frame
    np.testing.assert_allclose(subject.value, frame["y3"].to_numpy()[subject.row], rtol=1e-4)
    assert max(map(abs, subject.color_range)) == pytest.approx(np.abs(frame["y3"]).max(), rel=1e-4)


def test_an_output_that_is_not_there_is_let_go() -> None:
    view = View(output="rose", x="species", plane="pca", fade=True)
    assert usable_view(prepared("iris"), view) == View(plane="pca", fade=True)
    assert usable_view(prepared("iris"), View(output="setosa")).output == "setosa"


def test_fading_comes_with_the_figure_and_only_when_asked_for() -> None:
    rows = prepared("circle")
    assert board_subject(rows, View()).support is None
    found = board_subject(rows, View(fade=True)).support
    assert found is not None
    assert found.shape == (50, 50)
    assert found[25, 25] > 0.9  # in the disc
    assert found[0, 0] < 0.1  # in a corner, which has no rows
    along = board_subject(prepared("digits"), View(fade=True)).support
    assert along is not None
    assert along.max() > along.min()


def test_one_input_has_nothing_to_fade() -> None:
    subject = board_subject(prepared("sine"), View(fade=True, plane="pca"))
    assert (subject.y, subject.support) == (None, None)
