"""The live board: transport, tiles and four figures that frames move without a rerun.

The component is a thin loader; its code comes from the server's own routes, because Streamlit
sends a component's text again with every changed message. What the board is made of stands in
`static/parts.js`; what a frame is and how the browser asks for one, in `static/stream.js`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

import streamlit as st

from mlpdash.charts.board.figures import BoardFigure
from mlpdash.charts.board.network import NetworkPicture
from mlpdash.charts.board.pictures import BoardPictures
from mlpdash.charts.board.population_grid import SettingsGrid
from mlpdash.ui.board.assets import STYLES, asset_route, route
from mlpdash.ui.board.drawing import Drawing
from mlpdash.ui.board.texts import texts

_LOADER: Final = """export default (component) => {{
  let leave = null
  let gone = false
  import(new URL("{board}", location.origin)).then((board) => {{
    if (!gone) leave = board.default(component)
  }})
  return () => {{
    gone = true
    if (leave) leave()
  }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class BoardData:
    """What the board needs of the page.

    Parameters
    ----------
    run : id of the run to watch
    secret : the right to control it; None for a watcher (the browser may still hold it)
    figures : from `charts.figures.board_figures`
    view : {"x": name, "y": name, "discretize": bool, "show_test": bool}
    live : {"lr": float, "weight_decay": float, "batch_size": int | None}; a change under the same
        run is sent to the running net
    pace : "10", "60" or "full"
    pending : what is shown and what was chosen, where choices wait for a Reset; else ""
    members : what to call each net, where several train
    grid : the heat map, where a grid of settings trains
    network : the picture of the net, where it can be drawn
    pictures : rows and weights as pictures, where rows are pictures
    drawing : lets a person draw points, where the rows are drawn by hand
    """

    run: str
    secret: str | None
    figures: Sequence[BoardFigure]
    view: Mapping[str, Any]
    live: Mapping[str, Any]
    pace: str
    pending: str = ""
    members: Sequence[str] = ()
    grid: SettingsGrid | None = None
    network: NetworkPicture | None = None
    pictures: BoardPictures | None = None
    drawing: Drawing | None = None


@dataclass(frozen=True)
class BoardEvents:
    """What the person did on the board."""

    started: str | None  # id of the run that was started here; stays
    reset: bool  # pressed just now
    new_seed: bool  # pressed just now
    pace: str | None  # chosen just now
    adopt: object = None  # a cell of the grid, chosen just now, as {"lr": 0.03}; not checked
    points: object = None  # drawn just now, as the choice `points`; not checked
    watching: str | None = None  # id of a run that this browser may only watch; stays
    lr: object = None  # the finder's learning rate, adopted just now; not checked


def board(data: BoardData, key: str = "board") -> BoardEvents:
    """Show the board and return what was done on it."""
    result = _component()(
        key=key,
        data=message(data),
        on_started_change=_nothing,
        on_reset_change=_nothing,
        on_new_seed_change=_nothing,
        on_pace_change=_nothing,
        on_adopt_change=_nothing,
        on_points_change=_nothing,
        on_lr_change=_nothing,
        on_watching_change=_nothing,
    )
    return BoardEvents(
        started=result.get("started"),
        reset=bool(result.get("reset")),
        new_seed=bool(result.get("new_seed")),
        pace=result.get("pace"),
        adopt=result.get("adopt"),
        points=result.get("points"),
        lr=result.get("lr"),
        watching=result.get("watching"),
    )


def message(data: BoardData) -> dict[str, Any]:
    """Return what the browser gets, as JSON."""
    return {
        "run": data.run,
        "secret": data.secret,
        "stream": route(f"stream/{data.run}"),
        "plotly": f"{route('plotly.js')}?v={_plotly_version()}",
        "css": [asset_route(name) for name in STYLES],
        "view": dict(data.view),
        "live": dict(data.live),
        "pace": data.pace,
        "pending": data.pending,
        "figures": [asdict(figure) for figure in data.figures],
        "members": list(data.members),
        "grid": asdict(data.grid) if data.grid else None,
        "network": asdict(data.network) if data.network else None,
        "pictures": asdict(data.pictures) if data.pictures else None,
        "drawing": asdict(data.drawing) if data.drawing else None,
        "text": texts(),
    }


@cache
def _component() -> Any:
    return st.components.v2.component(
        "mlpdash_board",
        js=_LOADER.format(board=asset_route("board.js")),
        isolate_styles=False,
    )


@cache
def _plotly_version() -> str:
    from importlib.metadata import version

    return version("plotly")


def _nothing() -> None:
    """Stand in for a callback, so that the result has the event's name."""
