"""The board: what the browser gets, and the parts of its JavaScript that compute, in a browser."""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Error, Page, sync_playwright
from streamlit import config
from streamlit.testing.v1 import AppTest

from mlpdash.charts.board.figures import board_figures
from mlpdash.charts.board.network import network_picture
from mlpdash.charts.board.subject import Axis, BoardSubject
from mlpdash.ui.board.board import ASSETS, BoardData, message, route, texts
from tests.serving import CHROMIUM_FLAGS, find_chromium

SITE = "http://board.test/"


def data(**changes: Any) -> BoardData:
    axis = Axis(name="x1", low=-6, high=6)
    subject = BoardSubject(
        task="classification",
        title="Boundary over x1 and x2",
        target="label",
        classes=("-1", "1"),
        x_axis=axis,
        y_axis=axis,
        x=np.zeros(4),
        y=np.zeros(4),
        value=np.array([0.0, 1, 0, 1]),
        held_out=np.array([False, False, True, True]),
        row=np.arange(4),
    )
    given: dict[str, Any] = {
        "run": "r1",
        "secret": "s",
        "figures": board_figures(subject),
        "view": {"x": "x1", "y": "x2", "discretize": False, "show_test": True},
        "live": {"lr": 0.03, "weight_decay": 0.0, "batch_size": None},
        "pace": "60",
    }
    return BoardData(**(given | changes))


def test_message_is_json_with_all_that_the_browser_needs():
    sent = json.loads(json.dumps(message(data(pending=True)), allow_nan=False))
    assert sent["stream"] == "/mlpdash/stream/r1"
    assert sent["pending"] is True
    assert [figure["name"] for figure in sent["figures"]] == [
        "boundary",
        "loss",
        "metric",
        "predictions",
    ]
    assert sent["figures"][0]["wires"][0] == {
        "array": "field",
        "trace": 0,
        "attribute": "z",
        "mode": "replace",
        "every": 1,
        "counter": "",
        "form": "",
    }


def test_buttons_have_the_names_that_tests_and_readers_know():
    names = [texts()[k] for k in ("train", "pause", "step", "stop", "reset", "new_seed")]
    assert names == ["Train", "Pause", "Step", "Stop", "Reset", "New seed"]


def test_routes_are_under_the_base_path():
    before = config.get_option("server.baseUrlPath")
    try:
        config.set_option("server.baseUrlPath", "/deep/down/")
        assert route("board.js", "1") == "/deep/down/mlpdash/board.js?v=1"
    finally:
        config.set_option("server.baseUrlPath", before)
    assert route("plotly.js") == "/mlpdash/plotly.js"


def test_javascript_sets_foreign_text_only_as_text_and_asks_nobody_else():
    for path in ASSETS:
        content = path.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in content, (path.name, word)
        allowed = content.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?|wss?):?//\w", allowed), path.name


def test_every_text_that_the_javascript_names_exists():
    used = set()
    for path in ASSETS:
        used |= set(re.findall(r"\btext\.(\w+)", path.read_text(encoding="utf-8")))
    assert used - {"length"} <= set(texts())


def test_board_runs_in_a_script_and_reports_nothing_at_first():
    def script() -> None:
        import streamlit as st

        from mlpdash.ui.board.board import board
        from tests.ui.board.test_board import data

        events = board(data())
        st.write([events.started, events.reset, events.new_seed, events.pace])

    app = AppTest.from_function(script, default_timeout=20).run()
    assert not app.exception
    assert json.loads(app.json[0].value) == [None, False, False, None]


@pytest.fixture(scope="module")
def modules() -> Iterator[Page]:
    """A page whose only site is the board's modules, from their files."""
    files = {path.name: path for path in ASSETS}
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=CHROMIUM_FLAGS
            )
        except Error:
            if "CHROMIUM" in os.environ:  # as tests/run says, which installs one but for `quick`
                raise
            pytest.skip("no browser starts here")
        page = browser.new_page()

        def answer(route: Any) -> None:
            name = route.request.url.removeprefix(SITE).split("?")[0]
            if name in files:
                route.fulfill(path=files[name], content_type="text/javascript")
            else:
                route.fulfill(body="<!doctype html>", content_type="text/html")

        page.route("**/*", answer)
        page.goto(SITE)
        yield page
        browser.close()


