"""Figures about classes: the confusion matrix, ROC, precision and recall, calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.escape import escape
from mlpdash.charts.results.parts import ResultFigure, clickable, guide, legend, line, result_figure
from mlpdash.charts.theme import Palette
from mlpdash.text import _

MOST_NAMED: Final = 12  # classes whose counts are written into the cells


def confusion_figure(
    name: str, counts: NDArray[np.int64], classes: Sequence[str], palette: Palette, *, shares: bool
) -> ResultFigure:
    """Return the confusion matrix, of which each cell is a bar, since bars can be clicked.

    Parameters
    ----------
    counts : (K, K) rows with the class of the row, predicted as the class of the column
    shares : write shares of the actual class instead of counts
    """
    k = len(classes)
    total = np.maximum(counts.sum(1, keepdims=True), 1)
    share = counts / total
    cells = [(i, j) for i in range(k) for j in range(k)]
    texts = [
        f"{share[i, j]:.1%}".replace("%", " %") if shares else f"{counts[i, j]:,}" for i, j in cells
    ]
    named = k <= MOST_NAMED
    width = 0.97 if named else 1.0
    bars = {
        "type": "bar",
        "x": [j for _i, j in cells],
        "base": [i - width / 2 for i, _j in cells],
        "y": [width] * len(cells),
        "width": width,
        "marker": {
            "color": [
                theme.mix(
                    palette.pale,
                    theme.RIGHT if i == j else theme.WRONG,
                    palette.strength * float(share[i, j]),
                )
                for i, j in cells
            ],
            "line": {"width": 0},
        },
        "customdata": [
            [i, j, escape(classes[i]), escape(classes[j]), text]
            for (i, j), text in zip(cells, texts, strict=True)
        ],
        "hovertemplate": _("actual {actual}, predicted {predicted}: {rows}").format(
            actual="%{customdata[2]}", predicted="%{customdata[3]}", rows="%{customdata[4]}"
        )
        + "<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 0.45}},
    }
    if named:
        bars |= {
            "text": texts,
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"size": 14 if k <= 6 else 10, "color": palette.ink},
        }
    x = theme.axis(palette, _("predicted"), **_ticks(classes, max(4, 36 // k)))
    y = theme.axis(palette, _("actual"), **_ticks(classes, 12))
    x |= {"showgrid": False, "range": [-0.5, k - 0.5], "fixedrange": True}
    y |= {"showgrid": False, "range": [k - 0.5, -0.5], "fixedrange": True}
    title = _("Which class is taken for which, green if right; click a cell to list its rows")
    height = min(640, max(300, 120 + 62 * k)) if named else 560
    return result_figure(
        f"{name} confusion",
        title,
        [bars],
        x,
        y,
        palette,
        height=height,
        margin={"l": 96},
        barmode="overlay",
        dragmode="pan",
    )


def roc_figure(
    name: str, curves: Sequence[Mapping[str, Any]], classes: Sequence[str], palette: Palette
) -> ResultFigure:
    """Return the true over the false positive rate; chance is the diagonal."""
    hover = _("{share} of the class found<br>at {false} false alarms").format(
        share="%{y:.1%}", false="%{x:.1%}"
    )
    return _rates(
        f"{name} ROC",
        _("ROC: classes found against false alarms; click a point to list its rows"),
        curves,
        classes,
        palette,
        hover=hover,
        titles=(_("false positive rate"), _("true positive rate")),
        chance=[guide(palette, [0, 1], [0, 1])],
    )


def precision_recall_figure(
    name: str, curves: Sequence[Mapping[str, Any]], classes: Sequence[str], palette: Palette
) -> ResultFigure:
    """Return precision over recall."""
    hover = _("{precision} of those named are right<br>when {recall} are found").format(
        precision="%{y:.1%}", recall="%{x:.1%}"
    )
    return _rates(
        f"{name} precision and recall",
        _("Precision against recall; click a point to list its rows"),
        curves,
        classes,
        palette,
        hover=hover,
        titles=(_("recall"), _("precision")),
        chance=[],
    )


def calibration_figure(
    name: str, found: Mapping[str, Any], class_name: str, color: str, palette: Palette
) -> ResultFigure:
    """Return how often the class occurs where the net says p, with 95 % intervals."""
    observed, low, high = (np.array(found[key]) for key in ("observed", "low", "high"))
    rows = np.array(found["rows"], dtype=float)
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": found["predicted"],
        "y": found["observed"],
        "marker": {"color": color, "size": (7 + 9 * np.sqrt(rows / rows.max())).tolist()},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": (high - observed).tolist(),
            "arrayminus": (observed - low).tolist(),
            "color": color,
            "thickness": 1.2,
            "width": 4,
        },
        "customdata": [[b, int(n)] for b, n in zip(found["bins"], found["rows"], strict=True)],
        "hovertemplate": _(
            "predicted {said}<br>observed {observed}<br>{rows} rows; click to list them"
        ).format(said="%{x:.1%}", observed="%{y:.1%}", rows="%{customdata[1]:,}")
        + "<extra></extra>",
    }
    what = escape(class_name)
    x = theme.axis(palette, _("probability of {name}").format(name=what), tickformat=".0%")
    y = theme.axis(palette, _("observed share of {name}").format(name=what), tickformat=".0%")
    x["range"], y["range"] = [-0.03, 1.03], [-0.03, 1.03]
    return result_figure(
        f"{name} calibration",
        _(
            "Calibration: of rows predicted with probability p, the share that is so. The "
            "dotted line is perfect"
        ),
        [guide(palette, [0, 1], [0, 1]), points],
        x,
        y,
        palette,
        margin={"l": 60},
    )


def threshold_figure(
    name: str,
    thresholds: Sequence[float],
    cost: Sequence[float],
    chosen: float,
    palette: Palette,
) -> ResultFigure:
    """Return the cost per row over the threshold, and where one stands on it."""
    at = int(np.argmin(np.abs(np.asarray(thresholds) - chosen)))
    hover = _("threshold {p}: {cost} per row").format(p="%{x:.2f}", cost="%{y:.3g}")
    here = {
        "type": "scatter",
        "mode": "markers",
        "x": [thresholds[at]],
        "y": [cost[at]],
        "marker": {"color": palette.accent, "size": 12},
        "hovertemplate": hover + "<extra></extra>",
    }
    x = theme.axis(palette, _("threshold"), range=[-0.02, 1.02])
    y = theme.axis(palette, _("cost per row"), rangemode="tozero")
    curve = line(thresholds, cost, palette.line, "", hover, **clickable(palette.accent))
    title = _("What mistakes cost at each threshold; click one to take it")
    traces = [curve, here | {"hoverinfo": "skip", "hovertemplate": None}]
    return result_figure(f"{name} threshold", title, traces, x, y, palette, height=280)


def _rates(
    name: str,
    title: str,
    curves: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    palette: Palette,
    *,
    hover: str,
    titles: tuple[str, str],
    chance: list[dict[str, Any]],
) -> ResultFigure:
    colors = theme.class_colors(len(classes))
    shown = range(len(classes)) if len(classes) > 2 else (1,)
    traces = [
        line(
            curves[c]["x"],
            curves[c]["y"],
            colors[c],
            _("{name}, area {area:.3f}").format(name=classes[c], area=curves[c]["area"]),
            f"<b>{escape(classes[c])}</b><br>{hover}",
            customdata=[[c, at] for at in curves[c]["at"]],
            **clickable(colors[c]),
        )
        for c in shown
        if curves[c]["x"]
    ]
    x = theme.axis(palette, titles[0], range=[-0.02, 1.02], tickformat=".0%")
    y = theme.axis(palette, titles[1], range=[-0.02, 1.03], tickformat=".0%")
    return result_figure(
        name, title, [*chance, *traces], x, y, palette, margin={"t": 56}, **legend(palette)
    )


def _ticks(classes: Sequence[str], longest: int) -> dict[str, Any]:
    step = max(1, -(-len(classes) // MOST_NAMED))
    return {
        "tickmode": "array",
        "tickvals": list(range(0, len(classes), step)),
        "ticktext": [escape(n, longest) for n in classes[::step]],
        "tickangle": 0,
    }
