"""The board: what the browser gets."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from streamlit import config
from streamlit.testing.v1 import AppTest

from mlpdash.charts.board.figures import board_figures
from mlpdash.charts.board.subject import Axis, BoardSubject
from mlpdash.ui.board.assets import ASSETS, ASSETS_VERSION, asset_route, route
from mlpdash.ui.board.board import BoardData, message
from mlpdash.ui.board.texts import texts


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
    sent = json.loads(json.dumps(message(data(pending="Shown: a. Chosen: b.")), allow_nan=False))
    assert sent["stream"] == "/mlpdash/stream/r1"
    assert sent["pending"] == "Shown: a. Chosen: b."
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
        assert asset_route("board.js") == f"/deep/down/mlpdash/{ASSETS_VERSION}/board.js"
    finally:
        config.set_option("server.baseUrlPath", before)
    assert route("plotly.js") == "/mlpdash/plotly.js"


def test_javascript_sets_foreign_text_only_as_text_and_asks_nobody_else():
    for path in ASSETS.values():
        content = path.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in content, (path.name, word)
        allowed = content.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?|wss?):?//\w", allowed), path.name


def test_the_javascript_uses_exactly_the_texts_that_there_are():
    code = "".join(path.read_text(encoding="utf-8") for path in ASSETS.values())
    assert not re.search(r"\btext\??\.?\[", code)  # every key stands there by its name
    assert set(re.findall(r"\btext\.(\w+)", code)) == texts().keys()


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
