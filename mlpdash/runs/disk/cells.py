"""The cells of a grid: nets that differ in one or two settings, each a design of its own."""

from __future__ import annotations

from typing import Any

from mlpdash.errors import RunError
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.members import members_of, sweep_of

Settings = dict[str, float]


def cells_of(experiment: Experiment) -> tuple[Settings, ...]:
    """Return the settings of each cell, in the order of the nets; () where there is no grid.

    >>> cells_of(Experiment().changed(sweep="lr=0.1,0.2;l1=0,0.5"))[1:3]
    ({'lr': 0.2, 'l1': 0.0}, {'lr': 0.1, 'l1': 0.5})
    """
    axes = sweep_of(experiment)
    if not axes:
        return ()
    cells: list[Settings] = [{}]
    for axis in axes:  # cells follow the first axis fastest
        cells = [{**cell, axis.name: value} for value in axis.values for cell in cells]
    return tuple(cells)


def experiment_of_cell(experiment: Experiment, cell: int | None) -> Experiment:
    """Return the experiment that trains the nets of one cell alone, or without a grid itself.

    Raises
    ------
    RunError : there is no such cell, or none is named where there are several
    """
    cells = cells_of(experiment)
    if not cells and cell is None:
        return experiment
    check_cell(experiment, cell)
    assert cell is not None
    own = members_of(experiment)[cell * experiment.train.nets]
    names = ("hidden", "lr", "weight_decay", "l1", "dropout")
    choices: dict[str, Any] = {name: getattr(own, name) for name in names}
    return experiment.changed(**choices, sweep="")


def check_cell(experiment: Experiment, cell: int | None) -> None:
    """Refuse a cell that there is not.

    Raises
    ------
    RunError : with how many there are
    """
    count = len(cells_of(experiment))
    if not count:
        raise RunError(_("this run is not a grid, so that it has no cells to choose from."))
    if cell is None or not 0 <= cell < count:
        raise RunError(
            _("this run is a grid of {n:,} cells; name one of them, 0 to {last:,}.").format(
                n=count, last=count - 1
            )
        )
