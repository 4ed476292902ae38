"""The PyTorch script of a run, to be taken away."""

from __future__ import annotations

from mlpdash.data.datasets import load
from mlpdash.data.preparing import prepare
from mlpdash.errors import RunError
from mlpdash.results.export_script import Style, script_zip
from mlpdash.runs.store import Store
from mlpdash.text import _


def script_of_run(store: Store, style: Style, step: int | None = None) -> bytes:
    """Return a zip file of a PyTorch script that does what the run did, and its rows.

    Parameters
    ----------
    step : how far the run is taken; by default as far as it is

    Raises
    ------
    RunError : the run has not finished an epoch yet, or is a grid
    MlpDashError : its table is not here any more
    """
    history, events = store.read_history(), store.events()
    if step is not None:
        history = history[history["step"] <= step]
        events = [event for event in events if event.step < step]
    if not len(history):
        raise RunError(_('run "{run}" has finished no epoch yet.').format(run=store.id))
    experiment = store.experiment
    if experiment.train.sweep:
        raise RunError(
            _("this run is a grid of different nets; train the one you choose by itself first.")
        )
    one = experiment.train.nets == 1  # of several nets the history has the median
    return script_zip(
        prepare(load(experiment.data), experiment.data),
        experiment,
        style,
        epochs=int(history["epoch"][-1]),
        events=events,
        losses=history["loss_train"].tolist() if one else (),
    )
