"""The boundary over two inputs, or the fitted curve over one, with the sampled rows on it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.arrays import packed
from mlpdash.charts.board.parts import BoardFigure, Key, Ramp, Wire
from mlpdash.charts.board.population import population_keys, ribbon, ribbon_wires, with_population
from mlpdash.charts.board.subject import Axis, BoardSubject
from mlpdash.charts.escape import escape, plain
from mlpdash.charts.numbers import HOVER, room, room_for_names, written
from mlpdash.charts.theme import Palette
from mlpdash.text import _

LEVEL: Final = 12  # letters of a category at an axis
EVERY: Final = 5  # marks of wrong rows: every fifth frame
RUG: Final = 0.06  # one-input classification: distance between the rows' strips below zero


def boundary_figure(subject: BoardSubject, palette: Palette) -> BoardFigure:
    """Return the figure for two inputs, or for one where `subject.y_axis` is None."""
    traces, wires = _surface(subject, palette) if subject.y_axis else _curve(subject, palette)
    y = _y_axis(subject, palette)
    revision = repr((subject.x_axis, subject.y_axis, y.get("range")))
    return BoardFigure(
        name="boundary",
        mean=subject.nets > 1,
        title=plain(subject.title, 160),
        figure={
            "data": traces,
            "layout": theme.layout(
                palette,
                input_axis(subject.x_axis, palette),
                y,
                revision=revision,
                left=_left(subject.y_axis, y["range"]),
            ),
        },
        wires=wires,
        legend=_keys(subject),
        ramp=_ramp(subject),
    )


def _left(axis: Axis | None, shown: list[float]) -> int:
    """Return the pixels that the vertical axis takes: numbers, or the names of categories."""
    if axis and axis.levels:
        return room_for_names([escape(name, LEVEL) for name in axis.levels])
    return room(*shown)


def input_axis(axis: Axis, palette: Palette) -> dict[str, Any]:
    """Return the plotly axis of one input, over exactly its range."""
    return theme.axis(
        palette,
        with_unit(axis.name, axis.unit),
        range=[axis.low, axis.high],
        showgrid=False,
        ticks="outside",
        ticklen=4,
        tickcolor=palette.muted,
        **_levels(axis.levels),
    )


def with_unit(name: str, unit: str) -> str:
    """Return an axis title, escaped: the name, and the unit in brackets where there is one."""
    return f"{escape(name)} ({escape(unit, 20)})" if unit else escape(name)


def row_points(
    subject: BoardSubject, palette: Palette, y: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Return two traces, training rows filled and held-out rows ringed, at `y` (rows,)."""
    return [
        _points(subject, palette, y, held_out=False),
        _points(subject, palette, y, held_out=True),
    ]


def _surface(
    subject: BoardSubject, palette: Palette
) -> tuple[list[dict[str, Any]], tuple[Wire, ...]]:
    assert subject.y is not None
    traces = [_field(subject, palette), *row_points(subject, palette, subject.y)]
    wires = [Wire("field", 0, "z"), Wire("field_x", 0, "x"), Wire("field_y", 0, "y")]
    wires += with_population(traces[0], subject, palette)
    if subject.task == "classification":
        for place, (split, prefix) in enumerate(
            (("train", "wrong"), ("validation", "wrong_validation")), start=3
        ):
            traces.append(_wrong(subject, palette, split))
            wires += [Wire(f"{prefix}_{a}", place, a, every=EVERY) for a in ("x", "y")]
    return traces, tuple(wires)


def _field(subject: BoardSubject, palette: Palette) -> dict[str, Any]:
    x, y = subject.x_axis, subject.y_axis
    assert y is not None
    (low, high), scale = field_colors(subject, palette)
    middle = 0.0 if subject.is_steps else (low + high) / 2
    said = [_at(x, "x"), _at(y, "y"), _said(subject)]
    if subject.is_steps or subject.nets > 1:
        said.append("%{text}")  # written by board_hover.js where the pointer is
    hover = "<br>".join(filter(None, said)) + "<extra></extra>"
    faded = {}
    if subject.support is not None:
        faded["support"] = {"side": len(subject.support), "values": packed(subject.support)}
    return {
        "type": "heatmap",
        "x": [x.low, x.high],
        "y": [y.low, y.high],
        "z": [[middle, middle], [middle, middle]],
        "zmin": low,
        "zmax": high,
        "colorscale": scale,
        "showscale": False,
        "zsmooth": "fast",
        "hovertemplate": hover,
        "meta": {
            "canvas": "field",
            "continuous": not subject.is_steps,
            **_names(subject),
            **faded,
        },
    }


