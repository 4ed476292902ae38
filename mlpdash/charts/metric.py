"""Accuracy, or root mean squared error and R2, over epochs."""

from __future__ import annotations

from typing import Any, Final

from mlpdash.charts import theme
from mlpdash.charts.escape import escape
from mlpdash.charts.loss import epoch_layout, epoch_line
from mlpdash.charts.parts import BoardFigure, Reading, Wire
from mlpdash.charts.subject import BoardSubject
from mlpdash.charts.theme import Palette
from mlpdash.text import _

EVERY: Final = 8


def metric_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the figure with empty curves."""
    percent = subject.task == "classification"
    form = ".1%" if percent else ".3g"
    traces, wires = [], []
    splits = [("metric_train", _("train"), palette.line, 1.6)]
    if subject.held_out.any():
        splits.append(("metric_validation", _("valid"), palette.accent, 2.0))
    for place, (array, name, color, width) in enumerate(splits):
        traces.append(epoch_line(name, color, width, form))
        wires += [
            Wire("validation_x", place, "x", "append", EVERY, "curve_validation"),
            Wire(array, place, "y", "append", EVERY, "curve_validation"),
        ]
    return BoardFigure(
        name="metric",
        title=_("Accuracy") if percent else _("RMSE"),
        figure={
            "data": traces,
            "layout": epoch_layout(
                palette, _axis(subject, palette), revision="metric " + subject.task
            ),
        },
        wires=tuple(wires),
        readings=_readings(percent, len(splits) == 2),
    )


def _axis(subject: BoardSubject, palette: Palette) -> dict[str, Any]:
    if subject.task == "classification":
        return theme.axis(palette, range=[0, 1.04], tickformat=".0%", tickvals=[0, 0.5, 1])
    unit = escape(subject.target_unit, 20)
    return theme.axis(palette, unit, rangemode="tozero", nticks=6)


def _readings(percent: bool, held_out: bool) -> tuple[Reading, ...]:
    kind: Any = "percent" if percent else "number"
    made = [Reading("metric_train", _("train"), kind, "train")]
    if held_out:
        made.append(Reading("metric_validation", _("valid"), kind, "validation"))
        if not percent:
            made.append(Reading("metric2_validation", _("R²"), "number"))
    return tuple(made)
