"""The heat map over one or two settings."""

import json
from dataclasses import asdict

import pytest

from mlpdash.charts.board.figures import board_figures
from mlpdash.charts.board.population_grid import TITLES, settings_grid
from mlpdash.training.members import SETTINGS

LR = ("lr", (0.01, 0.1))
DROPOUT = ("dropout", (0.0, 0.2, 0.4))


def test_no_settings_no_grid(subject_of):
    assert settings_grid(subject_of("two"), ()) is None


def test_two_settings_are_named_in_the_title_and_on_the_axes(subject_of):
    grid = settings_grid(subject_of("two"), (LR, DROPOUT))
    assert grid.title == "Accuracy over learning rate and dropout"
    assert (grid.x.name, grid.x.labels) == ("lr", ("0.01", "0.1"))
    assert grid.y.values == (0.0, 0.2, 0.4)
    assert (grid.highest, grid.kind) == (True, "percent")
    json.dumps(asdict(grid), allow_nan=False)


def test_one_setting_is_a_row_and_of_errors_the_lowest_is_best(subject_of):
    grid = settings_grid(subject_of("plane"), (LR,))
    assert grid.y is None
    assert grid.title == "RMSE over learning rate"
    assert (grid.highest, grid.kind) == (False, "number")


@pytest.mark.parametrize("kind", ["two", "four", "plane"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_small_fields_have_the_colours_of_the_large_one(subject_of, kind, theme):
    subject = subject_of(kind)
    field = board_figures(subject, theme)[0].figure["data"][0]
    grid = settings_grid(subject, (LR,))
    assert grid.scales[theme] == field["colorscale"]
    assert grid.range == (field["zmin"], field["zmax"])
    assert grid.continuous == field["meta"]["continuous"]


def test_every_setting_that_can_be_in_a_grid_has_a_title():
    assert set(TITLES) == set(SETTINGS)
