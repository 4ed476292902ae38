"""What all figures of the Results page have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mlpdash.charts import theme
from mlpdash.charts.escape import escape
from mlpdash.charts.theme import Palette

FONT: Final = '"Source Sans", sans-serif'  # the page's
MODEBAR: Final = ("toImage", "zoom2d", "pan2d", "resetScale2d")


@dataclass(frozen=True)
class ResultFigure:
    """A plotly figure that stands still.

    Parameters
    ----------
    name : of the PNG that its menu offers
    title : raw text, a sentence that says what it shows
    figure : {"data": [...], "layout": {...}}
    """

    name: str
    title: str
    figure: dict[str, Any]

    @property
    def config(self) -> dict[str, Any]:
        """Plotly's configuration: a small menu whose PNG has a name and is sharp in print."""
        image = {"format": "png", "filename": self.name, "scale": 3}
        return {
            "displaylogo": False,
            "modeBarButtons": [list(MODEBAR)],
            "toImageButtonOptions": image,
        }


def result_figure(
    name: str,
    title: str,
    traces: list[dict[str, Any]],
    x: dict[str, Any],
    y: dict[str, Any],
    palette: Palette,
    *,
    height: int = 360,
    **layout: Any,
) -> ResultFigure:
    """Put a figure together, on a ground of the page's colour so that a saved PNG can be read."""
    made = theme.layout(palette, x, y, revision=file_name(name))
    made["font"] |= {"family": FONT}
    margin = made["margin"] | {"t": 28, "b": 48} | layout.pop("margin", {})
    made |= {
        "height": height,
        "margin": margin,
        "paper_bgcolor": palette.paper,
        "plot_bgcolor": palette.paper,
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": palette.muted,
            "activecolor": palette.accent,
        },
        **layout,
    }
    return ResultFigure(file_name(name), title, {"data": traces, "layout": made})


def file_name(text: str) -> str:
    """Return a name for a file: letters, digits and hyphens.

    >>> file_name("Iris: ROC")
    'iris-roc'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def line(
    x: Sequence[float], y: Sequence[float], color: str, name: str, hover: str, **more: Any
) -> dict[str, Any]:
    """Return a line trace; `name` is raw text."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "name": escape(name),
        "line": {"color": color, "width": 2},
        "hovertemplate": hover + "<extra></extra>",
        **more,
    }


def clickable(color: str) -> dict[str, Any]:
    """Return what lets the points of a line be clicked: marks that show once they are chosen,
    since plotly lets nobody choose a line.
    """
    return {
        "mode": "lines+markers",
        "marker": {"color": color, "size": 9, "opacity": 0},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 0}},
    }


def guide(palette: Palette, x: Sequence[Any], y: Sequence[Any]) -> dict[str, Any]:
    """Return a thin dotted line that shows what would be perfect, or chance."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "line": {"color": palette.muted, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def legend(palette: Palette) -> dict[str, Any]:
    """Return a legend in a row above the figure."""
    return {
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": 11, "color": palette.muted},
            "bgcolor": "rgba(0,0,0,0)",
        },
    }
