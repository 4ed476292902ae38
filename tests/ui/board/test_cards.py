"""The board's cards and controls: what they say and show, in a browser."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from mlpdash.charts.board.network import network_picture
from mlpdash.ui.board.texts import texts


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
    found = js("cards/grid.js", code, {"v": values, "h": highest})
    assert found == [best, shares]


CONTROLS = """
const controls = new m.Controls({ root: document.createElement("div"), text: a.text, act() {} })
controls.update({ members: Array.from({ length: a.nets }, String), pace: "60" })
controls.numbers(a.header)
const { nets, device, strip } = controls.tiles
const several = strip.classList.contains("several")
controls.destroy()
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
    return js("cards/words.js", code, {"given": given, "names": names, "text": texts()})


def test_figures_say_which_of_several_nets_they_show(js):
    names = ["1 (0.1)", "2 (0.2)", "3 (9)"]
    assert words(js, names, best=1) == {
        "median": "median of 3 nets",
        "mean": "mean of 3 nets",
        "net": "best: net 2 (0.2)",
        "one": {"at": 0, "name": "1 (0.1)", "nets": "3", "isPicked": False},
    }
    picked = words(js, names, best=1, member=2, one=2, gone=[2])
    assert (picked["mean"], picked["net"]) == ("net 3 (9), diverged", "net 3 (9), diverged")
    assert (picked["median"], picked["one"]["at"]) == ("median of 2 of 3 nets", 2)
    assert picked["one"]["isPicked"]
    lost = words(js, names, best=1, gone=[0, 1, 2])
    assert (lost["mean"], lost["net"]) == ("all 3 nets diverged", "best")
    assert words(js, names)["net"] == "a net that you pick"


@pytest.mark.parametrize(
    ("loss", "suggestion", "said"),
    [
        ([0.9, 0.5, 0.2, None], 0.1, "lowers the loss from 0.900 to 0.200, fastest"),
        ([0.010, 0.0095, None], 0.1, "only from 0.0100 to 0.0095: the suggestion says little"),
        ([0.01, 0.02, None], None, "never drops by more"),
    ],
)
def test_the_finder_is_as_sure_as_its_sweep(js, loss, suggestion, said):
    sweep = {"lr": [0.1] * len(loss), "loss": loss, "suggestion": suggestion}
    code = "return m.judged(a.sweep, a.text)"
    assert said in js("cards/finder.js", code, {"sweep": sweep, "text": texts()})


@pytest.mark.parametrize(("state", "says"), [("idle", True), ("running", False)])
def test_on_a_touch_screen_press_train_is_said_only_before_it_runs(js, state, says):
    code = """
    const real = window.matchMedia
    window.matchMedia = () => ({ matches: true })
    const controls = new m.Controls({ root: document.createElement("div"), text: a.text, act() {} })
    controls.tell({ state: a.state, control: true, lost: false, pending: false, message: "" })
    window.matchMedia = real
    controls.destroy()
    return controls.message.textContent
    """
    said = js("controls.js", code, {"text": texts(), "state": state})
    assert ("Press Train" in said) is says


PICKER = """
const picker = new m.MemberPicker(a.text, () => {})
picker.show(["1", "2", "3"])
picker.pick(a.pick)
picker.mark({ best: 1, gone: [2] })
return [Array.from(picker.select.options, (one) => one.textContent), picker.member]
"""


def test_the_picker_marks_the_best_net_and_those_that_diverged(js):
    found = js("cards/members.js", PICKER, {"text": texts(), "pick": 2})
    assert found == [["all", "1", "2, best", "3, diverged"], 2]


def test_a_pick_is_remembered_for_its_run_alone(js):
    code = """
    m.rememberPick("r1", 4)
    const found = [m.pickedBefore("r1"), m.pickedBefore("r2")]
    m.rememberPick("r1", null)
    return [...found, m.pickedBefore("r1")]
    """
    assert js("cards/members.js", code) == [4, None, None]