def field_colors(
    subject: BoardSubject, palette: Palette
) -> tuple[tuple[float, float], theme.Scale]:
    """Return the lowest and the highest number of a field, and the colours between them."""
    if subject.task == "regression":
        scale = theme.two_sided if subject.diverging else theme.sequential
        return subject.colors, scale(palette)
    colors = theme.class_colors(len(subject.classes))
    if subject.output is not None:
        return (0.0, 1.0), theme.one_sided(colors[subject.output], palette)
    if subject.is_steps:
        return (0.0, float(len(colors))), theme.sure_steps(len(colors), palette)
    return (0.0, 1.0), theme.two_sided(palette)


def _said(subject: BoardSubject) -> str:
    """Return what hover says of a field's number; "" where the number itself says nothing."""
    if subject.task == "regression":
        return f"{escape(subject.target)} %{{z:{HOVER}}}{_unit(subject.target_unit)}"
    if subject.is_steps:
        return ""
    name = subject.classes[-1 if subject.output is None else subject.output]
    return _("P({name}) %{{z:.2f}}").format(name=escape(name))


def _names(subject: BoardSubject) -> dict[str, Any]:
    """Return what hover calls the classes where a field of more than two is code + confidence."""
    if not subject.is_steps:
        return {}
    return {"names": [_("P({name})").format(name=escape(name)) for name in subject.classes]}


def _points(
    subject: BoardSubject, palette: Palette, y: NDArray[np.float64], *, held_out: bool
) -> dict[str, Any]:
    chosen = subject.apart == held_out
    colored = {"color": packed(_codes(subject)[chosen]), **_code_scale(subject, palette)}
    size = _size(subject)
    marker: dict[str, Any] = {"size": size, **colored}
    marker["line"] = {"color": palette.rim, "width": 1}
    if held_out:
        marker = {"size": size, "color": palette.paper, "line": {"width": 1.8, **colored}}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("validation") if held_out else _("training"),
        "x": packed(subject.x[chosen]),
        "y": packed(y[chosen]),
        "marker": marker,
        "customdata": packed(subject.row[chosen], "i4"),
        "text": _labels(subject, chosen),
        "hovertemplate": _hover(subject, _("validation") if held_out else _("training")),
        "meta": {"canvas": "marks", "split": "validation" if held_out else "train"},
    }


def _hover(subject: BoardSubject, split: str) -> str:
    lines = [
        _("row {number}, {split}").format(number="%{customdata}", split=split),
        f"{escape(subject.target)} %{{text}}",
        _at(subject.x_axis, "x"),
    ]
    if subject.y_axis:
        lines.append(_at(subject.y_axis, "y"))
    return "<br>".join(lines) + "<extra></extra>"


def _at(axis: Axis, letter: str) -> str:
    """Return what hover says of the coordinate `letter`: the input, its value and unit."""
    return f"{escape(axis.name)} %{{{letter}:{HOVER}}}{_unit(axis.unit)}"


def _unit(unit: str) -> str:
    return f" {escape(unit, 12)}" if unit else ""


def _labels(subject: BoardSubject, chosen: NDArray[np.bool_]) -> list[str]:
    values = subject.value[chosen]
    if subject.task == "regression":
        return [written(v) + _unit(subject.target_unit) for v in values]
    names = [escape(name) for name in subject.classes]
    return [names[int(v)] for v in values]


def _codes(subject: BoardSubject) -> NDArray[np.float64]:
    return subject.value if subject.task == "regression" else subject.value + 0.5


def _code_scale(subject: BoardSubject, palette: Palette) -> dict[str, Any]:
    if subject.task == "regression":
        low, high = subject.colors
        scale = theme.value_steps(palette) if subject.diverging else theme.sequential_steps()
        return {"cmin": low, "cmax": high, "colorscale": scale}
    classes = max(len(subject.classes), 1)
    return {"cmin": 0, "cmax": classes, "colorscale": theme.class_steps(classes)}


