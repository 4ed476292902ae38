"""Accuracy, or root mean squared error and R2, over epochs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from mlpdash.charts import theme
from mlpdash.charts.board.loss import (
    add_net,
    epoch_hint,
    epoch_keys,
    epoch_layout,
    epoch_line,
    epoch_wires,
)
from mlpdash.charts.board.parts import BoardFigure, Reading, Wire
from mlpdash.charts.board.population import ribbon, ribbon_wires
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.escape import escape
from mlpdash.charts.numbers import HOVER, room
from mlpdash.charts.theme import Palette
from mlpdash.text import _

EVERY: Final = 8


def metric_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the figure with empty curves; of several nets medians, a band and one net's own."""
    percent = subject.task == "classification"
    form = ".1%" if percent else HOVER
    title = _("Accuracy") if percent else _("RMSE")
    traces: list[dict[str, Any]] = []
    wires: list[Wire] = []
    splits = [("metric_train", _("training"), palette.line, 1.6)]
    if subject.held_out.any():
        splits.append(("metric_validation", _("validation"), palette.accent, 2.0))
    for place, (array, name, color, width) in enumerate(splits):
        traces.append(epoch_line(name, color, width, form))
        wires += epoch_wires(place, "validation_x", array, EVERY, "curve_validation")
    if subject.nets > 1:
        for array, name, color, _width in splits:
            add_net(traces, wires, f"net_{array}", name, color, EVERY, form)
    if subject.nets > 1 and subject.held_out.any():
        wires += ribbon_wires(len(traces), "metric", EVERY, "validation_x", "curve_validation")
        traces.append(ribbon([], palette.accent, "band"))
    return BoardFigure(
        name="metric",
        title=_("{title}, weighted").format(title=title) if subject.weights else title,
        hint=" ".join(filter(None, (subject.weights, epoch_hint(subject)))),
        figure={
            "data": traces,
            "layout": epoch_layout(
                palette,
                _axis(subject, palette),
                revision="metric " + subject.task,
                left=room(0.0, float(np.ptp(subject.value))),  # an RMSE is of that size
            ),
        },
        wires=tuple(wires),
        readings=_readings(subject),
        legend=epoch_keys(subject),
    )


def _axis(subject: BoardSubject, palette: Palette) -> dict[str, Any]:
    if subject.task == "classification":
        return theme.axis(palette, range=[0, 1.04], tickformat=".0%", tickvals=[0, 0.5, 1])
    unit = escape(subject.target_unit, 20)
    return theme.axis(palette, unit, rangemode="tozero", nticks=6)


def _readings(subject: BoardSubject) -> tuple[Reading, ...]:
    kind: Any = "percent" if subject.task == "classification" else "number"
    several = subject.nets > 1 and not subject.folds  # of folds the mean is read
    made = [Reading("metric_train", _("training"), kind, "train", several)]
    if subject.held_out.any():
        made.append(Reading("metric_validation", _("validation"), kind, "validation", several))
        if subject.task == "regression":
            made.append(Reading("metric2_validation", _("R²"), "number"))
    return tuple(made)