@pytest.fixture
def js(modules: Page) -> Callable[..., Any]:
    """Run an expression with a module's exports as `m` and an argument as `a`."""

    def run(module: str, expression: str, argument: Any = None) -> Any:
        code = f"async (a) => {{ const m = await import('{SITE}{module}?v=1'); {expression} }}"
        return modules.evaluate(code, argument)

    return run


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.021, "0.0210"),
        (0.5, "0.500"),
        (98.44, "98.4"),
        (1234.5, "1,235"),
        (0.00002, "2.0e-5"),
        (0, "0"),
        (None, "–"),
        (-0.0895, "-0.0895"),
    ],
)
def test_numbers_have_three_significant_digits(js, value, shown):
    assert js("dom.js", "return m.three(a)", value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0:00"), (12, "0:12"), (3599, "59:59"), (3600, "1:00:00"), (518_400, "6 days")],
)
def test_durations_are_for_people(js, seconds, shown):
    assert js("dom.js", "return m.duration(a, '{n} days')", seconds) == shown


def test_frames_are_unpacked_where_they_lie(js):
    field = np.arange(6, dtype="<f4").reshape(2, 3)
    header = {"kind": "frame", "arrays": [["field", "f4", [2, 3], 0], ["x", "f4", [1], 24]]}
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    body = struct.pack("<I", len(text)) + text + field.tobytes() + np.float32(7).tobytes()
    found = js(
        "stream.js",
        "const [header, arrays] = m.unpack(new Uint8Array(a).buffer);"
        "return [header.kind, [...arrays.field.values], arrays.field.shape, [...arrays.x.values]]",
        list(body),
    )
    assert found == ["frame", [0, 1, 2, 3, 4, 5], [2, 3], [7]]


STORE = """
const store = new m.Store()
store.expect([{ array: "loss", counter: "curve" }])
const said = []
for (const [counter, values] of a) {
  const loss = { values: Float32Array.from(values), shape: [values.length] }
  store.take({ curve: counter }, { loss })
  said.push([[...store.get("loss").values], store.have().generation, store.have().count])
}
return said
"""


def test_curves_grow_piece_by_piece_and_start_again_with_a_generation(js):
    pieces = [
        [{"generation": 0, "start": 0, "count": 2}, [1, 2]],
        [{"generation": 0, "start": 2, "count": 3}, [3]],
        [{"generation": 1, "start": 0, "count": 2}, [1, 3]],
    ]
    assert js("stream.js", STORE, pieces) == [
        [[1, 2], 0, 2],
        [[1, 2, 3], 0, 3],
        [[1, 3], 1, 2],
    ]


def test_a_piece_that_does_not_fit_is_left_out_and_all_is_asked_for(js):
    pieces = [
        [{"generation": 0, "start": 0, "count": 2}, [1, 2]],
        [{"generation": 0, "start": 5, "count": 6}, [6]],
    ]
    assert js("stream.js", STORE, pieces)[1] == [[1, 2], -1, -1]


def test_a_long_curve_is_whole(js):
    pieces = [[{"generation": 0, "start": 0, "count": 1}, [0]]]
    pieces += [[{"generation": 0, "start": n, "count": n + 1}, [n]] for n in range(1, 3000)]
    last = STORE.replace("return said", "return said.at(-1)")  # the others are 4,500,000 numbers
    values, _generation, count = js("stream.js", last, pieces)
    assert count == 3000
    np.testing.assert_array_equal(values, np.arange(3000))


FIT = "return m.fitted([{ x: a.x, y: a.y }], a.letter, { type: a.type, range: a.range }, a.closely)"


def fit(js: Any, **given: Any) -> Any:
    base = {"x": [0, 1], "y": [1, 1], "letter": "x", "type": "linear", "range": [0, 1]}
    return js("fit.js", FIT, base | {"closely": False} | given)


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
    assert js("labels.js", spaced, {"wanted": [20, 60]}) == [20, 60]
    assert js("labels.js", spaced, {"wanted": [50, 54]}) == [45, 59]
    assert js("labels.js", spaced, {"wanted": [99, 98, 97]}) == [100, 86, 72]
    assert js("labels.js", spaced, {"wanted": [50, 60, 90, 91]}) == [48, 62, 83.5, 97.5]


def test_a_curve_without_numbers_has_no_place_for_its_name(js):
    code = "return m.spaced([NaN, 30], 14, 8, 100).map((place) => Number.isFinite(place))"
    assert js("labels.js", code) == [False, True]


