"""A whole board in a browser: its parts are told what happens, and the keyboard can leave it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import plotly
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from mlpdash.runs import wire
from mlpdash.runs.messages.server_to_browser import Status
from mlpdash.ui.board.assets import asset_route
from mlpdash.ui.board.board import message
from tests.runs.messages.examples import FRAME
from tests.ui.board.test_board import data

ARCHITECTURE = Path(__file__).parents[3] / "docs" / "architecture.md"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

MOUNT = """async ({ data, board, parts, own }) => {
  document.body.innerHTML = "<main></main>"
  const { PARTS } = await import(parts)
  if (own) PARTS.push(...Object.values(await import(own)))
  const mount = (await import(board)).default
  const component = { data, parentElement: document.querySelector("main") }
  component.setStateValue = component.setTriggerValue = () => {}
  window.run = (changes) => {
    component.data = { ...component.data, ...changes }
    window.leave = mount(component)
  }
  run({})
}"""

# Writes down what it is told.
TOLD = """
export class Told {
  constructor(host) { window.told = [["made", host.text.board]] }
  update({ run }) { told.push(["update", run]) }
  retheme(theme) { told.push(["retheme", theme]) }
  destroy() { told.push(["destroy"]) }
  say({ kind }) { told.push(["say", kind]) }
  tell({ state, control }) { told.push(["tell", state, control]) }
  view() { return { network: 3 } }
  draw(store) { told.push(["draw", store.get("field").values.length]) }
  shown() { told.push(["shown"]) }
  resize() { told.push(["resize"]) }
}
"""


IDLE = Status(state="idle", message="", epoch=0, step=0, queue=None, pace="full", control=True)


class Stream:
    """The server's end of a run that is idle: it greets, and draws what is asked for."""

    def __init__(self, page: Page) -> None:
        self.views: list[dict[str, Any]] = []
        page.route_web_socket("**/stream/*", self._accept)

    def _accept(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda text: self._hear(socket, json.loads(text)))

    def _hear(self, socket: WebSocketRoute, said: dict[str, Any]) -> None:
        if said["kind"] == "hello":
            socket.send(wire.body(IDLE.text()))
        if said["kind"] == "next" and said["force"]:
            self.views.append(said["view"])
            socket.send(self._frame(said["view"]["token"]))

    def _frame(self, token: int) -> bytes:
        sizes = {"field": ((2, 2), 0), "field_x": ((2,), 16), "field_y": ((2,), 24)}
        places = tuple((name, "f4", shape, offset) for name, (shape, offset) in sizes.items())
        said = {"state": "idle", "view": token, "values": {"loss_train": 0.25}, "arrays": places}
        numbers = np.array([0, 1, 1, 0, -6, 6, -6, 6], "<f4").tobytes()
        return wire.body(FRAME.model_copy(update=said).text(), numbers)


@pytest.fixture
def page(modules: Page) -> Iterator[Page]:
    """A page of its own on the site of the board, with plotly."""
    own = modules.context.new_page()
    own.route("**/plotly.js*", lambda route: route.fulfill(path=PLOTLY))
    own.goto(modules.url)
    yield own
    own.close()


def mount(page: Page, part: str = "", texts: dict[str, str] | None = None, **changes: Any) -> None:
    """Show a board that has `part`, the code of a module, in its list, and wait for a frame."""
    sent = message(data(**changes))
    sent["text"] = sent["text"] | (texts or {})
    own = asset_route("cards/own.js") if part else None
    if own:
        page.route(
            f"**{own}", lambda route: route.fulfill(body=part, content_type="text/javascript")
        )
    paths = {"board": asset_route("board.js"), "parts": asset_route("parts.js"), "own": own}
    page.evaluate(MOUNT, {"data": sent, **paths})
    expect(page.get_by_test_id("live-board")).to_have_attribute("data-frames", "1", timeout=30_000)


def darken(page: Page) -> None:
    page.evaluate("document.documentElement.style.setProperty('--st-background-color', '#111')")
    page.evaluate("run({})")


def test_a_part_of_the_list_is_told_what_happens(page: Page) -> None:
    stream = Stream(page)
    mount(page, TOLD)
    told = page.evaluate("told")
    assert told[:2] == [["made", "Live training"], ["update", "r1"]]
    for one in (
        ["tell", "idle", True],
        ["say", "status"],
        ["say", "frame"],
        ["shown"],
        ["draw", 4],
    ):
        assert one in told
    assert stream.views[-1]["network"] == 3

    page.evaluate("told.length = 0, run({ run: 'r2' })")
    assert page.evaluate("told")[0] == ["update", "r2"]
    assert ["retheme", "dark"] not in page.evaluate("told")
    darken(page)
    assert ["retheme", "dark"] in page.evaluate("told")
    assert ["destroy"] not in page.evaluate("told")
    page.evaluate("leave()")
    assert page.evaluate("told").count(["destroy"]) == 1
    assert page.evaluate("told")[-1] == ["destroy"]
    expect(page.get_by_test_id("live-board")).to_have_count(0)


def test_the_card_of_the_documentation_stands_on_the_board(page: Page) -> None:
    found = re.search(r"```js\n(.*?)```", ARCHITECTURE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    texts = re.findall(r'^\+ +"(\w+)": _\("(.*)"\),$', ARCHITECTURE.read_text(), re.MULTILINE)
    stream = Stream(page)
    mount(page, found[1], dict(texts))
    card = page.get_by_test_id("figure-loss-now")
    expect(card).to_be_hidden()
    page.get_by_role("button", name="Loss now").click()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Training loss")
    expect(card).to_contain_text("0.250")
    assert stream.views[-1]["show"] == "loss_now"
    darken(page)
    expect(card).to_have_attribute("data-theme", "dark")
    page.evaluate("leave()")
    expect(card).to_have_count(0)


def test_tab_walks_through_the_whole_board_and_back(page: Page) -> None:
    Stream(page)
    mount(page, members=["1", "2"])
    focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent"
    page.get_by_role("button", name="Train").focus()
    walked = []
    while page.evaluate("document.activeElement !== document.body"):
        walked.append(page.evaluate(focused))
        assert len(walked) < 40, "the keyboard is caught"
        page.keyboard.press("Tab")
    assert {"Train", "Pace", "Net", "Baselines"} <= set(walked)
    page.get_by_role("button", name="Baselines").focus()
    page.keyboard.press("Shift+Tab")
    back = []
    while (now := page.evaluate(focused)) != "Train":
        back.append(now)
        assert len(back) < 40, "the keyboard is caught"
        page.keyboard.press("Shift+Tab")
    assert {"Pace", "Net"} <= set(back)
