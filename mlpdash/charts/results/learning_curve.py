"""The figure of a learning curve: the error of nets over the rows that they learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlpdash.charts import theme
from mlpdash.charts.escape import escape
from mlpdash.charts.results.parts import ResultFigure, result_figure
from mlpdash.charts.theme import Palette
from mlpdash.text import _


def learning_curve_figure(
    name: str, sizes: Sequence[Mapping[str, Any]], measure: str, palette: Palette
) -> ResultFigure:
    """Return the mean error over the rows, with its deviation, and a point for each net.

    Parameters
    ----------
    sizes : "rows", "share", "mean", "deviation" and "errors" each; None where there is no number
    measure : raw text, the error with its unit
    """
    points = [(one["rows"], error) for one in sizes for error in one["errors"]]
    single = {
        "type": "scatter",
        "mode": "markers",
        "x": [rows for rows, _error in points],
        "y": [error for _rows, error in points],
        "marker": {"color": theme.mix(palette.paper, palette.line, 0.6), "size": 6},
        "hovertemplate": _("one net of {rows} rows: {error}").format(
            rows="%{x:,}", error="%{y:.4g}"
        )
        + "<extra></extra>",
    }
    middle = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [one["rows"] for one in sizes],
        "y": [one["mean"] for one in sizes],
        "customdata": [[100 * one["share"], one["deviation"]] for one in sizes],
        "line": {"color": palette.accent, "width": 3},
        "marker": {"color": palette.accent, "size": 9},
        "error_y": {
            "type": "data",
            "array": [one["deviation"] for one in sizes],
            "color": palette.accent,
            "thickness": 1.2,
            "width": 4,
        },
        "hovertemplate": _("{rows} rows ({share} %): {error} ± {deviation}").format(
            rows="%{x:,}",
            share="%{customdata[0]:.0f}",
            error="%{y:.4g}",
            deviation="%{customdata[1]:.2g}",
        )
        + "<extra></extra>",
    }
    return result_figure(
        f"{name} learning curve",
        _("Error on validation rows, of nets that learned from 10 to 100 % of the rows"),
        [single, middle],
        theme.axis(palette, _("rows to learn from"), rangemode="tozero"),
        theme.axis(palette, escape(measure, 60)),
        palette,
        margin={"l": 64},
        showlegend=False,
    )
