"""The boundary of a net with many inputs, pale where no training rows are near."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.arrays import packed
from mlpdash.charts.escape import escape
from mlpdash.charts.results.parts import ResultFigure, legend, result_figure
from mlpdash.charts.theme import Palette
from mlpdash.text import _

Floats = NDArray[np.float64]


def plane_figure(
    name: str,
    title: str,
    axes: tuple[dict[str, Any], dict[str, Any]],
    coordinates: tuple[Floats, Floats],
    outputs: Floats,
    support: Floats,
    points: tuple[NDArray[np.int64], Floats, Floats, Floats],
    classes: tuple[str, ...],
    palette: Palette,
    *,
    output: int | None = None,
    is_held: bool = True,
    diverging: bool = False,
) -> ResultFigure:
    """Return what the net says on a plane.

    Parameters
    ----------
    axes : of x and y, from `theme.axis`
    coordinates : (columns,), (rows,)
    outputs : (rows, columns, K) probabilities, or values
    support : (rows, columns) 1 near training rows, 0 far from them
    points : numbers, x, y of the rows that lie on the plane, and their class code or value
    output : the class whose probability is drawn, None for all of them; or the target
    diverging : colours of values part at zero; else they rise from the lowest to the highest
    is_held : a click on a row holds the other inputs at its values; else it only lists the row
    """
    rows, x, y, value = points
    z, low, high, scale = _shades(outputs, value, classes, palette, output, diverging=diverging)
    field = _heat(coordinates, z, low, high, scale)
    veil = _heat(
        coordinates,
        np.round(1 - support, 3),
        0.0,
        1.0,
        [(0.0, _rgba(palette.paper, 0.0)), (1.0, _rgba(palette.paper, 0.94))],
    )
    hover = _("row {row}; click to see it")
    if is_held:
        hover = _("row {row}; click to hold the other inputs at its values")
    marks = {
        "type": "scattergl" if len(rows) > 2_000 else "scatter",
        "mode": "markers",
        "x": packed(x),
        "y": packed(y),
        "customdata": rows.tolist(),
        "showlegend": False,
        "marker": _marker(value, low, high, classes, palette, diverging=diverging),
        "hovertemplate": hover.format(row="%{customdata}") + "<extra></extra>",
        "unselected": {"marker": {"opacity": 0.75}},
    }
    traces = [field, veil, marks, *_keys(classes)]
    return result_figure(
        f"{name} boundary", title, traces, *axes, palette, height=520, **legend(palette)
    )


def _keys(classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return a trace without points for each class, for the legend."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": escape(name, 20),
            "marker": {"color": color, "size": 9},
            "hoverinfo": "skip",
        }
        for name, color in zip(classes, theme.class_colors(len(classes)), strict=True)
    ]


def _shades(
    outputs: Floats,
    value: Floats,
    classes: tuple[str, ...],
    palette: Palette,
    output: int | None,
    *,
    diverging: bool,
) -> tuple[Floats, float, float, theme.Scale]:
    """Return what is drawn, its range and its colours, as on the board."""
    k = len(classes)
    if k and output is not None:
        own = theme.class_colors(k)[output]
        return outputs[:, :, output], 0.0, 1.0, [(0.0, palette.pale), (1.0, own)]
    if k == 2:
        return outputs[:, :, 1], 0.0, 1.0, theme.two_sided(palette)
    if k > 2:
        sure = np.clip((outputs.max(-1) - 1 / k) / (1 - 1 / k), 0, 0.999)
        return outputs.argmax(-1) + sure, 0.0, float(k), theme.sure_steps(k, palette)
    low, high = float(value.min()), float(value.max())
    if diverging:
        low, high = min(low, -high), max(high, -low)
    scale = theme.two_sided(palette) if diverging else theme.sequential(palette)
    return outputs[:, :, output or 0], low, high if high > low else low + 1, scale


def _heat(
    coordinates: tuple[Floats, Floats], z: Floats, low: float, high: float, scale: theme.Scale
) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": packed(coordinates[0]),
        "y": packed(coordinates[1]),
        "z": np.round(z, 4).tolist(),
        "zmin": low,
        "zmax": high,
        "colorscale": [list(step) for step in scale],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _marker(
    value: Floats,
    low: float,
    high: float,
    classes: tuple[str, ...],
    palette: Palette,
    *,
    diverging: bool,
) -> dict[str, Any]:
    rim = {"color": palette.rim, "width": 1}
    if classes:
        colors = theme.class_colors(len(classes))
        return {"color": [colors[int(code)] for code in value], "size": 7, "line": rim}
    steps = theme.value_steps(palette) if diverging else theme.sequential_steps()
    scale = [list(step) for step in steps]
    return {
        "color": packed(value),
        "colorscale": scale,
        "cmin": low,
        "cmax": high,
        "size": 7,
        "line": rim,
    }


def _rgba(color: str, alpha: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