def test_contours_lie_where_the_field_has_their_level(js):
    rows, columns = np.mgrid[-10:11, -10:11]
    field = np.hypot(rows, columns)
    pieces = np.array(js("lines.js", "return m.contour(a, 6.3)", field.tolist()))
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
    pieces = js("lines.js", code, {"field": field, "level": float(level)})
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


@pytest.mark.parametrize(
    ("values", "highest", "best", "shares"),
    [
        ([0.5, 1.0, 0.75], True, [1], [0, 1, 0.5]),
        ([0.5, 1.0, 0.75], False, [0], [1, 0, 0.5]),
        ([2.0, None, 1.0], False, [2], [0, 0, 1]),
        ([1.0, 0.5, 1.0], True, [0, 2], [1, 0, 1]),
        ([0.5, 0.5], True, [], [1, 1]),
        ([None, None], True, [], [0, 0]),
        ([0.5], True, [0], [1]),
    ],
)
def test_cells_are_ranked_and_the_best_are_some_of_several(js, values, highest, best, shares):
    code = """
    const { best, shares } = m.ranked(Float32Array.from(a.v, (x) => x ?? NaN), a.h)
    return [best, shares]
    """
    found = js("grid.js", code, {"v": values, "h": highest})
    assert found == [best, shares]


COMPANIONS = """
const store = new m.Store()
const one = { values: new Float32Array(1), shape: [1] }
store.take({}, { field: one, field_opacity: one, predicted_train: one, predicted_train_low: one })
const names = () => [...store.arrays.keys()].sort()
const before = names()
store.take({}, Object.fromEntries(a.map((name) => [name, one])))
return [before, names()]
"""


def test_what_belongs_to_all_nets_goes_with_a_frame_of_one(js):
    everything = ["field", "field_opacity", "predicted_train", "predicted_train_low"]
    assert js("stream.js", COMPANIONS, ["confusion"]) == [
        everything,
        ["confusion", *everything],
    ]
    assert js("stream.js", COMPANIONS, ["field"])[1] == [
        "field",
        "predicted_train",
        "predicted_train_low",
    ]
    assert js("stream.js", COMPANIONS, everything)[1] == everything


def test_a_band_far_above_its_curves_does_not_flatten_them(js):
    code = """
    const band = { x: [0, 1], y: [100, 2], meta: { ribbon: "band" } }
    const axis = { type: "linear", range: [0, 1] }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, band], "y", axis, true)
    """
    assert js("fit.js", code) == [0, pytest.approx(2 * 1.06)]


def test_hover_names_the_likeliest_class_and_how_sure_the_mean_is(js):
    confidence = (0.7 - 1 / 4) / (1 - 1 / 4)
    trace = {
        "z": [[2 + confidence]],
        "customdata": [[0.456]],
        "meta": {"names": ["a", "b", "c", "d"], "opacity": "customdata", "beside": "sure {n}"},
    }
    assert js("hover.js", "return m.fieldText(a, 0, 0)", trace) == "c 0.70<br>sure 45.6 %"
    texts = "const rows = m.fieldTexts(a); a.z = [[1.999]]; return [rows.length, rows[0][0]]"
    assert js("hover.js", texts, trace) == [1, "b 1.00<br>sure 45.6 %"]
    del trace["customdata"]
    assert js("hover.js", "return m.fieldText(a, 0, 0)", trace) == "c 0.70"


CONTROLS = """
const controls = new m.Controls(document.createElement("div"), a.text, () => {})
controls.several(a.nets)
controls.numbers(a.header)
const { nets, device } = controls.tiles
const several = controls.strip.classList.contains("several")
return [several, nets.textContent, device.textContent, device.title,
        device.getAttribute("aria-description"), controls.measured.textContent]
"""


def tiles(js: Any, nets: int, **header: Any) -> Any:
    return js("controls.js", CONTROLS, {"text": texts(), "nets": nets, "header": header})


def test_tiles_count_the_nets_that_diverged_and_say_how_the_device_was_chosen(js):
    note = "CPU, 1 thread: 24,000 steps/s; CPU, 2 threads: 9,000 steps/s"
    said = tiles(
        js,
        16,
        device="CPU, 1 thread",
        device_note=note,
        population={"nets": 16, "dead": 3},
    )
    assert said == [True, "16, 3 diverged", "CPU, 1 thread", note, note, note]
    assert tiles(js, 16, population={"nets": 16, "dead": 0})[:2] == [True, "16"]


