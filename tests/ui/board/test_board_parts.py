"""What the board gets besides its figures: pictures, and points drawn by hand."""

from __future__ import annotations

import pytest

from mlpdash.charts.theme import class_colors
from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.sets.drawn import STARTER
from mlpdash.specs import Experiment
from mlpdash.ui.board.board import message
from mlpdash.ui.board.drawing import drawing_of
from mlpdash.ui.board.pictures import pictures_of
from tests.ui.conftest import Stage


def both(data: str, **choices: object) -> tuple[Prepared, Experiment]:
    experiment = starting_point(data).changed(**choices)
    return prepare(load(experiment.data), experiment.data), experiment


def test_digits_are_shown_class_by_class_with_the_units_of_the_first_layer() -> None:
    found = pictures_of(*both("digits", hidden=(20, 7)))
    assert found is not None
    assert found.groups == (6,) * 10
    assert found.actual[::6] == tuple("0123456789")
    assert (len(found.units), found.unit_count) == (20, 20)
    assert found.held_out


def test_without_hidden_layers_the_weights_are_those_of_the_outputs() -> None:
    found = pictures_of(*both("digits", hidden=()))
    assert found is not None
    assert found.units == tuple("0123456789")


def test_a_grid_of_widths_shows_the_widest() -> None:
    found = pictures_of(*both("digits", hidden=(8,), sweep="width=8,90"))
    assert found is not None
    assert (len(found.units), found.unit_count) == (64, 90)


def test_digits_as_numbers_stand_in_order() -> None:
    found = pictures_of(*both("digits", task="regression", loss="auto"))
    assert found is not None
    assert (found.groups, found.codes) == ((), ())
    assert found.actual == tuple(sorted(found.actual))


@pytest.mark.parametrize("data", ["iris", "circle", "two-layer"])
def test_other_rows_have_no_pictures(data: str) -> None:
    assert pictures_of(*both(data)) is None


def test_a_drawing_begins_with_the_starter() -> None:
    found = drawing_of(starting_point("drawn"))
    assert found is not None
    assert found.text == STARTER
    assert len(found.points) == 12
    assert {point[2] for point in found.points} == {0, 1}


def test_a_drawing_has_its_points_and_a_colour_for_each_class() -> None:
    found = drawing_of(starting_point("drawn").changed(points="1,2,0; -1.5,2,1; 0,0,2"))
    assert found is not None
    assert found.points == ((1.0, 2.0, 0), (-1.5, 2.0, 1), (0.0, 0.0, 2))
    assert found.colors[0] == class_colors(2)
    assert [len(colors) for colors in found.colors] == list(range(2, 9))


def test_other_rows_are_not_drawn() -> None:
    assert drawing_of(starting_point("circle")) is None


def test_a_rate_that_was_found_is_taken_over_without_another_draft(stage: Stage) -> None:
    stage.open(data="circle")
    run = stage.start()
    stage.press(lr=0.2)
    assert stage.last.live["lr"] == 0.2
    assert stage.last.run == run


@pytest.mark.parametrize("odd", ["much", -1.0, [1]])
def test_a_rate_that_cannot_be_is_told_and_changes_nothing(stage: Stage, odd: object) -> None:
    stage.open(data="circle")
    stage.press(lr=odd)
    assert stage.last.live["lr"] == 0.03


def test_points_that_were_drawn_are_the_rows_of_a_new_draft(stage: Stage) -> None:
    stage.open(data="drawn")
    first = stage.start()
    text = "1,1,0; 2,1,0; -1,-1,1; -2,-1,1"
    stage.press(points=text)
    assert stage.last.run != first
    assert stage.last.drawing is not None
    assert stage.last.drawing.text == text
    assert stage.supervisor.runs[stage.last.run].experiment.data.points == text
    boundary = stage.last.figures[0].figure["data"]
    assert len(boundary[1]["text"]) == 4


def test_pictures_and_drawing_come_only_where_they_belong(stage: Stage) -> None:
    stage.open(data="circle")
    assert (stage.last.pictures, stage.last.drawing) == (None, None)
    stage.open(data="digits")
    assert stage.last.pictures is not None
    sent = message(stage.last)
    assert len(sent["pictures"]["rows"]) == 60
