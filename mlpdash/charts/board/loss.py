"""Loss over epochs, on training and on held-out rows."""

from __future__ import annotations

from typing import Any, Final

from mlpdash.charts import theme
from mlpdash.charts.board.parts import BoardFigure, Key, Reading, Wire
from mlpdash.charts.board.population import ribbon, ribbon_wires
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.theme import Palette
from mlpdash.text import N_, _

EVERY: Final = 4
KINDS: Final = {  # of losses, as the axis has them
    "cross_entropy": N_("cross-entropy"),
    "cross_entropy_after_softmax": N_("cross-entropy of softmax"),
    "squared_error": N_("squared error"),
    "squared_error_sum": N_("sum of squared errors"),
    "absolute_error": N_("absolute error"),
    "huber": N_("Huber loss"),
}


def loss_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the figure with empty curves; of several nets medians, bands and one net's own."""
    traces = [epoch_line(_("training"), palette.line, 1.6)]
    wires = epoch_wires(0, "loss_x", "loss_train", EVERY, "curve")
    several = subject.nets > 1
    spread = several and not subject.folds  # of folds the mean is read
    readings = [Reading("loss_train", _("training"), split="train", spread=spread)]
    if subject.held_out.any():
        traces.append(epoch_line(_("validation"), palette.accent, 2.0))
        wires += epoch_wires(1, "validation_x", "loss_validation", EVERY, "curve_validation")
        readings.append(Reading("loss_validation", _("validation"), "number", "validation", spread))
    if several:
        _add_population(subject, palette, traces, wires)
    y = theme.axis(palette, _kind(subject), rangemode="tozero", nticks=6, exponentformat="power")
    return BoardFigure(
        name="loss",
        title=_("Loss"),
        hint=epoch_hint(subject),
        figure={
            "data": traces,
            "layout": epoch_layout(palette, y, revision=f"loss {subject.task} {subject.loss}"),
        },
        wires=tuple(wires),
        readings=tuple(readings),
        legend=epoch_keys(subject),
        logarithmic=True,
    )


def _kind(subject: BoardSubject) -> str:
    usual = "cross_entropy" if subject.task == "classification" else "squared_error"
    return _(KINDS[usual if subject.loss == "auto" else subject.loss])


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


def epoch_wires(place: int, x: str, y: str, every: int, counter: str) -> list[Wire]:
    """Return the wires of a curve that grows."""
    return [
        Wire(x, place, "x", "append", every, counter),
        Wire(y, place, "y", "append", every, counter),
    ]


def add_net(
    traces: list[dict[str, Any]],
    wires: list[Wire],
    array: str,
    split: str,
    color: str,
    every: int,
    form: str = ".3g",
) -> None:
    """Add the curve of the net that is picked, or of the best; the board names it in the hover."""
    line = epoch_line(split, color, 1.4, form)
    line["line"]["dash"] = "dot"
    named = line["hovertemplate"].replace(f"<br>{split}", f"<br>{{net}}, {split}")
    line["meta"] = {"canvas": "marks", "net": named}
    wires += epoch_wires(len(traces), "net_x", array, every, "curve_net")
    traces.append(line)


def epoch_layout(
    palette: Palette, y: dict[str, Any], *, revision: str, left: int = 0
) -> dict[str, Any]:
    """Return a layout over epochs with room at the right for the names of the curves.

    Parameters
    ----------
    left : pixels that the vertical axis takes, if many
    """
    x = theme.axis(palette, _("epoch"), rangemode="tozero", showgrid=False, exponentformat="none")
    made = theme.layout(palette, x, y, revision=revision, right=66)
    made["margin"] |= {"b": 34, "l": max(60, left)}  # a title beside ticks as wide as 3,000
    made["xaxis"]["title"]["standoff"] = 2
    return made


def epoch_keys(subject: BoardSubject) -> tuple[Key, ...]:
    """Return the legend of curves of several nets; a single one has none."""
    if subject.nets < 2:
        return ()
    middle = Key(_("median of {n} nets").format(n=subject.nets), "line", "line", live="median")
    one = _("best")
    if subject.folds:
        middle, one = Key(_("mean over the folds"), "line", "line"), _("a net that you pick")
    return (
        middle,
        Key(_("10 to 90 %"), "band", "line"),
        Key(one, "dotted", "line", live="net"),
    )


def epoch_hint(subject: BoardSubject) -> str:
    """Say what the curves of several nets are; nothing for a single one."""
    if subject.nets < 2:
        return ""
    if subject.folds:
        return _(
            "The mean of {n} nets, each validated on the fold that it does not learn from; the "
            "band holds them from 10 to 90 %. Dotted: the net that is picked. None is called the "
            "best: the lowest loss tells which fold is easy."
        ).format(n=subject.nets)
    return _(
        "The median of {n} nets; the band holds the nets from 10 to 90 %. Dotted: the "
        "net that is picked, else the one whose loss on validation rows, or training "
        "rows, is lowest now."
    ).format(n=subject.nets)


def _add_population(
    subject: BoardSubject, palette: Palette, traces: list[dict[str, Any]], wires: list[Wire]
) -> None:
    """Add one net's own curves, and the bands, which the board paints under the lines."""
    add_net(traces, wires, "net_loss_train", _("training"), palette.line, EVERY)
    if subject.held_out.any():
        add_net(traces, wires, "net_loss_validation", _("validation"), palette.accent, EVERY)
    wires += ribbon_wires(len(traces), "loss", EVERY, "loss_x", "curve")
    traces.append(ribbon([], palette.line, "band"))
    if subject.held_out.any():
        wires += ribbon_wires(len(traces), "validation", EVERY, "validation_x", "curve_validation")
        traces.append(ribbon([], palette.accent, "band"))