def test_nets_that_all_have_the_same_number_show_it_once(js):
    code = """
    const card = Object.assign(Object.create(m.FigureCard.prototype), { text: a.text })
    const say = (kind, low, high) =>
      card.reading({ value: "v", kind, spread: true }, { v: 0.5, v_low: low, v_high: high })
    return [say("percent", 1, 1), say("percent", 0.5, 0.981), say("number", 0.02, 0.034)]
    """
    assert js("cards/figure.js", code, {"text": texts()}) == [
        "100.0 %",
        "50.0–98.1 %",
        "0.0200–0.0340",
    ]


NARROW = """
document.body.innerHTML = "<main></main>"
const root = document.querySelector("main")
const card = new m.NetworkCard(root, a.text, a.network, () => {})
card.show(a.network, "light")
const seen = () => [...root.querySelectorAll(".neuron")].filter((one) => !one.hidden).length
const heads = () => [...root.querySelectorAll(".of-layer")].map((one) => one.textContent)
const found = [[seen(), heads()[1]]]
const titles = []
for (const at of [0, 1]) {
  card.several({ at, name: String(at + 1), nets: "2", isPicked: at === 0 })
  titles.push(root.querySelector("h3").textContent)
  found.push([seen(), heads()[1], root.querySelectorAll("input").length])
}
return [...found, ...titles]
"""


def test_a_narrow_net_of_a_grid_has_no_neurons_that_it_lacks(js):
    picture = network_picture(["x"], [4], ["y"], widths=[[2], [4]])
    assert picture is not None
    found = js("cards/network_card.js", NARROW, {"network": asdict(picture), "text": texts()})
    assert found == [
        [6, "Layer 1: 4"],
        [4, "Layer 1: 2", 3],  # two weights and a bias lead to the output
        [6, "Layer 1: 4", 5],
        "Net 1 of 2, from inputs to outputs",
        "Net 2 of 2 as an example, from inputs to outputs",  # no net is picked
    ]


@pytest.mark.parametrize(("groups", "rows"), [([6] * 10, 60), ([12, 12], 24), ([], 60), ([], 5)])
def test_all_pictures_have_room_and_no_more(js, groups, rows):
    sizes = [[w, h] for w in (350, 600, 1300) for h in range(300, 900, 37)]
    given = {"g": {"groups": groups, "rows": list(range(rows))}, "sizes": sizes}
    sides = js("cards/rows.js", "return a.sizes.map(([w, h]) => m.largest(a.g, w, h))", given)

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
    found = js("cards/weights.js", "return m.blocks(64, 600, 560, 1)")
    assert found["across"] == 8
    assert 8 * (found["side"] + 4) - 4 <= 600
    assert 8 * (found["tall"] + 4) - 4 <= 560
    assert js("cards/weights.js", "return m.blocks(3, 600, 560, 1)")["side"] == 160  # not huge


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(0.0031, "0.0031"), (1e-7, "1e-7"), (0.3, "0.3"), (10, "10"), (0.0306, "0.031")],
)
def test_learning_rates_have_two_digits(js, rate, shown):
    assert js("cards/finder_plot.js", "return m.shortRate(a)", rate) == shown


def test_the_pointer_finds_the_nearest_rate_by_ratio(js):
    assert js("cards/finder_plot.js", "return m.nearest([1e-4, 1e-3, 1e-2], 4e-4)") == 1
    assert js("cards/finder_plot.js", "return m.nearest([1e-4, 1e-3, 1e-2], 2.9e-4)") == 0


def test_ticks_are_round_and_inside(js):
    found = js("cards/finder_plot.js", "return m.ticks(0, 2.3)")
    assert found == pytest.approx([0, 0.5, 1, 1.5, 2])


STAGE = """
const seen = []
const stage = new m.Stage("what is shown", ["boundary", "grid"], () => seen.push(stage.shown))
const item = (name) => ({
  card: document.createElement("section"),
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
    before, after, removed, seen = js("stage.js", STAGE)
    assert before == ["boundary", True, False, ["Boundary true", "Grid false"], False, True]
    assert after == ["grid", False, True, ["Boundary false", "Grid true"], True, False]
    assert removed[:4] == ["boundary", True, False, ["Boundary true"]]
    assert seen == ["resize grid", "grid", "draw grid", "resize boundary", "boundary"]
