"""From prepared rows and a view to what the board's figures are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts.board.subject import Axis, BoardSubject, FloatArray
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.results.explaining.components import component_ranges, components
from mlpdash.results.explaining.plane_points import (
    Plane,
    axes,
    axis_range,
    component_plane,
    output_index,
    parts_at_zero,
    plane,
    plane_of,
)
from mlpdash.results.explaining.planes import support
from mlpdash.text import _
from mlpdash.training.weights import in_force
from mlpdash.ui.choices.choices import View

SUPPORT_POINTS: Final = 50  # along each side; how far rows are changes slowly
SUPPORT_ROWS: Final = 1_000  # training rows that distances are taken to


def board_subject(
    prepared: Prepared, view: View, nets: int = 1, loss: str = "auto", class_weight: str = ""
) -> BoardSubject:
    """Return the names, ranges and sampled rows that the figures of `nets` nets are drawn from."""
    sample = sample_rows(prepared)
    rows = np.concatenate([sample.train, sample.held_out])
    held_out = np.repeat([False, True], [len(sample.train), len(sample.held_out)])
    if prepared.time is not None:
        order = np.argsort(prepared.time[rows], kind="stable")
        rows, held_out = rows[order], held_out[order]
    over = _over(prepared, view, rows)
    at = output_index(prepared, view.output)
    target = 0 if prepared.classes else at or 0
    value = _values(prepared, target)
    return BoardSubject(
        task=prepared.task,
        title=over.title,
        target=prepared.targets[target],
        target_unit=prepared.target_units[target],
        classes=prepared.classes,
        x_axis=over.x_axis,
        y_axis=over.y_axis,
        x=over.x,
        y=over.y,
        value=value[rows],
        held_out=held_out,
        row=rows,
        color_range=_color_range(prepared, value),
        diverging=parts_at_zero(prepared),
        time=prepared.time[rows] if prepared.time is not None else None,
        time_name=prepared.time_name,
        nets=nets,
        folds=prepared.split.folds is not None,
        loss=loss,
        weights=in_force(prepared, class_weight),
        output=at if prepared.classes else None,
        support=over.support,
    )


@dataclass(frozen=True)
class _Over:
    """What the boundary lies over, and where rows are on it."""

    title: str
    x_axis: Axis
    y_axis: Axis | None
    x: FloatArray
    y: FloatArray | None
    support: FloatArray | None = None


def _over(prepared: Prepared, view: View, rows: NDArray[np.int64]) -> _Over:
    if plane_of(prepared, view.plane) == "pca":
        return _over_components(prepared, view, rows)
    x, y = axes(prepared, view.x or None, view.y or None)
    title = title_of_plane(prepared, x.name, y.name if y else "", view.output)
    x_at = prepared.features.index(x)
    if y is None:
        return _Over(title, _axis(x), None, prepared.raw[rows, x_at], None)
    laid = plane(prepared, x.name, y.name, SUPPORT_POINTS) if view.fade else None
    y_at = prepared.features.index(y)
    across, up = prepared.raw[rows, x_at], prepared.raw[rows, y_at]
    return _Over(title, _axis(x), _axis(y), across, up, _support(prepared, laid))


def _over_components(prepared: Prepared, view: View, rows: NDArray[np.int64]) -> _Over:
    found = components(prepared)
    laid = component_plane(prepared, found, SUPPORT_POINTS) if view.fade else None
    placed = found.place(prepared.x[rows])
    across, up = (
        Axis(
            name=_("component {n}: {share:.0%} of the variance").format(n=n, share=share),
            low=low,
            high=high,
        )
        for n, share, (low, high) in zip(
            (1, 2), found.explained, component_ranges(found, prepared), strict=True
        )
    )
    title = _("{what} over the first two principal components").format(
        what=_what(prepared, view.output)
    )
    return _Over(title, across, up, placed[:, 0], placed[:, 1], _support(prepared, laid))


def _support(prepared: Prepared, laid: Plane | None) -> FloatArray | None:
    if laid is None:
        return None
    shape = (len(laid.ys), len(laid.xs))
    return support(prepared, laid.points, SUPPORT_ROWS).reshape(shape)


def title_of_plane(prepared: Prepared, x: str, y: str, output: str = "") -> str:
    """Say in a sentence what the boundary is over, and what becomes of the other inputs."""
    others = [f for f in prepared.features if f.name not in (x, y)]
    what = _what(prepared, output)
    if not y:
        at = 0 if prepared.classes else output_index(prepared, output) or 0
        return _("{target} over {x}").format(target=prepared.targets[at], x=x)
    over = _("{what} over {x} and {y}").format(what=what, x=x, y=y)
    if not others:
        return over
    categories = sum(isinstance(feature, Category) for feature in others)
    held = _("the rest at their medians and modes")
    if categories in (0, len(others)):
        held = _("the rest at their modes") if categories else _("the rest at their medians")
    return _("{over}; {held}").format(over=over, held=held)


def _what(prepared: Prepared, output: str) -> str:
    """Say what the field shows."""
    at = output_index(prepared, output)
    if prepared.task == "regression":
        return _("Predicted {target}").format(target=prepared.targets[at or 0])
    if at is None:
        return _("Boundary")
    return _("P({name})").format(name=prepared.classes[at])


def _axis(feature: Feature) -> Axis:
    low, high = axis_range(feature)  # as far as the field goes
    return Axis(name=feature.name, low=low, high=high, unit=feature.unit, levels=feature.levels)


def _values(prepared: Prepared, target: int) -> FloatArray:
    """Return the class codes, or one of the targets in its own units."""
    if prepared.task == "classification":
        return prepared.y.astype(np.float64)
    values: FloatArray = prepared.y[:, target].astype(np.float64)
    return values * float(prepared.target_scale[target]) + float(prepared.target_mean[target])


def _color_range(prepared: Prepared, value: FloatArray) -> tuple[float, float]:
    if prepared.task == "classification":
        return (-1.0, 1.0)
    low, high = float(value.min()), float(value.max())
    most = max(-low, high)
    return (-most, most) if parts_at_zero(prepared) else (low, high)
