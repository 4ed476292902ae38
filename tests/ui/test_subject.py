"""From rows to what the figures are about."""

from __future__ import annotations

import numpy as np
import pytest

from mlpdash.data.datasets import load, starting_point
from mlpdash.data.preparing import Prepared, prepare
from mlpdash.data.sample import sample_rows
from mlpdash.errors import SpecError
from mlpdash.ui.choices import View
from mlpdash.ui.subject import axes_of, board_subject


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
    low, high = board_subject(prepared("plane"), View()).color_range
    assert low == -high


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
