"""Figures of several nets: what they have besides, and that a single net has none of it."""

import numpy as np
import plotly.graph_objects as go
import pytest

from mlpdash.charts.board.figures import board_figures
from mlpdash.charts.board.population import levels, round_to_125
from tests.charts.board.test_figures import changed, unpacked


def ribbons(figure):
    return [t for t in figure.figure["data"] if t.get("meta", {}).get("ribbon")]


def test_one_net_has_no_band_no_opacity_and_no_range(subject):
    for figure in board_figures(subject):
        assert ribbons(figure) == []
        assert not {"fade", "contours", "band"} & {key.symbol for key in figure.legend}
        assert not any(reading.spread for reading in figure.readings)
        assert not any(w.array.endswith(("_low", "_high")) for w in figure.wires)
        assert not any(w.array.startswith("net_") for w in figure.wires)
        assert not figure.mean
        assert not {"field_opacity", "field_spread"} & {w.array for w in figure.wires}
        assert figure.hint == ""


@pytest.mark.parametrize("kind", ["two", "four", "twelve", "plane", "year", "one input"])
def test_figures_of_several_nets_are_valid_plotly_in_both_themes(subject_of, kind):
    one, other = (board_figures(subject_of(kind, nets=8), theme) for theme in ("light", "dark"))
    for here, there in zip(one, other, strict=True):
        whole = go.Figure(here.figure)
        for wire in here.wires:
            assert wire.attribute in whole.data[wire.trace]._valid_props
        assert changed(here.figure, here.themed["dark"]) == there.figure


@pytest.mark.parametrize("kind", ["two", "plane"])
def test_several_nets_draw_all_that_one_net_draws(subject_of, kind):
    alone, several = (board_figures(subject_of(kind, nets=n)) for n in (1, 8))
    for one, many in zip(alone, several, strict=True):
        assert set(one.wires) <= set(many.wires)
        assert many.figure["data"][: len(one.figure["data"])][1:] == one.figure["data"][1:]


def test_sureness_of_the_mean_is_opacity_and_legend_and_hover_name_it(subject_of):
    figure = board_figures(subject_of("two", nets=8))[0]
    field = figure.figure["data"][0]
    (wire,) = (w for w in figure.wires if w.array == "field_opacity")
    assert (wire.trace, wire.attribute, wire.every) == (0, field["meta"]["opacity"], 1)
    (key,) = (key for key in figure.legend if key.symbol == "fade")
    assert (key.split, key.label) == ("several", "pale: unsure (1 − entropy of the mean)")
    assert field["meta"]["beside"] == "1 − entropy of the nets' mean: {n}"


def test_spread_of_values_is_contours_at_levels_that_the_legend_names(subject_of):
    figure = board_figures(subject_of("plane", nets=8, target_unit="°C"))[0]
    contours = figure.figure["data"][0]["meta"]["contours"]
    (key,) = (key for key in figure.legend if key.symbol == "contours")
    assert key.label == "nets differ by ± 0.05; 0.1; 0.2; 0.5; 1 °C"
    assert contours["levels"] == [0.05, 0.1, 0.2, 0.5, 1]
    assert "field_spread" in {w.array for w in figure.wires}


@pytest.mark.parametrize("scale", [1e-7, 0.3, 1.0, 12.0, 4e6])
def test_levels_are_round_and_within_the_range_of_colour(subject_of, scale):
    found = levels(subject_of("plane", color_range=(0.0, scale)))
    assert all(0 < level < scale for level in found)
    assert np.all(np.diff(found) > 0)
    for level in found:
        assert f"{level:e}"[0] in "125"
        assert level == round_to_125(level)


