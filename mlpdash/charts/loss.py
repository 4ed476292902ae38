"""Loss over epochs, on training and on held-out rows."""

from __future__ import annotations

from typing import Any, Final

from mlpdash.charts import theme
from mlpdash.charts.parts import BoardFigure, Reading, Wire
from mlpdash.charts.subject import BoardSubject
from mlpdash.charts.theme import Palette
from mlpdash.text import _

EVERY: Final = 4


def loss_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the figure with empty curves."""
    traces = [epoch_line(_("train"), palette.line, 1.6)]
    wires = [
        Wire("loss_x", 0, "x", "append", EVERY, "curve"),
        Wire("loss_train", 0, "y", "append", EVERY, "curve"),
    ]
    readings = [Reading("loss_train", _("train"), split="train")]
    if subject.held_out.any():
        traces.append(epoch_line(_("valid"), palette.accent, 2.0))
        wires += [
            Wire("validation_x", 1, "x", "append", EVERY, "curve_validation"),
            Wire("loss_validation", 1, "y", "append", EVERY, "curve_validation"),
        ]
        readings.append(Reading("loss_validation", _("valid"), split="validation"))
    kind = _("cross-entropy") if subject.task == "classification" else _("squared error")
    y = theme.axis(palette, kind, rangemode="tozero", nticks=6)
    return BoardFigure(
        name="loss",
        title=_("Loss"),
        figure={
            "data": traces,
            "layout": epoch_layout(palette, y, revision="loss " + subject.task),
        },
        wires=tuple(wires),
        readings=tuple(readings),
        logarithmic=True,
    )


def epoch_line(name: str, color: str, width: float, form: str = ".3g") -> dict[str, Any]:
    """Return an empty curve over epochs with its name at its end."""
    hover = _("epoch {epoch}").format(epoch="%{x:,.0f}")
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [],
        "y": [],
        "line": {"color": color, "width": width},
        "hovertemplate": f"{hover}<br>{name} %{{y:{form}}}<extra></extra>",
        "meta": {"canvas": "marks", "label": name},
    }


def epoch_layout(palette: Palette, y: dict[str, Any], *, revision: str) -> dict[str, Any]:
    """Return a layout over epochs with room at the right for the names of the curves."""
    x = theme.axis(palette, _("epoch"), rangemode="tozero", showgrid=False)
    made = theme.layout(palette, x, y, revision=revision, right=44)
    made["margin"]["b"] = 34
    made["xaxis"]["title"]["standoff"] = 2
    return made
