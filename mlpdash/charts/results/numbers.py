"""Figures about predicted numbers: against actual ones, what is left over, and over time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.arrays import packed
from mlpdash.charts.board.boundary import with_unit
from mlpdash.charts.escape import escape
from mlpdash.charts.results.parts import ResultFigure, clickable, guide, legend, result_figure
from mlpdash.charts.theme import Palette
from mlpdash.text import _

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def predicted_figure(
    name: str,
    target: tuple[str, str],
    rows: Rows,
    actual: Floats,
    predicted: Floats,
    palette: Palette,
) -> ResultFigure:
    """Return predicted against actual values, a point a row.

    Parameters
    ----------
    target : its name and unit
    rows, actual, predicted : (rows,) numbers of the rows, and values in the target's units
    """
    low = float(min(actual.min(), predicted.min()))
    high = float(max(actual.max(), predicted.max()))
    pad = 0.05 * (high - low) or 1.0
    ends = [low - pad, high + pad]
    hover = _("row {row}<br>actual {actual}<br>predicted {predicted}").format(
        row="%{customdata}", actual="%{x:.4g}", predicted="%{y:.4g}"
    )
    x = theme.axis(palette, with_unit(_("actual"), target[1]))
    y = theme.axis(palette, with_unit(_("predicted"), target[1]))
    x["range"], y["range"] = list(ends), list(ends)
    return result_figure(
        f"{name} predicted",
        _("{target}: predicted against actual; on the dotted line the net is right").format(
            target=target[0]
        ),
        [guide(palette, ends, ends), _points(rows, actual, predicted, palette, hover)],
        x,
        y,
        palette,
        margin={"l": 64},
    )


def residual_figure(
    name: str,
    over: str,
    rows: Rows,
    at: Floats,
    residual: Floats,
    palette: Palette,
    *,
    levels: tuple[str, ...] = (),
    unit: str = "",
) -> ResultFigure:
    """Return residuals (actual minus predicted) over a quantity, a point a row.

    Parameters
    ----------
    over : raw text, the axis title with its unit
    at : (rows,) the quantity; of a category, positions among its levels
    unit : of the residuals
    """
    known = np.isfinite(at)
    rows, at, residual = rows[known], at[known], residual[known]
    most = float(np.abs(residual).max()) * 1.08 if len(residual) else 1.0
    hover = _("row {row}<br>{x}<br>residual {residual}").format(
        row="%{customdata}", x="%{x:.4g}" if not levels else "%{x}", residual="%{y:.4g}"
    )
    x = theme.axis(palette, escape(over, 60))
    if levels:
        ticks = [escape(level, 14) for level in levels]
        x |= {"tickmode": "array", "tickvals": list(range(len(levels))), "ticktext": ticks}
    title = with_unit(_("actual − predicted"), unit)
    y = theme.axis(palette, title, range=[-most or -1.0, most or 1.0])
    span = [float(at.min()), float(at.max())] if len(at) else [0.0, 1.0]
    return result_figure(
        f"{name} residuals over {over}",
        _("Residuals over {over}; a pattern here is something the net has missed").format(
            over=over
        ),
        [guide(palette, span, [0, 0]), _points(rows, at, residual, palette, hover)],
        x,
        y,
        palette,
        margin={"l": 64},
    )


def spread_figure(
    name: str, residual: Floats, edges: Floats, unit: str, palette: Palette
) -> ResultFigure:
    """Return how residuals are distributed; each bar's customdata is its bin."""
    counts, _edges = np.histogram(residual, edges)
    middles = (edges[1:] + edges[:-1]) / 2
    bars = {
        "type": "bar",
        "x": middles.tolist(),
        "y": counts.tolist(),
        "width": (np.diff(edges) * 0.94).tolist(),
        "marker": {"color": [theme.ORANGE if m < 0 else theme.BLUE for m in middles]},
        "customdata": [[n, f"{edges[n]:.4g}", f"{edges[n + 1]:.4g}"] for n in range(len(middles))],
        "hovertemplate": _("{rows} rows from {low} to {high}; click to list them").format(
            rows="%{y:,}", low="%{customdata[1]}", high="%{customdata[2]}"
        )
        + "<extra></extra>",
        "unselected": {"marker": {"opacity": 0.45}},
    }
    x = theme.axis(palette, with_unit(_("actual − predicted"), unit))
    y = theme.axis(palette, _("rows"))
    title = _("Distribution of the residuals: predicted too high on the left, too low on the right")
    return result_figure(f"{name} spread", title, [bars], x, y, palette)


def time_figure(
    name: str,
    target: tuple[str, str],
    time: NDArray[Any],
    rows: Rows,
    actual: Floats,
    predicted: Floats,
    held_out: NDArray[np.bool_],
    palette: Palette,
) -> ResultFigure:
    """Return actual and predicted values over time, with points at the rows that were held out.

    Parameters
    ----------
    time : (rows,) datetime64, rising
    held_out : (rows,) the row was not trained on
    """
    stamps = np.asarray(time, "datetime64[s]").astype(str)
    each = _("{time}<br>{what} {value}")
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "name": label,
            "x": stamps.tolist(),
            "y": packed(values),
            "customdata": rows.tolist(),
            "hovertemplate": each.format(time="%{x}", what=label, value="%{y:.4g}")
            + "<extra></extra>",
            **clickable(color),
            "line": {"color": color, "width": width},
        }
        for label, values, color, width in (
            (_("actual"), actual, palette.line, 1.3),
            (_("predicted"), predicted, palette.accent, 1.7),
        )
    ]
    marks = _points(
        rows[held_out],
        predicted[held_out],
        predicted[held_out],
        palette,
        _("row {row}, not used for training<br>{time}<br>predicted {value}").format(
            row="%{customdata}", time="%{x}", value="%{y:.4g}"
        ),
    )
    marks |= {"x": stamps[held_out].tolist(), "name": _("not used for training")}
    marks["marker"] |= {"size": 5}
    x = theme.axis(palette, "", type="date", showgrid=False)
    y = theme.axis(palette, with_unit(*target))
    title = _("Predicted and actual over time; rings are rows not used for training")
    return result_figure(
        f"{name} over time",
        title,
        [*traces, marks],
        x,
        y,
        palette,
        margin={"t": 48, "b": 32, "l": 60},
        **legend(palette),
    )


def _points(rows: Rows, x: Floats, y: Floats, palette: Palette, hover: str) -> dict[str, Any]:
    many = len(rows) > 2_000
    return {
        "type": "scattergl" if many else "scatter",
        "mode": "markers",
        "x": packed(x),
        "y": packed(y),
        "customdata": rows.tolist(),
        "marker": {
            "size": 4 if many else 8,
            "color": "rgba(0,0,0,0)" if not many else palette.accent,
            "opacity": 0.5 if many else 1.0,
            "line": {"color": palette.accent, "width": 0 if many else 1.6},
        },
        "hovertemplate": hover + "<extra></extra>",
        "selected": {"marker": {"color": palette.accent, "opacity": 1}},
        "unselected": {"marker": {"opacity": 0.35}},
    }
