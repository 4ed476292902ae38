"""Predicted against actual: a scatter, two lines over time, or the confusion matrix."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from mlpdash.charts import theme
from mlpdash.charts.arrays import packed
from mlpdash.charts.board.boundary import with_unit
from mlpdash.charts.board.parts import BoardFigure, Key, Wire
from mlpdash.charts.board.population import Ribbon, ribbon, ribbon_wires
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.escape import escape
from mlpdash.charts.numbers import HOVER, room
from mlpdash.charts.theme import Palette
from mlpdash.text import _

EVERY: Final = 6
MOST_NAMED: Final = 12  # classes whose counts are written into the cells


def predictions_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the confusion matrix, the lines over time, or the scatter, as the subject asks."""
    if subject.task == "classification":
        return _confusion(subject, palette)
    if subject.time is not None:
        return _over_time(subject, palette)
    return _scatter(subject, palette)


def _confusion(subject: BoardSubject, palette: Palette) -> BoardFigure:
    classes = max(len(subject.classes), 1)
    codes = np.arange(classes)
    named = classes <= MOST_NAMED
    cells: dict[str, Any] = {
        "type": "heatmap",
        "x": codes.tolist(),
        "y": codes.tolist(),
        "z": np.eye(classes).tolist(),  # no share of anything
        "text": [[""] * classes] * classes,
        "zmin": 0,
        "zmax": 2,
        "colorscale": theme.right_or_wrong(palette),
        "showscale": False,
        "xgap": 2 if named else 0,
        "ygap": 2 if named else 0,
        "hovertemplate": _("actual {actual}<br>predicted {predicted}<br>{rows} rows").format(
            actual="%{y}", predicted="%{x}", rows="%{text}"
        )
        + "<extra></extra>",
    }
    if named:
        cells |= {
            "texttemplate": "%{text}",
            "textfont": {"size": 13 if classes <= 6 else 10, "color": palette.ink},
        }
    x = theme.axis(palette, _("predicted"), **_class_ticks(subject, max(4, 36 // classes)))
    y = theme.axis(palette, _("actual"), **_class_ticks(subject, 10))
    x |= {"showgrid": False, "range": [-0.5, classes - 0.5]}
    y |= {"showgrid": False, "range": [classes - 0.5, -0.5]}
    made = theme.layout(palette, x, y, revision=repr(subject.classes))
    made["margin"] |= {"l": 88, "b": 40}
    held = bool(subject.held_out.any())
    return BoardFigure(
        name="predictions",
        mean=subject.nets > 1 and not subject.folds,
        title=_("Confusion matrix, validation") if held else _("Confusion matrix, training"),
        figure={"data": [cells], "layout": made},
        wires=(
            Wire("confusion", 0, "z", every=EVERY + 2, form="shades"),
            Wire("confusion", 0, "text", every=EVERY + 2, form="counts"),
        ),
        legend=(
            Key(_("right"), "square", theme.RIGHT),
            Key(_("wrong"), "square", theme.WRONG),
        ),
    )


def _class_ticks(subject: BoardSubject, longest: int) -> dict[str, Any]:
    classes = len(subject.classes)
    step = max(1, -(-classes // MOST_NAMED))
    return {
        "tickmode": "array",
        "tickvals": list(range(0, classes, step)),
        "ticktext": [escape(n, longest) for n in subject.classes[::step]],
        "tickangle": 0,
    }


def _scatter(subject: BoardSubject, palette: Palette) -> BoardFigure:
    low, high = (float(f(subject.value)) for f in (np.min, np.max))
    pad = 0.06 * (high - low) or 1.0
    ends = [low - pad, high + pad]
    unit = subject.target_unit
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("predicted = actual"),
            "x": ends,
            "y": ends,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        *(_predicted(subject, palette, held_out=held) for held in (False, True)),
    ]
    across = _("actual {target}").format(target=subject.target)
    x = theme.axis(palette, with_unit(across, unit))
    y = theme.axis(palette, with_unit(_("predicted"), unit), nticks=5)
    x["range"], y["range"] = ends, ends
    return BoardFigure(
        name="predictions",
        mean=subject.nets > 1 and not subject.folds,
        title=_("Predicted against actual"),
        figure={
            "data": [*traces, *_intervals(subject, palette)],
            "layout": theme.layout(palette, x, y, revision=repr(ends), left=room(*ends)),
        },
        wires=_wires(subject),
        legend=_keys(subject),
    )


def _over_time(subject: BoardSubject, palette: Palette) -> BoardFigure:
    assert subject.time is not None
    stamps = _stamps(subject)
    time = escape(subject.time_name)
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("actual"),
            "x": stamps.tolist(),
            "y": packed(subject.value),
            "line": {"color": palette.line, "width": 1.2},
            "hovertemplate": f"{time} %{{x}}<br>{_('actual')} %{{y:{HOVER}}}<extra></extra>",
        },
        *(_predicted(subject, palette, held_out=held) for held in (False, True)),
    ]
    traces[1] |= {"mode": "lines", "line": {"color": palette.accent, "width": 1.8}}
    low, high = (float(f(subject.value)) for f in (np.min, np.max))
    pad = 0.08 * (high - low) or 1.0
    x = theme.axis(palette, "", showgrid=False, range=[stamps[0], stamps[-1]], type="date")
    title, ends = with_unit(subject.target, subject.target_unit), [low - pad, high + pad]
    y = theme.axis(palette, title, nticks=5, range=ends)
    revision = repr((x["range"], ends))
    made = theme.layout(palette, x, y, revision=revision, left=room(*ends))
    made["margin"]["b"] = 36  # two lines: the day or month, and its year
    return BoardFigure(
        name="predictions",
        mean=subject.nets > 1 and not subject.folds,
        title=_("Predicted and actual over {time}").format(time=subject.time_name),
        figure={"data": [*traces, *_intervals(subject, palette)], "layout": made},
        wires=_wires(subject),
        legend=(
            Key(_("actual"), "line", "line"),
            Key(_("predicted"), "line", "accent"),
            *((Key(_("validation"), "ring", "accent"),) if subject.held_out.any() else ()),
            *_interval_key(subject),
        ),
    )


def _predicted(subject: BoardSubject, palette: Palette, *, held_out: bool) -> dict[str, Any]:
    chosen = subject.held_out == held_out
    split = _("validation") if held_out else _("training")
    size = 6 if len(subject.x) <= 600 else 4.5
    marker: dict[str, Any] = {"size": size - 1, "color": palette.line, "line": {"width": 0}}
    if held_out:
        marker["color"] = palette.paper
        marker["line"] = {"width": 1.6, "color": palette.accent}
    x = _stamps(subject)[chosen].tolist() if subject.time is not None else None
    across = _("actual") if subject.time is None else escape(subject.time_name)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": split,
        "x": packed(subject.value[chosen]) if x is None else x,
        "y": packed(np.full(int(chosen.sum()), np.nan)),
        "marker": marker,
        "customdata": packed(subject.row[chosen], "i4"),
        "hovertemplate": _("row {number}, {split}").format(number="%{customdata}", split=split)
        + f"<br>{across} %{{x{':' + HOVER if x is None else ''}}}"
        + f"<br>{_('predicted')} %{{y:{HOVER}}}<extra></extra>",
        "meta": {"canvas": "marks"},
    }


def _stamps(subject: BoardSubject) -> Any:
    stamps = np.asarray(subject.time, dtype="datetime64[s]")
    days = stamps.astype("datetime64[D]")
    return (days if bool((days == stamps).all()) else stamps).astype(str)


def _intervals(subject: BoardSubject, palette: Palette) -> list[dict[str, Any]]:
    """Return what holds 10 to 90 % of the nets' predictions: bars, or a band along a line."""
    if subject.nets < 2 or subject.folds:
        return []
    made = []
    for held_out in (False, True):
        chosen = subject.held_out == held_out
        along = subject.time is not None
        x = _stamps(subject)[chosen].tolist() if along else packed(subject.value[chosen])
        form: Ribbon = "band" if along and not held_out else "bars"
        color = palette.accent if held_out or along else palette.line
        made.append(ribbon(x, color, form))
    return made


def _wires(subject: BoardSubject) -> tuple[Wire, ...]:
    wires = [
        Wire("predicted_train", 1, "y", every=EVERY),
        Wire("predicted_validation", 2, "y", every=EVERY),
    ]
    if subject.nets > 1 and not subject.folds:
        wires += ribbon_wires(3, "predicted_train", EVERY)
        wires += ribbon_wires(4, "predicted_validation", EVERY)
    return tuple(wires)


def _keys(subject: BoardSubject) -> tuple[Key, ...]:
    keys = [] if subject.folds else [Key(_("training"), "dot")]
    if subject.folds:
        keys.append(Key(_("by the net that did not learn from it"), "ring", "accent"))
    elif subject.held_out.any():
        keys.append(Key(_("validation"), "ring", "accent"))
    return (*keys, *_interval_key(subject))


def _interval_key(subject: BoardSubject) -> tuple[Key, ...]:
    if subject.nets < 2 or subject.folds:
        return ()
    return (Key(_("10 to 90 % of nets"), "band", "accent", split="several"),)