def test_losses_get_a_band_for_each_split_and_one_nets_own_curves(subject_of):
    loss = board_figures(subject_of("two", nets=8))[1]
    train, validation = ribbons(loss)
    by_trace = {place: {} for place in range(len(loss.figure["data"]))}
    for wire in loss.wires:
        by_trace[wire.trace][wire.attribute] = wire.array
    data = loss.figure["data"]
    assert by_trace[data.index(train)] == {
        "x": "loss_x",
        "y": "loss_high",
        "customdata": "loss_low",
    }
    assert by_trace[data.index(validation)] == {
        "x": "validation_x",
        "y": "validation_high",
        "customdata": "validation_low",
    }
    own = [t for t in data if t["line"].get("dash") == "dot"]
    assert [by_trace[data.index(trace)] for trace in own] == [
        {"x": "net_x", "y": "net_loss_train"},
        {"x": "net_x", "y": "net_loss_validation"},
    ]
    assert [t["line"]["color"] for t in own] == [t["line"]["color"] for t in data[:2]]
    assert all("{net}" in trace["meta"]["net"] for trace in own)
    assert {key.live for key in loss.legend} == {"median", "", "net"}
    assert "median of 8 nets" in {key.label for key in loss.legend}


def test_without_held_out_rows_only_training_has_a_band(subject_of):
    subject = subject_of("two", nets=8, held_out=np.zeros(40, bool))
    _, loss, metric, _ = board_figures(subject)
    assert (len(ribbons(loss)), len(ribbons(metric))) == (1, 0)


def test_losses_and_metrics_are_read_as_ranges(subject_of):
    _, loss, metric, _ = board_figures(subject_of("plane", nets=8))
    assert {r.value: r.spread for r in (*loss.readings, *metric.readings)} == {
        "loss_train": True,
        "loss_validation": True,
        "metric_train": True,
        "metric_validation": True,
        "metric2_validation": False,
    }
    assert {"metric_low", "metric_high"} <= {w.array for w in metric.wires}


@pytest.mark.parametrize(
    ("kind", "forms"), [("plane", ["bars", "bars"]), ("year", ["band", "bars"])]
)
def test_predictions_get_intervals_where_their_points_are(subject_of, kind, forms):
    subject = subject_of(kind, nets=8)
    figure = board_figures(subject)[3]
    found = ribbons(figure)
    assert [t["meta"]["ribbon"] for t in found] == forms
    points = figure.figure["data"][1:3]
    for interval, point in zip(found, points, strict=True):
        if kind == "plane":
            np.testing.assert_array_equal(unpacked(interval["x"]), unpacked(point["x"]))
        else:
            assert interval["x"] == point["x"]
    assert {"predicted_train_low", "predicted_validation_high"} <= {w.array for w in figure.wires}


def test_a_confusion_matrix_has_no_interval(subject_of):
    assert ribbons(board_figures(subject_of("two", nets=8))[3]) == []


def test_hover_of_many_classes_has_a_name_for_each(subject_of):
    field = board_figures(subject_of("four"))[0].figure["data"][0]
    assert len(field["meta"]["names"]) == 4
    assert "<b>" not in "".join(field["meta"]["names"])
    assert "%{text}" in field["hovertemplate"]
    assert "%{text}" not in board_figures(subject_of("two"))[0].figure["data"][0]["hovertemplate"]


@pytest.mark.parametrize(("kind", "curves"), [("one input", 1), ("one input, two", 2)])
def test_a_curve_of_several_nets_gets_a_band(subject_of, kind, curves):
    figure = board_figures(subject_of(kind, nets=8))[0]
    bands = ribbons(figure)
    assert len(bands) == curves
    lines = [t for t in figure.figure["data"] if t["mode"] == "lines" and t not in bands]
    assert [b["line"]["color"] for b in bands] == [line["line"]["color"] for line in lines]
    data = figure.figure["data"]
    for wire in figure.wires:
        if wire.array.endswith("_low"):
            assert wire.attribute == "customdata"
            assert data[wire.trace] in bands
    assert "10 to 90 % of nets" in [key.label for key in figure.legend]


def test_r2_is_said_beside_a_range(subject_of):
    metric = board_figures(subject_of("plane", nets=8))[2]
    assert [reading.label for reading in metric.readings] == ["training", "validation", "R²"]


@pytest.mark.parametrize("kind", ["two", "plane", "year"])
def test_figures_of_the_mean_of_all_nets_say_so(subject_of, kind):
    assert [f.mean for f in board_figures(subject_of(kind, nets=8))] == [True, False, False, True]
