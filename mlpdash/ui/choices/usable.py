"""What of a view a table has: the inputs on its axes and its outputs."""

from __future__ import annotations

from dataclasses import replace

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.explaining.plane_points import (
    axes,
    outputs_of,
)
from mlpdash.ui.choices.choices import View


def axes_of(prepared: Prepared, view: View) -> tuple[str, str]:
    """Return the names of the inputs on x and y; y is "" where there is one input.

    Raises
    ------
    SpecError : the view names no input of this table
    """
    x, y = axes(prepared, view.x or None, view.y or None)
    return x.name, y.name if y else ""


def usable_view(prepared: Prepared, view: View) -> View:
    """Return the view without what is not in this table, such as its target on an axis."""
    names = {feature.name for feature in prepared.features}
    return replace(
        view,
        x=view.x if view.x in names else "",
        y=view.y if view.y in names else "",
        output=view.output if view.output in outputs_of(prepared) else "",
    )
