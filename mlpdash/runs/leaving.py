"""What of a run can be taken away besides its bundle: the script, and the history as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlpdash.data.datasets import load
from mlpdash.data.preparing import prepare
from mlpdash.errors import RunError
from mlpdash.results.export_script import Style, script_zip
from mlpdash.results.export_tables import history_table
from mlpdash.runs.store import Store
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd


def script_of_run(store: Store, style: Style) -> bytes:
    """Return a zip file of a PyTorch script that does what the run did, and its rows.

    Raises
    ------
    RunError : the run has not finished an epoch yet, or is a grid
    MlpDashError : its table is not here any more
    """
    history = store.read_history()
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
        events=store.events(),
        losses=history["loss_train"].tolist() if one else (),
    )


def history_of_run(store: Store) -> pd.DataFrame:
    """Return a run's history, one row per epoch."""
    return history_table(store.read_history())
