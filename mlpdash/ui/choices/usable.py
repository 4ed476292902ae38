"""What of a view a table has: the inputs on its axes and its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import MlpDashError
from mlpdash.results.explaining.plane_points import (
    axes,
    outputs_of,
)
from mlpdash.runs.disk.reports import important_inputs
from mlpdash.runs.disk.store import Store
from mlpdash.ui.choices.choices import View


def axes_of(prepared: Prepared, view: View, important: Sequence[str] = ()) -> tuple[str, str]:
    """Return the names of the inputs on x and y; y is "" where there is one input.

    Parameters
    ----------
    important : see `plane_points.axes`

    Raises
    ------
    SpecError : the view names no input of this table
    """
    x, y = axes(prepared, view.x or None, view.y or None, important)
    return x.name, y.name if y else ""


def important_to(run: str | None) -> tuple[str, ...]:
    """Return the inputs, those first that matter most to a run's net; () until that is known."""
    try:
        return important_inputs(Store.open(run)) if run else ()
    except MlpDashError:
        return ()


def usable_view(prepared: Prepared, view: View, important: Sequence[str] = ()) -> View:
    """Return the view without what is not in this table, such as its target on an axis.

    With the inputs that matter most to a net, the axes that are open become theirs.
    """
    names = {feature.name for feature in prepared.features}
    usable = replace(
        view,
        x=view.x if view.x in names else "",
        y=view.y if view.y in names else "",
        output=view.output if view.output in outputs_of(prepared) else "",
    )
    if len(names.intersection(important[:2])) < 2:
        return usable
    x, y = axes_of(prepared, usable, important)
    return replace(usable, x=x, y=y)
