"""Several nets side by side, as the page sees them: their names, their grid, adopting a cell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mlpdash.errors import SpecError
from mlpdash.specs import Experiment, title_of
from mlpdash.text import _
from mlpdash.training.members import members_of, nets_of_cell, sweep_of

Settings = tuple[tuple[str, tuple[float, ...]], ...]


def settings_of(experiment: Experiment) -> Settings:
    """Return the grid's settings, as name and values: none, one or two.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    return tuple((axis.name, axis.values) for axis in sweep_of(experiment))


def count_of(experiment: Experiment) -> int:
    """Return how many nets train: those of each cell, times the cells.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    cells = math.prod(len(v) for _name, v in settings_of(experiment))
    return nets_of_cell(experiment) * cells


def widest_of(experiment: Experiment) -> tuple[int, ...]:
    """Return the hidden widths that hold every net of the grid.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    widths = [
        width for name, values in settings_of(experiment) for width in values if name == "width"
    ]
    hidden = experiment.model.hidden
    return (int(max(widths)),) * len(hidden) if widths else hidden


def widths_of(experiment: Experiment) -> tuple[tuple[int, ...], ...]:
    """Return the hidden widths of each net of a grid of widths; () where all are the same.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    if "width" not in dict(settings_of(experiment)):
        return ()
    return tuple(member.hidden for member in members_of(experiment))


def check(experiment: Experiment) -> None:
    """Refuse a grid that cannot be read, whose values are out of bounds, or with too many nets.

    Raises
    ------
    SpecError : it says which
    """
    members_of(experiment)


def member_names(experiment: Experiment) -> tuple[str, ...]:
    """Return what to call each net: its number, and the settings of its cell; none for one net.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    settings = settings_of(experiment)
    count = count_of(experiment)
    if count == 1:
        return ()
    return tuple(
        _name(number, _cell(settings, number // nets_of_cell(experiment)))
        for number in range(count)
    )


def adopted(experiment: Experiment, settings: Mapping[str, Any]) -> Experiment:
    """Return the experiment with a cell's settings and without its grid.

    Raises
    ------
    SpecError : these settings are in no grid, or out of bounds
    """
    own = {name: value for name, value in settings.items() if name != "width"}
    if not settings or not set(own) <= {"lr", "weight_decay", "l1", "dropout"}:
        raise SpecError(
            _("{title} (sweep) has no such cell.").format(title=title_of("sweep")), "sweep"
        )
    if "width" in settings:
        own["hidden"] = (int(settings["width"]),) * len(experiment.model.hidden)
    return experiment.changed(**own, sweep="")


def _cell(settings: Settings, cell: int) -> tuple[float, ...]:
    """Return the values of a cell; cells follow the first setting fastest."""
    found = []
    for _name_of_setting, values in settings:
        cell, place = divmod(cell, len(values))
        found.append(values[place])
    return tuple(found)


def _name(number: int, cell: tuple[float, ...]) -> str:
    if not cell:
        return str(number + 1)
    values = ", ".join(f"{value:g}" for value in cell)
    return _("{number} ({values})").format(number=number + 1, values=values)
