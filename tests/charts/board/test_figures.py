"""The four figures together: valid plotly, wired to what is there, safe, and in both themes."""

import base64
import copy
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from mlpdash.charts import theme
from mlpdash.charts.board.figures import board_figures, differences
from mlpdash.charts.board.loss import KINDS
from mlpdash.charts.board.metric import metric_figure
from mlpdash.charts.board.parts import Wire
from mlpdash.charts.board.predictions import predictions_figure
from mlpdash.specs import choices_of
from tests.charts.test_theme import contrast, luminance


def strings(value):
    """Every string in a figure's JSON, without typed arrays."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("bdata", "uirevision"):  # never shown
                yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def unpacked(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), f"<{array['dtype']}")


def changed(figure, changes):
    """A copy of a figure with the changes made, as the browser makes them."""
    made = copy.deepcopy(figure)
    for path, value in changes.items():
        *way, last = path.split(".")
        place = made
        for key in way:
            place = place[int(key) if isinstance(place, list) else key]
        place[last] = value
    return made


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_are_valid_plotly(subject, theme):
    figures = board_figures(subject, theme)
    assert [figure.name for figure in figures] == ["boundary", "loss", "metric", "predictions"]
    for figure in figures:
        go.Figure(figure.figure)  # raises on an unknown attribute or a bad value
        json.dumps(figure.figure, allow_nan=False)


def test_wires_end_at_traces_that_take_them(subject):
    for figure in board_figures(subject):
        whole = go.Figure(figure.figure)
        for wire in figure.wires:
            assert wire.attribute in whole.data[wire.trace]._valid_props
            assert (wire.mode == "append") == bool(wire.counter)
            assert wire.every >= 1


def test_arrays_are_those_that_frames_carry(subject):
    wires = {f.name: {w.array for w in f.wires} for f in board_figures(subject)}
    assert wires["loss"] == {"loss_x", "loss_train", "validation_x", "loss_validation"}
    assert wires["metric"] == {"validation_x", "metric_train", "metric_validation"}
    if subject.task == "classification":
        assert wires["predictions"] == {"confusion"}
    else:
        assert wires["predictions"] == {"predicted_train", "predicted_validation"}
    if subject.y_axis:
        assert {"field", "field_x", "field_y"} <= wires["boundary"]
    else:
        assert "curve_x" in wires["boundary"]


def test_without_held_out_rows_there_is_no_second_curve(subject_of):
    subject = subject_of("two", held_out=np.zeros(40, bool))
    _, loss, metric, predictions = board_figures(subject)
    assert [len(f.figure["data"]) for f in (loss, metric)] == [1, 1]
    assert [r.split for f in (loss, metric) for r in f.readings] == ["train", "train"]
    assert "training" in predictions.title


def test_foreign_text_is_escaped_in_figures_and_raw_in_headings(subject):
    for figure in board_figures(subject):
        for text in strings(figure.figure):
            assert "<b>" not in text
            assert "%{x} & $" not in text
    assert board_figures(subject)[0].title == "Boundary over <x1> and x2"


@pytest.mark.parametrize(("one", "other"), [("light", "dark"), ("dark", "light")])
def test_what_differs_makes_one_theme_of_the_other(subject, one, other):
    for here, there in zip(board_figures(subject, one), board_figures(subject, other), strict=True):
        assert changed(here.figure, here.themed[other]) == there.figure
        assert changed(here.figure, here.themed[one]) == here.figure
        assert len(json.dumps(here.themed)) < 12_000  # colours, never rows


def test_differences_of_nested_values():
    before = {"a": [{"b": 1, "c": [1, 2]}, {"b": 2, "c": []}], "d": {"e": "x"}}
    after = {"a": [{"b": 1, "c": [1, 3]}, {"b": 5, "c": []}], "d": {"e": "y"}}
    assert differences(before, after) == {"a.0.c": [1, 3], "a.1.b": 5, "d.e": "y"}
    assert differences(before, before) == {}


def test_zoom_survives_new_rows_and_not_new_axes(subject_of):
    base, moved = subject_of("two"), subject_of("two", value=np.ones(40))
    other = subject_of("four")
    revisions = [
        [f.figure["layout"]["uirevision"] for f in board_figures(s)] for s in (base, moved, other)
    ]
    assert revisions[0] == revisions[1]
    assert revisions[0][3] != revisions[2][3]


def test_every_sampled_row_is_a_point_with_its_number_and_colour(subject):
    traces = board_figures(subject)[0].figure["data"]
    train, held_out = [t for t in traces if t.get("customdata")]
    for trace, chosen in ((train, ~subject.held_out), (held_out, subject.held_out)):
        np.testing.assert_array_equal(unpacked(trace["customdata"]), subject.row[chosen])
        np.testing.assert_allclose(unpacked(trace["x"]), subject.x[chosen], rtol=1e-6)
        colored = trace["marker"] if trace is train else trace["marker"]["line"]
        codes = unpacked(colored["color"])
        low, high = colored["cmin"], colored["cmax"]
        assert ((codes >= low) & (codes <= high)).all()
        assert len(trace["text"]) == chosen.sum()
    assert held_out["meta"]["split"] == "validation"
    assert train["marker"]["color"] != held_out["marker"]["color"]  # filled, and ringed


def test_field_of_two_classes_is_the_probability_of_the_second(subject_of):
    field = board_figures(subject_of("two"))[0].figure["data"][0]
    assert (field["zmin"], field["zmax"]) == (0, 1)
    low, high = field["colorscale"][0][1], field["colorscale"][-1][1]
    assert int(low[1:3], 16) > int(low[5:7], 16)  # orange: more red than blue
    assert int(high[1:3], 16) < int(high[5:7], 16)


def test_field_of_many_classes_is_class_plus_confidence(subject_of):
    field = board_figures(subject_of("four"))[0].figure["data"][0]
    assert (field["zmin"], field["zmax"]) == (0, 4)
    assert not field["meta"]["continuous"]  # between two codes lies no third class


def test_a_target_that_never_changes_still_has_a_range_of_colour(subject_of):
    subject = subject_of("plane", value=np.full(40, 2.0), color_range=(2.0, 2.0))
    boundary, *_, predictions = board_figures(subject)
    assert boundary.figure["data"][0]["zmin"] < boundary.figure["data"][0]["zmax"]
    low, high = predictions.figure["layout"]["xaxis"]["range"]
    assert low < 2 < high


def test_prediction_figures_hold_the_rows_in_the_order_of_the_sample(subject_of):
    subject = subject_of("plane")
    _, train, held_out = board_figures(subject)[3].figure["data"]
    np.testing.assert_allclose(unpacked(train["x"]), subject.value[~subject.held_out], rtol=1e-6)
    np.testing.assert_allclose(unpacked(held_out["x"]), subject.value[subject.held_out], rtol=1e-6)
    assert np.isnan(unpacked(train["y"])).all()


def test_time_is_written_as_days_or_as_seconds(subject_of):
    by_day = board_figures(subject_of("year"))[3]
    assert by_day.figure["data"][0]["x"][:2] == ["2023-01-01", "2023-01-02"]
    noon = np.datetime64("2023-01-01T12:00:00") + np.arange(40) * np.timedelta64(1, "h")
    by_hour = board_figures(subject_of("year", time=noon))[3]
    assert by_hour.figure["data"][0]["x"][0] == "2023-01-01T12:00:00"
    assert by_day.title == "Predicted and actual over date"


def test_confusion_takes_counts_as_shades_and_as_texts(subject_of):
    figure = board_figures(subject_of("four"))[3]
    assert [(w.attribute, w.form) for w in figure.wires] == [("z", "shades"), ("text", "counts")]
    cells = figure.figure["data"][0]
    assert np.shape(cells["z"]) == (4, 4)
    assert (cells["zmin"], cells["zmax"]) == (0, 2)


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES)
def test_cells_of_the_confusion_matrix_have_the_colour_of_right_or_wrong(subject_of, palette):
    """A share of wrong rows lies below 1 on the scale, one of right rows above it."""
    cells = predictions_figure(subject_of("two"), palette).figure["data"][0]
    scale = dict(cells["colorscale"][:2]), dict(cells["colorscale"][2:])
    assert scale[0][0.5] == theme.mix(palette.pale, theme.WRONG, palette.strength)
    assert scale[1][1.0] == theme.mix(palette.pale, theme.RIGHT, palette.strength)
    assert scale[0][0.0] == scale[1][0.5] == palette.pale
    for color in (*scale[0].values(), *scale[1].values()):
        assert contrast(color, cells["textfont"]["color"]) >= 4.5


def test_prices_rise_through_their_own_range_of_colour(subject_of):
    subject = subject_of(
        "plane", value=np.linspace(-4e3, 294e3, 40), color_range=(-4e3, 294e3), target_unit="EUR"
    )
    figure = board_figures(subject)[0]
    field, rows, _ = figure.figure["data"]
    assert (field["zmin"], field["zmax"]) == (-4e3, 294e3)
    light = [luminance(color) for _place, color in field["colorscale"]]
    assert light == sorted(light)
    assert [color for _place, color in rows["marker"]["colorscale"]] == list(theme.VIRIDIS)
    assert figure.ramp.low.endswith(" -4,000")
    assert figure.ramp.high == "294,000 EUR"


def test_on_the_plane_colours_part_at_zero(subject_of):
    subject = subject_of("plane", color_range=(-3.0, 3.0), diverging=True)
    field = board_figures(subject)[0].figure["data"][0]
    assert field["colorscale"] == theme.two_sided(theme.PALETTES["light"])


def test_large_numbers_are_written_out_and_have_room(subject_of):
    subject = subject_of("plane", value=np.linspace(0, 294e3, 40), target_unit="EUR")
    boundary, _, metric, predictions = board_figures(subject)
    for figure in (boundary, metric, predictions):
        for axis in ("xaxis", "yaxis"):
            assert figure.figure["layout"][axis]["exponentformat"] != "power"
    made = predictions.figure["layout"]
    assert made["margin"]["l"] > boundary.figure["layout"]["margin"]["l"]
    assert made["yaxis"]["title"]["text"] == "predicted (EUR)"
    assert "%{y:,.4~r}" in predictions.figure["data"][1]["hovertemplate"]


def test_categories_on_an_axis_are_named(subject_of):
    base = subject_of("two")
    levels = tuple("abc")
    axis = type(base.x_axis)(name="c", low=-0.5, high=2.5, levels=levels)
    made = board_figures(subject_of("two", x_axis=axis))[0].figure["layout"]["xaxis"]
    assert (made["tickvals"], made["ticktext"]) == ([0, 1, 2], ["a", "b", "c"])


def test_a_wire_replaces_by_default():
    assert Wire("field", 0, "z") == Wire("field", 0, "z", "replace", 1, "", "")


def test_one_class_alone_is_its_probability_from_pale_to_its_colour(subject_of):
    figure = board_figures(subject_of("four", output=2))[0]
    field = figure.figure["data"][0]
    assert (field["zmin"], field["zmax"]) == (0, 1)
    assert field["meta"]["continuous"]
    assert "names" not in field["meta"]
    assert "%{z:.2f}" in field["hovertemplate"]
    light = theme.PALETTES["light"]
    strongest = theme.mix(light.pale, theme.class_colors(4)[2], light.strength)
    assert (field["colorscale"][0][1], field["colorscale"][-1][1]) == (light.pale, strongest)
    assert figure.ramp.colors == ("pale", theme.class_colors(4)[2])
    points = figure.figure["data"][1]
    assert points["marker"]["cmax"] == 4  # rows keep the colours of their classes


def test_a_field_that_fades_has_its_support_and_says_so(subject_of):
    support = np.linspace(0, 1, 16).reshape(4, 4)
    figure = board_figures(subject_of("two", support=support))[0]
    given = figure.figure["data"][0]["meta"]["support"]
    assert given["side"] == 4
    np.testing.assert_allclose(unpacked(given["values"]), support.ravel(), atol=1e-6)
    assert "pale: far from training rows" in [key.label for key in figure.legend]
    plain = board_figures(subject_of("two"))[0]
    assert "support" not in plain.figure["data"][0]["meta"]
    assert "fade" not in [key.symbol for key in plain.legend]


@pytest.mark.parametrize(
    ("kind", "loss", "title"),
    [
        ("two", "auto", "cross-entropy"),
        ("two", "cross_entropy_after_softmax", "cross-entropy of softmax"),
        ("plane", "auto", "squared error"),
        ("plane", "squared_error_sum", "sum of squared errors"),
        ("plane", "huber", "Huber loss"),
    ],
)
def test_the_axis_of_the_loss_says_which_loss(subject_of, kind, loss, title):
    loss_figure = board_figures(subject_of(kind, loss=loss))[1]
    assert loss_figure.figure["layout"]["yaxis"]["title"]["text"] == title


def test_every_loss_that_can_be_chosen_has_a_name():
    assert set(KINDS) == set(choices_of("loss")) - {"auto"}


def test_the_metric_says_where_rows_are_weighed(subject_of):
    figure = metric_figure(
        subject_of("two", weights="Row weights are in force."), theme.PALETTES["light"]
    )
    assert figure.title.endswith(", weighted")
    assert figure.hint.startswith("Row weights are in force.")
    assert "weighted" not in metric_figure(subject_of("two"), theme.PALETTES["light"]).title
