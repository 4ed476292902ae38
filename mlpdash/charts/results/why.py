"""Figures that say why: importance, partial dependence, and the shares of one prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.board.boundary import with_unit
from mlpdash.charts.escape import escape, plain
from mlpdash.charts.results.parts import ResultFigure, clickable, guide, result_figure
from mlpdash.charts.theme import Palette
from mlpdash.text import _

MOST_BARS: Final = 20


def importance_figure(
    name: str, found: Sequence[Mapping[str, Any]], measure: str, palette: Palette
) -> ResultFigure:
    """Return how much the loss grows when each input is shuffled, the most important on top.

    Parameters
    ----------
    found : "feature", "mean", "spread" each, the largest first
    measure : raw text, what grows, with its unit
    """
    shown = found[:MOST_BARS]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [one["mean"] for one in shown],
        "y": list(range(len(shown))),
        "marker": {"color": palette.accent},
        "unselected": {"marker": {"opacity": 0.45}},
        "error_x": {
            "type": "data",
            "array": [one["spread"] for one in shown],
            "color": palette.ink,
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [[escape(one["feature"]), one["spread"]] for one in shown],
        "hovertemplate": "<b>%{customdata[0]}</b><br>"
        + _("{mean} more, ± {spread}; click to see its effect").format(
            mean="%{x:.3g}", spread="%{customdata[1]:.2g}"
        )
        + "<extra></extra>",
    }
    x = theme.axis(palette, escape(measure, 80), rangemode="tozero")
    y = _names([one["feature"] for one in shown], palette)
    return result_figure(
        f"{name} importance",
        _("How much worse it gets when one input is shuffled among the rows"),
        [bars],
        x,
        y,
        palette,
        height=max(220, 110 + 26 * len(shown)),
        margin={"l": 132},
    )


def dependence_figure(
    name: str,
    feature: tuple[str, str, tuple[str, ...]],
    grid: NDArray[np.float64],
    mean: NDArray[np.float64],
    lines: tuple[NDArray[np.float32], NDArray[np.int64]],
    output: str,
    palette: Palette,
    *,
    is_share: bool,
) -> ResultFigure:
    """Return what comes out on average over one input, and thin lines for single rows.

    Parameters
    ----------
    feature : name, unit and levels of the input
    grid, mean : (points,)
    lines : (rows, points), and the numbers of these rows
    output : raw text, what comes out
    """
    label, unit, levels = feature
    values, rows = lines
    thin = np.column_stack([values, np.full(len(values), np.nan)]).ravel()
    across = np.tile(np.append(grid, np.nan), len(values))
    pale = theme.mix(palette.paper, palette.line, 0.45)
    marks = {"marker": {"color": pale, "size": 5}} if levels else clickable(palette.accent)
    single = {
        "type": "scatter",
        **marks,
        "mode": "markers" if levels else "lines+markers",
        "customdata": np.repeat(rows, len(grid) + 1).tolist(),
        "x": [None if np.isnan(v) else float(v) for v in across],
        "y": [None if np.isnan(v) else float(v) for v in thin],
        "line": {"color": pale, "width": 0.8},
        "hovertemplate": _("row {row}; click to see it").format(row="%{customdata}")
        + "<extra></extra>",
    }
    middle = {
        "type": "scatter",
        "mode": "markers" if levels else "lines",
        "x": grid.tolist(),
        "y": mean.tolist(),
        "line": {"color": palette.accent, "width": 3},
        "marker": {"color": palette.accent, "size": 11},
        "hovertemplate": _("{x}: {y} on average").format(
            x="%{x:.4g}" if not levels else "%{x}", y="%{y:.1%}" if is_share else "%{y:.4g}"
        )
        + "<extra></extra>",
    }
    x = theme.axis(palette, with_unit(label, unit))
    if levels:
        ticks = [escape(level, 14) for level in levels]
        x |= {"tickmode": "array", "tickvals": list(range(len(levels))), "ticktext": ticks}
    y = theme.axis(palette, escape(output, 60), tickformat=".0%" if is_share else "")
    title = _("Prediction if only {name} were different").format(name=label)
    return result_figure(
        f"{name} over {label}",
        plain(title, 160),
        [single, middle],
        x,
        y,
        palette,
        margin={"l": 64},
    )


def shares_figure(
    name: str,
    features: Sequence[str],
    values: Sequence[str],
    shares: Sequence[float],
    title: str,
    palette: Palette,
    *,
    is_share: bool,
    unit: str = "",
) -> ResultFigure:
    """Return what each input adds to one prediction, the strongest on top.

    Parameters
    ----------
    values : what each input is in this row, as text; empty where that is not said
    shares : (features,) in units of the prediction
    unit : of the prediction, empty for a probability
    """
    order = sorted(range(len(shares)), key=lambda n: -abs(shares[n]))[:MOST_BARS]
    labels = [
        f"{feature} = {value}" if value else feature
        for feature, value in zip(features, values, strict=True)
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [shares[n] for n in order],
        "y": list(range(len(order))),
        "marker": {"color": [theme.BLUE if shares[n] > 0 else theme.ORANGE for n in order]},
        "customdata": [escape(labels[n]) for n in order],
        "hovertemplate": "%{customdata}<br>%{x:+.3g}<extra></extra>"
        if not is_share
        else "%{customdata}<br>%{x:+.1%}<extra></extra>",
    }
    adds = _("adds to the probability") if is_share else _("adds to the prediction")
    x = theme.axis(palette, with_unit(adds, unit), tickformat="+.0%" if is_share else "")
    y = _names([labels[n] for n in order], palette)
    ends = [-0.5, len(order) - 0.5]
    return result_figure(
        f"{name} integrated gradients",
        plain(title, 200),
        [bars, guide(palette, [0, 0], ends)],
        x,
        y,
        palette,
        height=max(220, 110 + 26 * len(order)),
        margin={"l": 172},
    )


def pixels_figure(
    name: str, values: NDArray[np.float64], title: str, palette: Palette
) -> ResultFigure:
    """Return a number for each pixel of a picture: blue adds, orange takes away."""
    most = float(np.abs(values).max()) or 1.0
    rows, columns = values.shape
    field = {
        "type": "heatmap",
        "z": values.tolist(),
        "zmin": -most,
        "zmax": most,
        "colorscale": [list(step) for step in theme.two_sided(palette)],
        "showscale": False,
        "hovertemplate": _("row {row}, column {column}: {value}").format(
            row="%{y}", column="%{x}", value="%{z:.3g}"
        )
        + "<extra></extra>",
    }
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False, "ticks": ""}
    x = theme.axis(palette, "", **hidden, range=[-0.5, columns - 0.5], constrain="domain")
    y = theme.axis(palette, "", **hidden, range=[rows - 0.5, -0.5], scaleanchor="x")
    return result_figure(f"{name} pixels", plain(title, 200), [field], x, y, palette, height=360)


def _names(names: Sequence[str], palette: Palette) -> dict[str, Any]:
    """Return the y axis of horizontal bars, the first name on top."""
    return theme.axis(
        palette,
        "",
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[escape(name, 26) for name in names],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
    )


def probabilities_figure(
    name: str,
    classes: Sequence[str],
    probability: Sequence[float],
    palette: Palette,
    *,
    is_one: bool = True,
) -> ResultFigure:
    """Return the probability of each class for one row; of many classes, the likeliest.

    Parameters
    ----------
    is_one : the row is one of the classes; else each is a label of its own
    """
    order = list(range(len(classes)))
    if len(order) > MOST_BARS:
        order = sorted(order, key=lambda c: -probability[c])[:MOST_BARS]
    colors = theme.class_colors(len(classes))
    best = max(order, key=lambda c: probability[c])
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [probability[c] for c in order],
        "y": list(range(len(order))),
        "marker": {"color": [colors[c] for c in order]},
        "text": [f"{100 * probability[c]:.1f} %" for c in order],
        "textposition": "auto",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    x = theme.axis(palette, _("probability"), range=[0, 1.001], tickformat=".0%")
    y = _names([classes[c] for c in order], palette)
    said = [classes[best]] if is_one else [classes[c] for c in order if probability[c] > 0.5]
    title = _("Predicted {name}").format(name=", ".join(said) or _("none of these"))
    return result_figure(
        f"{name} prediction",
        plain(title, 160),
        [bars],
        x,
        y,
        palette,
        height=max(220, 110 + 40 * len(order)),
        margin={"l": 112},
    )