def _wrong(subject: BoardSubject, palette: Palette, split: str) -> dict[str, Any]:
    line = {"color": palette.ink, "width": 1.5}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("wrong"),
        "x": [],
        "y": [],
        "marker": {"symbol": "circle-open", "size": _size(subject) + 3.5, "line": line},
        "hoverinfo": "skip",
        "meta": {"canvas": "marks", "split": split},
    }


def _size(subject: BoardSubject) -> float:
    return 7 if len(subject.x) <= 600 else 5.5 if len(subject.x) <= 1200 else 4.5


def _curve(
    subject: BoardSubject, palette: Palette
) -> tuple[list[dict[str, Any]], tuple[Wire, ...]]:
    if subject.task == "regression":
        traces = row_points(subject, palette, subject.value)
        colors, arrays = [palette.accent], ["curve_y"]
        names = [subject.target]
    else:
        traces = row_points(subject, palette, -RUG * (subject.value + 1))
        colors = list(theme.class_colors(len(subject.classes)))
        arrays = [f"curve_y{code}" for code in range(len(colors))]
        names = [_("P({name})").format(name=name) for name in subject.classes]
    wires: list[Wire] = []
    for place, (color, array, name) in enumerate(zip(colors, arrays, names, strict=True), start=2):
        traces.append(_line(subject, color, name))
        wires += [Wire("curve_x", place, "x"), Wire(array, place, "y")]
    if subject.nets > 1:
        for color, array in zip(colors, arrays, strict=True):
            wires += ribbon_wires(len(traces), array, 1, "curve_x")
            traces.append(ribbon([], color, "band"))
    return traces, tuple(wires)


def _line(subject: BoardSubject, color: str, name: str) -> dict[str, Any]:
    label = escape(name)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": [],
        "y": [],
        "line": {"color": color, "width": 2.5},
        "hovertemplate": f"{_at(subject.x_axis, 'x')}<br>{label} %{{y:{HOVER}}}<extra></extra>",
        "meta": {"canvas": "marks"},
    }


def _y_axis(subject: BoardSubject, palette: Palette) -> dict[str, Any]:
    if subject.y_axis:
        return input_axis(subject.y_axis, palette)
    if subject.task == "regression":
        low, high = (float(f(subject.value)) for f in (np.min, np.max))
        pad = 0.06 * (high - low) or 1.0
        title = with_unit(subject.target, subject.target_unit)
        return theme.axis(palette, title, range=[low - pad, high + pad])
    lowest = -RUG * (len(subject.classes) + 0.7)
    return theme.axis(palette, _("probability"), range=[lowest, 1.03], tickvals=[0, 0.5, 1])


def _levels(levels: tuple[str, ...]) -> dict[str, Any]:
    if not levels:
        return {}
    step = -(-len(levels) // 8)
    places = range(0, len(levels), step)
    return {"tickvals": list(places), "ticktext": [escape(levels[i], LEVEL) for i in places]}


def _keys(subject: BoardSubject) -> tuple[Key, ...]:
    colors = theme.class_colors(len(subject.classes))
    keys = [Key(plain(n, 24), "square", c) for n, c in zip(subject.classes, colors, strict=True)]
    keys.append(Key(_("rows in folds") if subject.folds else _("training"), "dot"))
    if subject.apart.any():
        keys.append(Key(_("validation"), "ring", split="validation"))
    if subject.task == "classification" and subject.y_axis:
        keys.append(Key(_("wrong"), "marked"))
    if subject.support is not None:
        keys.append(Key(_("pale: far from training rows"), "fade"))
    return (*keys, *population_keys(subject))


def _ramp(subject: BoardSubject) -> Ramp | None:
    if subject.y_axis is None:
        return None
    if subject.output is not None:
        color = theme.class_colors(len(subject.classes))[subject.output]
        name = plain(subject.classes[subject.output], 24)
        return Ramp(_("P({name}) 0").format(name=name), "1", ("pale", color))
    if subject.task == "classification":
        return None
    low, high = (written(end) for end in subject.colors)
    name = plain(subject.target, 24)
    unit = f" {plain(subject.target_unit, 12)}" if subject.target_unit else ""
    colors = (theme.ORANGE, "pale", theme.BLUE) if subject.diverging else theme.VIRIDIS
    return Ramp(f"{name} {low}", f"{high}{unit}", colors)
