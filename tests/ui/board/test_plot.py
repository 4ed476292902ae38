"""Axes, lines and colours of a figure: the JavaScript that computes them, in a browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

FIT = "return m.fitted([{ x: a.x, y: a.y }], a.letter, { type: a.type, range: a.range }, a.closely)"


def fit(js: Any, **given: Any) -> Any:
    base = {"x": [0, 1], "y": [1, 1], "letter": "x", "type": "linear", "range": [0, 1]}
    return js("plot/fit.js", FIT, base | {"closely": False} | given)


def test_an_axis_steps_ahead_of_its_curve_and_then_stands_still(js):
    assert fit(js, x=[0, 101]) == [0, 125]
    assert fit(js, x=[0, 124], range=[0, 125]) is None
    assert fit(js, x=[0, 130], range=[0, 125]) == [0, 150]


def test_a_curve_at_rest_fills_its_axis(js):
    assert fit(js, x=[0, 130], range=[0, 150], closely=True) == [0, 130]


def test_a_log_axis_counts_in_powers_and_leaves_out_zero(js):
    low, high = fit(js, y=[1, 0.01, 0], letter="y", type="log", closely=True)
    assert (low, high) == (pytest.approx(-2.05), pytest.approx(0.05))


def test_an_axis_without_numbers_stays(js):
    assert fit(js, x=[], y=[]) is None


def test_names_at_the_ends_of_curves_keep_apart_and_in_order(js):
    spaced = "return m.spaced(a.wanted, 14, 8, 100)"
    assert js("plot/labels.js", spaced, {"wanted": [20, 60]}) == [20, 60]
    assert js("plot/labels.js", spaced, {"wanted": [50, 54]}) == [45, 59]
    assert js("plot/labels.js", spaced, {"wanted": [99, 98, 97]}) == [100, 86, 72]
    assert js("plot/labels.js", spaced, {"wanted": [50, 60, 90, 91]}) == [48, 62, 83.5, 97.5]


def test_a_curve_without_numbers_has_no_place_for_its_name(js):
    code = "return m.spaced([NaN, 30], 14, 8, 100).map((place) => Number.isFinite(place))"
    assert js("plot/labels.js", code) == [False, True]


def test_contours_lie_where_the_field_has_their_level(js):
    rows, columns = np.mgrid[-10:11, -10:11]
    field = np.hypot(rows, columns)
    pieces = np.array(js("plot/contour.js", "return m.contour(a, 6.3)", field.tolist()))
    radius = np.hypot(pieces[:, [0, 2]] - 10, pieces[:, [1, 3]] - 10)
    np.testing.assert_allclose(radius, 6.3, atol=0.06)
    length = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]).sum()
    assert length == pytest.approx(2 * np.pi * 6.3, rel=0.01)  # round once, nothing twice
    ends = np.round(pieces.reshape(-1, 2), 6)
    assert (np.unique(ends, axis=0, return_counts=True)[1] == 2).all()  # closed


@pytest.mark.parametrize(
    ("field", "joined"),
    [([[3, 0], [0, 3]], [[0.5, 0], [1, 0.5]]), ([[2, 0], [0, 2]], [[0.5, 0], [0, 0.5]])],
)
def test_at_a_saddle_the_middle_decides_what_is_joined(js, field, joined):
    level = np.mean(field[0])  # crossings in the middle of each side
    level -= 0.0 if field[0][0] == 2 else 1e-9
    code = "return m.contour(a.field, a.level)"
    pieces = js("plot/contour.js", code, {"field": field, "level": float(level)})
    assert len(pieces) == 2
    first = sorted([round(v, 3) for v in pieces[0][i : i + 2]] for i in (0, 2))
    assert first == sorted(joined)


def test_a_field_fades_where_the_mean_of_the_nets_is_unsure(js):
    code = """
    const pixels = new Uint32Array(4)
    m.colored([[0, 1], [0.5, 0]], 0, 1, Uint32Array.of(0xff0000aa, 0xff0000bb), pixels)
    m.faded([[1, 0.5], [0, 0.2]], pixels)
    return Array.from(pixels, (pixel) => [pixel & 255, pixel >>> 24])
    """
    assert js("colors.js", code) == [[0xBB, 0], [0xAA, 51], [0xAA, 255], [0xBB, 127]]


def test_fading_takes_from_what_disagreement_left(js):
    code = """
    const pixels = Uint32Array.of(0xff0000aa, 0x800000aa)
    m.faded([[0.5, 0.5]], pixels)
    return Array.from(pixels, (pixel) => [pixel & 255, pixel >>> 24])
    """
    assert js("colors.js", code) == [[0xAA, 127], [0xAA, 64]]


def test_a_coarse_support_is_laid_over_a_field_of_any_size(js):
    support = np.add.outer(np.arange(5.0), 2 * np.arange(5.0))  # a plane stays one
    code = "return m.resized({ side: 5, values: a.v }, a.h, a.w).map((row) => [...row])"
    found = js("colors.js", code, {"v": support.ravel().tolist(), "h": 20, "w": 10})
    found = np.array(found)
    assert found.shape == (20, 10)
    rows = (np.arange(20) + 0.5) / 20 * 5 - 0.5
    columns = (np.arange(10) + 0.5) / 10 * 5 - 0.5
    expected = np.add.outer(np.clip(rows, 0, 4), 2 * np.clip(columns, 0, 4))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_band_far_above_its_curves_does_not_flatten_them(js):
    code = """
    const band = { x: [0, 1], y: [100, 2], meta: { ribbon: "band" } }
    const axis = { type: "linear", range: [0, 1] }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, band], "y", axis, true)
    """
    assert js("plot/fit.js", code) == [0, pytest.approx(2 * 1.06)]


def test_lines_far_above_the_curves_do_not_flatten_them(js):
    code = """
    const lines = { x: [], y: [0.5, 40], meta: { ribbon: "levels" } }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, lines], "y", { type: "linear", range: [0, 1] }, true)
    """
    assert js("plot/fit.js", code) == [0, pytest.approx(1.06)]


def test_a_line_below_the_curves_is_shown(js):
    code = """
    const lines = { x: [], y: [1.9], meta: { ribbon: "levels" } }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, lines], "y", { type: "linear", range: [0, 1] }, true)
    """
    assert js("plot/fit.js", code) == [0, pytest.approx(1.9 * 1.06)]


def test_hover_names_the_likeliest_class_and_how_sure_the_mean_is(js):
    confidence = (0.7 - 1 / 4) / (1 - 1 / 4)
    trace = {
        "z": [[2 + confidence]],
        "customdata": [[0.456]],
        "meta": {"names": ["a", "b", "c", "d"], "opacity": "customdata", "beside": "sure {n}"},
    }
    assert js("plot/hover.js", "return m.fieldText(a, 0, 0)", trace) == "c 0.70<br>sure 45.6 %"
    texts = "const rows = m.fieldTexts(a); a.z = [[1.999]]; return [rows.length, rows[0][0]]"
    assert js("plot/hover.js", texts, trace) == [1, "b 1.00<br>sure 45.6 %"]
    del trace["customdata"]
    assert js("plot/hover.js", "return m.fieldText(a, 0, 0)", trace) == "c 0.70"