def test_one_net_has_no_tile_and_a_device_without_a_note_its_name(js):
    said = tiles(js, 0, device="CPU, 1 thread", device_note="")
    assert (said[0], said[3], said[5]) == (False, "CPU, 1 thread", "")


def words(js: Any, names: list[str], **population: Any) -> Any:
    given = {"nets": len(names), "gone": [], "best": None, "one": 0, **population}
    code = "return m.words(a.given, a.names, a.text)"
    return js("population.js", code, {"given": given, "names": names, "text": texts()})


def test_figures_say_which_of_several_nets_they_show(js):
    names = ["1 (0.1)", "2 (0.2)", "3 (9)"]
    assert words(js, names, best=1) == {
        "median": "median of 3 nets",
        "mean": "mean of 3 nets",
        "net": "best: net 2 (0.2)",
        "one": {"at": 0, "name": "1 (0.1)", "nets": "3"},
    }
    picked = words(js, names, best=1, member=2, one=2, gone=[2])
    assert (picked["mean"], picked["net"]) == ("net 3 (9), diverged", "net 3 (9), diverged")
    assert (picked["median"], picked["one"]["at"]) == ("median of 2 of 3 nets", 2)
    lost = words(js, names, best=1, gone=[0, 1, 2])
    assert (lost["mean"], lost["net"]) == ("all 3 nets diverged", "best")


PICKER = """
const picker = new m.MemberPicker(a.text, () => {})
picker.show(["1", "2", "3"])
picker.pick(a.pick)
picker.mark({ best: 1, gone: [2] })
return [Array.from(picker.select.options, (one) => one.textContent), picker.member]
"""


def test_the_picker_marks_the_best_net_and_those_that_diverged(js):
    found = js("members.js", PICKER, {"text": texts(), "pick": 2})
    assert found == [["all", "1", "2, best", "3, diverged"], 2]


def test_a_pick_is_remembered_for_its_run_alone(js):
    code = """
    m.rememberPick("r1", 4)
    const found = [m.pickedBefore("r1"), m.pickedBefore("r2")]
    m.rememberPick("r1", null)
    return [...found, m.pickedBefore("r1")]
    """
    assert js("members.js", code) == [4, None, None]


def test_nets_that_all_have_the_same_number_show_it_once(js):
    code = """
    const card = Object.assign(Object.create(m.FigureCard.prototype), { text: a.text })
    const say = (kind, low, high) =>
      card.reading({ value: "v", kind, spread: true }, { v: 0.5, v_low: low, v_high: high })
    return [say("percent", 1, 1), say("percent", 0.5, 0.981), say("number", 0.02, 0.034)]
    """
    assert js("card.js", code, {"text": texts()}) == [
        "100.0 %",
        "50.0–98.1 %",
        "0.0200–0.0340",
    ]


NARROW = """
document.body.innerHTML = "<main></main>"
const network = { ...a.network, layers: a.network.layers.map((layer) => ({ ...layer })) }
const root = document.querySelector("main")
const board = { area: root, theme: "light", stream: { send() {} },
                stage: { has: () => false, add() {}, shown: "net" } }
const net = new m.Network(board)
net.update({ network, text: a.text })
const seen = () => [...root.querySelectorAll(".neuron")].filter((one) => !one.hidden).length
const heads = () => [...root.querySelectorAll(".of-layer")].map((one) => one.textContent)
const found = [[seen(), heads()[1]]]
for (const at of [0, 1]) {
  net.several({ one: { at, name: String(at + 1), nets: "2" } })
  found.push([seen(), heads()[1], root.querySelectorAll("input").length])
}
return [...found, root.querySelector("h3").textContent]
"""


def test_a_narrow_net_of_a_grid_has_no_neurons_that_it_lacks(js):
    picture = network_picture(["x"], [4], ["y"], widths=[[2], [4]])
    assert picture is not None
    found = js("network.js", NARROW, {"network": asdict(picture), "text": texts()})
    assert found == [
        [6, "Layer 1: 4"],
        [4, "Layer 1: 2", 3],  # two weights and a bias lead to the output
        [6, "Layer 1: 4", 5],
        "Net 2 of 2, from inputs to outputs",
    ]


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


