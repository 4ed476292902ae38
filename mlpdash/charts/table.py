"""Figures about a table at rest: the target, one input against it, correlations, gaps.

Pure functions from numbers and names to plotly's {"data": [...], "layout": {...}}.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts.escape import escape
from mlpdash.charts.theme import BLUE, ORANGE, Palette, axis, class_colors, layout, mix
from mlpdash.text import _

Figure = dict[str, Any]
Floats = NDArray[np.float64]
MOST_CLASSES: Final = 12  # that are drawn one by one
FONT: Final = '"Source Sans", sans-serif'
LABEL: Final = 24  # letters


def distribution(values: Floats, name: str, palette: Palette) -> Figure:
    """Draw how often each range of a number occurs; `values` (rows,) without NaN."""
    heights, edges = np.histogram(values, bins="auto" if len(values) < 20_000 else 60)
    if len(heights) > 80:
        heights, edges = np.histogram(values, bins=80)
    trace = {
        "type": "bar",
        "x": ((edges[1:] + edges[:-1]) / 2).tolist(),
        "y": heights.tolist(),
        "width": (edges[1:] - edges[:-1]).tolist(),
        "marker": {"color": palette.accent, "line": {"width": 0.5, "color": palette.paper}},
        "hovertemplate": "%{x:.4g}: %{y:,}<extra></extra>",
    }
    return _figure([trace], axis(palette, escape(name)), axis(palette, _("rows")), palette)


def counts(labels: Sequence[str], numbers: Sequence[int], palette: Palette) -> Figure:
    """Draw how many rows each class has, in the classes' own colours."""
    shown = list(zip(labels, numbers, class_colors(len(labels)), strict=True))[:MOST_CLASSES]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(shown))),
        "x": [number for _label, number, _color in shown],
        "marker": {"color": [color for _label, _number, color in shown]},
        "text": [f"{number:,}" for _label, number, _color in shown],
        "textposition": "auto",
        "hovertext": [escape(label) for label, _number, _color in shown],
        "hovertemplate": "%{hovertext}: %{x:,}<extra></extra>",
    }
    y = _names(palette, [label for label, _number, _color in shown])
    return _figure([trace], axis(palette, _("rows")), y, palette, left=_room(labels))


def against_number(
    x: Floats, y: Floats, name: str, target: str, palette: Palette, jitter: bool = False
) -> Figure:
    """Draw the target, a number, over one input; `jitter` spreads levels that coincide."""
    spread = np.random.default_rng(0).uniform(-0.25, 0.25, len(x)) if jitter else 0.0
    trace = {
        "type": "scattergl",
        "mode": "markers",
        "x": (x + spread).tolist(),
        "y": y.tolist(),
        "marker": {"color": palette.accent, "size": 5, "opacity": 0.55},
        "hovertemplate": "%{x:.4g}, %{y:.4g}<extra></extra>",
    }
    return _figure([trace], axis(palette, escape(name)), axis(palette, escape(target)), palette)


def against_classes(
    x: Floats, codes: NDArray[np.int64], classes: Sequence[str], name: str, palette: Palette
) -> Figure:
    """Draw the share of each range of an input that each class has, one line per class."""
    edges = np.histogram_bin_edges(x, bins=24)
    middles = ((edges[1:] + edges[:-1]) / 2).tolist()
    traces = []
    for code, (label, color) in enumerate(zip(classes, class_colors(len(classes)), strict=True)):
        if code == MOST_CLASSES:
            break
        heights, _edges = np.histogram(x[codes == code], bins=edges)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": escape(label, LABEL),
                "x": middles,
                "y": (heights / max(1, heights.sum())).tolist(),
                "line": {"color": color, "width": 2, "shape": "hvh"},
                "hovertemplate": f"{escape(label, LABEL)}, %{{x:.4g}}: %{{y:.1%}}<extra></extra>",
            }
        )
    y = axis(palette, _("share of the class"), tickformat=".0%", rangemode="tozero")
    return _figure(traces, axis(palette, escape(name)), y, palette, legend=True)


def with_levels(figure: Figure, levels: Sequence[str]) -> Figure:
    """Return the figure with the names of a category's levels on its x axis."""
    ticks = {"tickvals": list(range(len(levels))), "ticktext": [escape(v, 16) for v in levels]}
    if len(levels) > MOST_CLASSES:
        return figure
    x = {**figure["layout"]["xaxis"], **ticks}
    return {**figure, "layout": {**figure["layout"], "xaxis": x}}


def correlation(names: Sequence[str], matrix: Floats, palette: Palette) -> Figure:
    """Draw correlations, (names, names), from orange (-1) over pale to blue (1)."""
    labels = [escape(name, LABEL) for name in names]
    trace = {
        "type": "heatmap",
        "z": np.round(matrix, 3).tolist(),
        "x": list(range(len(labels))),
        "y": list(range(len(labels))),
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, ORANGE], [0.5, palette.pale], [1, BLUE]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": [[f"{a}, {b}" for b in labels] for a in labels],
        "hovertemplate": "%{text}: %{z:.2f}<extra></extra>",
    }
    if len(names) <= 10:
        trace["texttemplate"] = "%{z:.2f}"
        trace["textfont"] = {"size": 11, "color": palette.ink}
    x, y = _names(palette, names), _names(palette, names)
    x["tickangle"] = -40
    return _figure(
        [trace], x, {**y, "autorange": "reversed"}, palette, left=_room(names), bottom=_room(names)
    )


def gaps(names: Sequence[str], shares: Sequence[float], palette: Palette) -> Figure:
    """Draw the share of missing cells of each column."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": list(shares),
        "marker": {"color": mix(palette.accent, palette.pale, 0.2)},
        "text": [f"{share:.1%}" for share in shares],
        "textposition": "auto",
        "hovertext": [escape(name) for name in names],
        "hovertemplate": "%{hovertext}: %{x:.1%}<extra></extra>",
    }
    x = axis(palette, _("missing"), tickformat=".0%", range=[0, max(0.05, *shares) * 1.05])
    y = _names(palette, names)
    return _figure([trace], x, {**y, "autorange": "reversed"}, palette, left=_room(names))


def _names(palette: Palette, names: Sequence[str]) -> dict[str, Any]:
    ticks = {
        "tickvals": list(range(len(names))),
        "ticktext": [escape(name, LABEL) for name in names],
    }
    return {**axis(palette), **ticks, "showgrid": False}


def _room(names: Sequence[str]) -> int:
    """Return the pixels that labels need."""
    return 24 + 7 * min(LABEL, max((len(name) for name in names), default=0))


def _figure(
    traces: list[dict[str, Any]],
    x: dict[str, Any],
    y: dict[str, Any],
    palette: Palette,
    *,
    legend: bool = False,
    left: int = 56,
    bottom: int = 44,
) -> Figure:
    plain = {"exponentformat": "SI", "minexponent": 7}
    made = layout(palette, {**x, **plain}, {**y, **plain}, revision="table")
    made["font"] = {**made["font"], "family": FONT}
    made["margin"] = {**made["margin"], "l": max(left, 56), "b": max(bottom, 44), "t": 10}
    made["bargap"] = 0.18
    if legend:
        made["showlegend"] = True
        made["legend"] = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
        made["margin"]["t"] = 34
    return {"data": traces, "layout": made}
