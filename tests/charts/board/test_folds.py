"""Figures of nets of folds: one mean, each row once, and predictions that saw nothing."""

import numpy as np
import plotly.graph_objects as go
import pytest

from mlpdash.charts.board.figures import board_figures
from tests.charts.board.test_figures import unpacked


def of_folds(subject_of, kind):
    plain = subject_of(kind)
    return subject_of(kind, nets=5, folds=True, held_out=np.ones(len(plain.value), bool))


@pytest.mark.parametrize("kind", ["two", "four", "plane", "year", "one input"])
def test_they_are_valid_plotly(subject_of, kind):
    for figure in board_figures(of_folds(subject_of, kind)):
        whole = go.Figure(figure.figure)
        for wire in figure.wires:
            assert wire.attribute in whole.data[wire.trace]._valid_props


@pytest.mark.parametrize("kind", ["two", "plane"])
def test_the_mean_is_read_and_the_spread_is_drawn(subject_of, kind):
    _boundary, loss, metric, _predictions = board_figures(of_folds(subject_of, kind))
    for figure in (loss, metric):
        assert not any(reading.spread for reading in figure.readings)
        assert {"loss_validation", "metric_validation"} & {r.value for r in figure.readings}
        assert "mean over the folds" in {key.label for key in figure.legend}
        assert {"band", "dotted"} <= {key.symbol for key in figure.legend}
        assert "validated on the fold" in figure.hint


@pytest.mark.parametrize("kind", ["two", "plane"])
def test_rows_lie_on_the_boundary_once_as_rows_that_are_learned_from(subject_of, kind):
    subject = of_folds(subject_of, kind)
    boundary = board_figures(subject)[0]
    learned, apart = boundary.figure["data"][1:3]
    assert unpacked(learned["customdata"]).tolist() == subject.row.tolist()
    assert len(unpacked(apart["customdata"])) == 0
    assert "ring" not in {key.symbol for key in boundary.legend}


@pytest.mark.parametrize("kind", ["plane", "year"])
def test_predictions_are_of_one_net_for_each_row(subject_of, kind):
    predictions = board_figures(of_folds(subject_of, kind))[3]
    assert not predictions.mean
    assert not any(wire.array.endswith(("_low", "_high")) for wire in predictions.wires)
    assert "band" not in {key.symbol for key in predictions.legend}


def test_the_legend_says_who_predicts_a_row(subject_of):
    keys = board_figures(of_folds(subject_of, "plane"))[3].legend
    assert [key.label for key in keys] == ["by the net that did not learn from it"]
