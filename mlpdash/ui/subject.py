"""From prepared rows and a view to what the board's figures are about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlpdash.charts.subject import Axis, BoardSubject, FloatArray
from mlpdash.data.preparing import Feature, Prepared
from mlpdash.data.sample import sample_rows
from mlpdash.results.fields import axes, axis_range
from mlpdash.text import _
from mlpdash.ui.choices import View


def axes_of(prepared: Prepared, view: View) -> tuple[str, str]:
    """Return the names of the inputs on x and y; y is "" where there is one input.

    Raises
    ------
    SpecError : the view names no input of this table
    """
    x, y = axes(prepared, view.x or None, view.y or None)
    return x.name, y.name if y else ""


def usable_view(prepared: Prepared, view: View) -> View:
    """Return the view without axes that are no inputs of this table, such as its target."""
    names = {feature.name for feature in prepared.features}
    return replace(
        view,
        x=view.x if view.x in names else "",
        y=view.y if view.y in names else "",
    )


def board_subject(prepared: Prepared, view: View, nets: int = 1) -> BoardSubject:
    """Return the names, ranges and sampled rows that the figures of `nets` nets are drawn from."""
    sample = sample_rows(prepared)
    rows = np.concatenate([sample.train, sample.held_out])
    held_out = np.repeat([False, True], [len(sample.train), len(sample.held_out)])
    if prepared.time is not None:
        order = np.argsort(prepared.time[rows], kind="stable")
        rows, held_out = rows[order], held_out[order]
    x, y = axes(prepared, view.x or None, view.y or None)
    x_at = prepared.features.index(x)
    y_at = prepared.features.index(y) if y else None
    value = _values(prepared)
    return BoardSubject(
        task=prepared.task,
        title=title_of_plane(prepared, x.name, y.name if y else ""),
        target=prepared.targets[0],
        target_unit=prepared.target_units[0],
        classes=prepared.classes,
        x_axis=_axis(x),
        y_axis=_axis(y) if y else None,
        x=prepared.raw[rows, x_at],
        y=prepared.raw[rows, y_at] if y_at is not None else None,
        value=value[rows],
        held_out=held_out,
        row=rows,
        color_range=_color_range(prepared, value),
        time=prepared.time[rows] if prepared.time is not None else None,
        time_name=prepared.time_name,
        nets=nets,
    )


def title_of_plane(prepared: Prepared, x: str, y: str) -> str:
    """Say in a sentence what the boundary is over, and what becomes of the other inputs."""
    others = [f for f in prepared.features if f.name not in (x, y)]
    if not y:
        return _("{target} over {x}").format(target=prepared.targets[0], x=x)
    what = (
        _("Boundary")
        if prepared.task == "classification"
        else _("Predicted {target}").format(target=prepared.targets[0])
    )
    over = _("{what} over {x} and {y}").format(what=what, x=x, y=y)
    if not others:
        return over
    kinds = {feature.kind for feature in others}
    held = {
        frozenset({"number"}): _("the rest at their medians"),
        frozenset({"category"}): _("the rest at their modes"),
    }.get(frozenset(kinds), _("the rest at their medians and modes"))
    return _("{over}; {held}").format(over=over, held=held)


def _axis(feature: Feature) -> Axis:
    low, high = axis_range(feature)  # as far as the field goes
    return Axis(name=feature.name, low=low, high=high, unit=feature.unit, levels=feature.levels)


def _values(prepared: Prepared) -> FloatArray:
    """Return the class codes, or the first target in its own units."""
    if prepared.task == "classification":
        return prepared.y.astype(np.float64)
    first: FloatArray = prepared.y[:, 0].astype(np.float64)
    return first * float(prepared.target_scale[0]) + float(prepared.target_mean[0])


def _color_range(prepared: Prepared, value: FloatArray) -> tuple[float, float]:
    if prepared.task == "classification":
        return (-1.0, 1.0)
    low, high = float(value.min()), float(value.max())
    if low < 0 < high:  # the colours part at zero, as in the playground
        most = max(-low, high)
        return (-most, most)
    return (low, high)
