"""The PyTorch script of a run, to be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import MlpDashError, RunError
from mlpdash.results.exporting.script.script import STYLES, Style, script, script_zip
from mlpdash.runs.disk.cells import experiment_of_cell
from mlpdash.runs.disk.rows import rows_of
from mlpdash.runs.disk.store import Store
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.loop.events import Event
from mlpdash.training.members import nets_of_cell

AT_REST: Final = ("weight", "bias", "activation", "activations")  # what changes a net by itself


def script_of_run(
    store: Store,
    style: Style,
    step: int | None = None,
    *,
    cell: int | None = None,
    prepared: Prepared | None = None,
) -> bytes:
    """Return a zip file of a PyTorch script that does what the run did, and its rows.

    Parameters
    ----------
    step : how far the run is taken; by default as far as it is
    cell : of a grid, the one whose net the script trains
    prepared : the run's rows, where they are at hand

    Raises
    ------
    RunError : the run has not finished an epoch yet, or a grid's cell is missing
    MlpDashError : its table is not here any more
    """
    plan = _plan(store, step, cell)
    return script_zip(
        prepared or rows_of(store, store.experiment.data), plan.experiment, style, **plan.rest
    )


def refusal_of_script(store: Store, step: int | None, cell: int | None, prepared: Prepared) -> str:
    """Return the sentence with which a script of the run is refused, or nothing."""
    try:
        plan = _plan(store, step, cell)
        for style in STYLES:
            script(prepared, plan.experiment, style, plan.epochs, plan.events)
    except MlpDashError as mistake:
        return str(mistake)
    return ""


@dataclass(frozen=True)
class _Plan:
    """What the script of a run has to do."""

    experiment: Experiment
    epochs: int
    events: list[Event]
    losses: list[float]

    @property
    def rest(self) -> dict[str, Any]:
        return {"epochs": self.epochs, "events": self.events, "losses": self.losses}


def _plan(store: Store, step: int | None, cell: int | None) -> _Plan:
    history = store.read_history()
    events = [event for event in store.events() if event.field != "threads"]  # the same numbers
    if step is not None:
        history = history[history["step"] <= step]
        events = [
            event
            for event in events
            if event.step < step or (event.step == step and event.field in AT_REST)
        ]
    if not len(history):
        raise RunError(_('run "{run}" has not finished an epoch yet.').format(run=store.id))
    if store.began_with_weights:
        raise RunError(_("this run began with weights from a file, and a script draws its own."))
    experiment = store.experiment
    one = nets_of_cell(experiment) == 1 and not experiment.train.sweep  # else they are of several
    losses = history["loss_train"].tolist() if one else []
    own = experiment_of_cell(experiment, cell)
    return _Plan(own, int(history["epoch"][-1]), events, losses)
