"""Figures of the Results page: plotly takes them, and they show the numbers they were given."""

import io
import json

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from mlpdash.charts.png import gray_png
from mlpdash.charts.results.classes import (
    calibration_figure,
    confusion_figure,
    precision_recall_figure,
    roc_figure,
    threshold_figure,
)
from mlpdash.charts.results.learning_curve import learning_curve_figure
from mlpdash.charts.results.numbers import (
    predicted_figure,
    residual_figure,
    spread_figure,
    time_figure,
)
from mlpdash.charts.results.parts import file_name
from mlpdash.charts.results.plane import plane_figure
from mlpdash.charts.results.why import (
    dependence_figure,
    importance_figure,
    pixels_figure,
    probabilities_figure,
    shares_figure,
)
from mlpdash.charts.theme import BLUE, OKABE_ITO, ORANGE, PALETTES, RIGHT, WRONG, axis, mix

LIGHT, DARK = PALETTES["light"], PALETTES["dark"]
EVIL = "<b>x</b>%{y}$"


def valid(figure):
    """Let plotly check every name and value, and JSON every number."""
    go.Figure(figure.figure)
    json.dumps(figure.figure, allow_nan=False)
    assert figure.config["toImageButtonOptions"]["filename"] == figure.name != ""
    assert figure.figure["layout"]["height"] > 200
    assert EVIL not in json.dumps(figure.figure)
    return figure.figure["data"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_cell_of_the_confusion_matrix_is_a_bar_with_its_numbers(palette):
    counts = np.array([[8, 2, 0], [0, 10, 0], [1, 1, 3]])
    figure = confusion_figure("Iris", counts, ["a", EVIL, "c"], palette, shares=False)
    (bars,) = valid(figure)
    cells = {
        (round(base + 0.485), x): text
        for base, x, text in zip(bars["base"], bars["x"], bars["text"], strict=True)
    }
    assert cells == {(i, j): str(counts[i, j]) for i in range(3) for j in range(3)}
    assert [c[:2] for c in bars["customdata"]] == [[i, j] for i in range(3) for j in range(3)]
    assert figure.figure["layout"]["yaxis"]["range"] == [2.5, -0.5]  # the first class on top
    shares = valid(confusion_figure("Iris", counts, ["a", "b", "c"], palette, shares=True))[0]
    assert shares["text"][:2] == ["80.0 %", "20.0 %"]


def test_a_class_that_is_always_missed_has_the_colour_of_wrong():
    """Here 28 of 28: its cell must not look like success."""
    figure = confusion_figure("x", np.array([[70, 0], [28, 0]]), ["no", "yes"], LIGHT, shares=False)
    right, none, missed, _ = valid(figure)[0]["marker"]["color"]
    assert right == mix(LIGHT.pale, RIGHT, LIGHT.strength)
    assert missed == mix(LIGHT.pale, WRONG, LIGHT.strength)
    assert none == LIGHT.pale


def test_many_classes_have_no_texts():
    figure = confusion_figure("x", np.eye(20, dtype=int), list("abcdefghijklmnopqrst"), LIGHT,
                              shares=False)  # fmt: skip
    assert "text" not in valid(figure)[0]


def test_curves_of_two_classes_show_the_second():
    curves = [{"x": [0, 1], "y": [0, 1], "area": 0.5, "at": [None, 0.25]}] * 2
    traces = valid(roc_figure("x", curves, ["no", EVIL], LIGHT))
    assert len(traces) == 2  # chance, and one class
    assert traces[1]["line"]["color"] == BLUE
    assert traces[1]["customdata"] == [[1, None], [1, 0.25]]  # what a click is about
    assert "markers" in traces[1]["mode"]  # nothing of a bare line can be clicked
    three = [
        {"x": [0, 1], "y": [1, 0.5], "area": 0.5, "at": [0.5, 0.1]},
        {"x": [], "y": [], "area": float("nan"), "at": []},
    ]
    traces = valid(precision_recall_figure("x", [*three, three[0]], ["a", "b", "c"], DARK))
    assert [t["line"]["color"] for t in traces] == [OKABE_ITO[0], OKABE_ITO[2]]


def test_calibration_has_its_intervals_and_bins():
    found = {
        "bins": [0, 9],
        "predicted": [0.05, 0.95],
        "observed": [0.1, 0.9],
        "low": [0.0, 0.7],
        "high": [0.3, 1.0],
        "rows": [10, 40],
    }
    points = valid(calibration_figure("x", found, EVIL, BLUE, LIGHT))[1]
    assert points["error_y"]["array"] == pytest.approx([0.2, 0.1])
    assert points["error_y"]["arrayminus"] == pytest.approx([0.1, 0.2])
    assert points["customdata"] == [[0, 10], [9, 40]]


def test_the_chosen_threshold_is_marked():
    line, here = valid(threshold_figure("x", [0.0, 0.5, 1.0], [3.0, 1.0, 2.0], 0.5, LIGHT))
    assert (here["x"], here["y"]) == ([0.5], [1.0])
    assert "markers" in line["mode"]
    assert line["y"] == [3.0, 1.0, 2.0]


def test_points_carry_their_rows():
    rows, actual, said = np.array([4, 9]), np.array([1.0, 2.0]), np.array([1.5, 2.0])
    guide, points = valid(predicted_figure("x", (EVIL, "m"), rows, actual, said, LIGHT))
    assert points["customdata"] == [4, 9]
    assert guide["x"] == guide["y"]
    missing = np.array([np.nan, 3.0])
    points = valid(residual_figure("x", EVIL, rows, missing, actual - said, DARK))[1]
    assert points["customdata"] == [9]  # a row without a value has no place
    bars = valid(spread_figure("x", np.array([-1.0, 0.2, 0.3]), np.array([-1.5, 0, 1.5]), "m",
                               LIGHT))[0]  # fmt: skip
    assert bars["y"] == [1, 2]
    assert bars["marker"]["color"] == [ORANGE, BLUE]
    time = np.array(["2025-01-01", "2025-01-02"], "datetime64[ns]")
    held_out = np.array([False, True])
    traces = valid(time_figure("x", ("t", ""), time, rows, actual, said, held_out, LIGHT))
    assert traces[2]["customdata"] == [9]
    assert traces[0]["customdata"] == [4, 9]
    assert traces[2]["x"] == ["2025-01-02T00:00:00"]


def test_many_points_are_drawn_by_the_graphics_card():
    rows = np.arange(5_000)
    points = valid(predicted_figure("x", ("t", ""), rows, rows * 1.0, rows * 1.0, LIGHT))[1]
    assert points["type"] == "scattergl"


def test_why_figures_show_what_they_are_given():
    found = [{"feature": EVIL, "mean": 2.0, "spread": 0.5}, {"feature": "b", "mean": 1.0,
             "spread": 0.1}]  # fmt: skip
    (bars,) = valid(importance_figure("x", found, "loss", LIGHT))
    assert bars["x"] == [2.0, 1.0]
    assert bars["error_x"]["array"] == [0.5, 0.1]
    lines, rows = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([7, 2])
    grid, mean = np.array([1.0, 2.0, 3.0]), lines.mean(0).astype(float)
    single, middle = valid(
        dependence_figure(
            "x", (EVIL, "cm", ()), grid, mean, (lines, rows), "p", LIGHT, is_share=True
        )
    )
    assert middle["y"] == mean.tolist()
    assert single["y"] == [0.0, 1.0, 2.0, None, 3.0, 4.0, 5.0, None]
    assert single["customdata"] == [7] * 4 + [2] * 4
    levels = valid(
        dependence_figure("x", ("a", "", ("u", EVIL, "w")), grid, mean, (lines, rows), "p", DARK,
                          is_share=False)
    )  # fmt: skip
    assert levels[1]["mode"] == "markers"
    bars = valid(
        shares_figure("x", ["a", "b"], ["1", EVIL], [0.1, -0.4], "t", LIGHT, is_share=True)
    )[0]
    assert bars["x"] == [-0.4, 0.1]  # the strongest first
    assert bars["marker"]["color"] == [ORANGE, BLUE]
    (bars,) = valid(probabilities_figure("x", ["a", EVIL], [0.25, 0.75], LIGHT))
    assert bars["text"] == ["25.0 %", "75.0 %"]
    labels = [probabilities_figure("x", ["a", "b"], p, LIGHT, is_one=False).title
              for p in ([0.6, 0.7], [0.1, 0.2])]  # fmt: skip
    assert labels == ["Predicted a, b", "Predicted none of these"]


def test_a_number_for_each_pixel_is_a_picture_as_one_sees_it():
    values = np.array([[0.0, -2.0, 1.0], [0.5, 0.0, 0.0]])
    figure = pixels_figure("x", values, "t", DARK)
    (field,) = valid(figure)
    assert field["z"] == values.tolist()
    assert (field["zmin"], field["zmax"]) == (-2.0, 2.0)  # nothing is the middle
    assert figure.figure["layout"]["yaxis"]["range"] == [1.5, -0.5]  # the first row on top


def test_a_picture_is_a_png_that_others_open():
    pixels = np.array([[0.0, 0.5, 1.0], [1.0, 2.0, -1.0]])
    with Image.open(io.BytesIO(gray_png(pixels, scale=2))) as image:
        assert image.mode == "L"
        found = np.asarray(image)
    assert found[::2, ::2].tolist() == [[0, 128, 255], [255, 255, 0]]
    assert found.shape == (4, 6)


@pytest.mark.parametrize("classes", [(), ("a", EVIL), ("a", "b", "c")])
def test_a_plane_is_veiled_where_nothing_supports_it(classes):
    outputs = np.full((2, 2, max(1, len(classes))), 1 / max(1, len(classes)))
    support = np.array([[1.0, 0.5], [0.0, 0.25]])
    ends = np.array([0.0, 1.0])
    rows = np.array([0, 1])
    figure = plane_figure(
        "x",
        "t",
        (axis(LIGHT), axis(LIGHT)),
        (ends, ends),
        outputs,
        support,
        (rows, ends, ends, np.array([0.0, 1.0])),
        classes,
        LIGHT,
    )
    field, veil, marks, *_keys = valid(figure)
    assert veil["z"] == [[0.0, 0.5], [1.0, 0.75]]
    assert field["zmax"] == (len(classes) if len(classes) > 2 else 1)
    assert field["zmin"] < field["zmax"]
    assert marks["customdata"] == [0, 1]


def test_names_of_files():
    assert file_name("Iris: ROC, 2 > 4") == "iris-roc-2-4"


def test_residuals_and_shares_have_the_unit_of_the_target_on_their_axes():
    rows, values = np.arange(4), np.array([1.0, 2.0, 3.0, 4.0])
    over = residual_figure("x", "size", rows, values, values, DARK, unit="kmpl")
    assert over.figure["layout"]["yaxis"]["title"]["text"] == "actual − predicted (kmpl)"
    shares = shares_figure("x", ["a"], ["1"], [0.4], "t", LIGHT, is_share=False, unit="kmpl")
    assert shares.figure["layout"]["xaxis"]["title"]["text"] == "adds to the prediction (kmpl)"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_learning_curve_has_a_point_for_each_net_and_the_means(palette):
    sizes = [
        {"share": 0.1, "rows": 10, "errors": [0.5, 0.7], "mean": 0.6, "deviation": 0.14},
        {"share": 1.0, "rows": 100, "errors": [0.2, None], "mean": 0.2, "deviation": None},
    ]
    nets, means = valid(learning_curve_figure("Iris", sizes, f"log loss {EVIL}", palette))
    assert list(zip(nets["x"], nets["y"], strict=True)) == [
        (10, 0.5), (10, 0.7), (100, 0.2), (100, None),
    ]  # fmt: skip
    assert (means["x"], means["y"]) == ([10, 100], [0.6, 0.2])
    assert means["error_y"]["array"] == [0.14, None]