@pytest.mark.parametrize(("groups", "rows"), [([6] * 10, 60), ([12, 12], 24), ([], 60), ([], 5)])
def test_all_pictures_have_room_and_no_more(js, groups, rows):
    sizes = [[w, h] for w in (350, 600, 1300) for h in range(300, 900, 37)]
    given = {"g": {"groups": groups, "rows": list(range(rows))}, "sizes": sizes}
    sides = js("pictures.js", "return a.sizes.map(([w, h]) => m.largest(a.g, w, h))", given)

    def fits(side: int, width: int, height: int) -> bool:
        line = side + 15 + 4  # its caption, and what is between
        if groups:
            beside = (width + 10) // (max(groups) * (side + 4) + 10)
            return beside > 0 and -(-len(groups) // beside) * (line + 17) <= height
        return -(-rows // ((width + 4) // (side + 4))) * line <= height

    for (width, height), side in zip(sizes, sides, strict=True):
        expected = max((n for n in range(9, 97) if fits(n, width, height)), default=8)
        assert side == expected, (width, height)


def test_weights_fill_the_card_in_blocks(js):
    found = js("pictures.js", "return m.blocks(64, 600, 560, 1)")
    assert found["across"] == 8
    assert 8 * (found["side"] + 4) - 4 <= 600
    assert 8 * (found["tall"] + 4) - 4 <= 560
    assert js("pictures.js", "return m.blocks(3, 600, 560, 1)")["side"] == 160  # not huge


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(0.0031, "0.0031"), (1e-7, "1e-7"), (0.3, "0.3"), (10, "10"), (0.0306, "0.031")],
)
def test_learning_rates_have_two_digits(js, rate, shown):
    assert js("finder.js", "return m.shortRate(a)", rate) == shown


def test_the_pointer_finds_the_nearest_rate_by_ratio(js):
    assert js("finder.js", "return m.nearest([1e-4, 1e-3, 1e-2], 4e-4)") == 1
    assert js("finder.js", "return m.nearest([1e-4, 1e-3, 1e-2], 2.9e-4)") == 0


def test_ticks_are_round_and_inside(js):
    found = js("finder.js", "return m.ticks(0, 2.3)")
    assert found == pytest.approx([0, 0.5, 1, 1.5, 2])


def test_lines_far_above_the_curves_do_not_flatten_them(js):
    code = """
    const lines = { x: [], y: [0.5, 40], meta: { ribbon: "levels" } }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, lines], "y", { type: "linear", range: [0, 1] }, true)
    """
    assert js("fit.js", code) == [0, pytest.approx(1.06)]


def test_a_line_below_the_curves_is_shown(js):
    code = """
    const lines = { x: [], y: [1.9], meta: { ribbon: "levels" } }
    return m.fitted([{ x: [0, 1], y: [1, 1] }, lines], "y", { type: "linear", range: [0, 1] }, true)
    """
    assert js("fit.js", code) == [0, pytest.approx(1.9 * 1.06)]


STAGE = """
const { element } = await import(`${SITE}dom.js?v=1`)
const seen = []
const stage = new m.Stage("what is shown", () => seen.push(stage.shown))
const item = (name) => ({
  card: element("section"),
  draw: () => (seen.push(`draw ${name}`), true),
  resize: () => seen.push(`resize ${name}`),
})
const [grid, boundary] = [item("grid"), item("boundary")]
stage.add("grid", grid, "Grid", "")
stage.add("boundary", boundary, "Boundary", "")
const state = () => [stage.shown, grid.card.hidden, boundary.card.hidden,
  [...stage.tabs.children].map((b) => `${b.textContent} ${b.getAttribute("aria-pressed")}`),
  grid.card.contains(stage.bar), boundary.card.contains(stage.bar)]
const before = state()
stage.tabs.children[1].click()
stage.draw()
const after = state()
stage.remove("grid")
return [before, after, state(), seen]
"""


def test_one_card_is_shown_and_only_that_one_draws(js):
    before, after, removed, seen = js("stage.js", STAGE.replace("${SITE}", SITE))
    assert before == ["boundary", True, False, ["Boundary true", "Grid false"], False, True]
    assert after == ["grid", False, True, ["Boundary false", "Grid true"], True, False]
    assert removed[:4] == ["boundary", True, False, ["Boundary true"]]
    assert seen == ["resize grid", "grid", "draw grid", "resize boundary", "boundary"]
