"""A run opened for a look: its nets, its rows, and what the nets say of them; or the nets alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import DataError, RunError
from mlpdash.results.judging.conformal import margins_of
from mlpdash.results.judging.metrics import LOWER_IS_BETTER, PRIMARY, plain_scores
from mlpdash.results.judging.out_of_fold import outputs_on
from mlpdash.results.judging.rows import Floats, Indices, actual_values
from mlpdash.results.predicting import Predictor
from mlpdash.runs.disk.cells import cells_of
from mlpdash.runs.disk.rows import rows_of
from mlpdash.runs.disk.store import Store, is_run_id
from mlpdash.runs.disk.trained_nets import alive_in, predictor_in, predictor_of_run, snapshot_of
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.members import nets_of_cell

CHOSEN_BY = ("validation", "train")  # part of the split that tells the best cell; never the test


@dataclass(frozen=True)
class Opened:
    """A run, its rows, and its nets as of the snapshot at a step.

    Attributes
    ----------
    cell : of a grid, else None
    outputs : (all rows, K) probabilities, or values in the targets' units; the mean over the
        nets, but of rows cut into folds what the nets say that did not learn from them
    """

    store: Store
    step: int
    cell: int | None
    prepared: Prepared
    predictor: Predictor
    outputs: Floats

    @property
    def experiment(self) -> Experiment:
        """What the run was made of as of this step, with what was changed while it ran."""
        return self.store.as_of(self.step)


@dataclass(frozen=True)
class NetsAlone:
    """A run whose rows cannot be had, and its nets as of the snapshot at a step.

    Attributes
    ----------
    cell : of a grid, else None
    why : the sentence that says why there are no rows
    """

    store: Store
    step: int
    cell: int | None
    predictor: Predictor
    why: str

    @property
    def experiment(self) -> Experiment:
        """What the run was made of as of this step, with what was changed while it ran."""
        return self.store.as_of(self.step)


Nets = Opened | NetsAlone


def store_of(run: str | Path) -> Store:
    """Return the folder of a run, given its id or the folder itself.

    Raises
    ------
    RunError : there is no such run, or it is damaged
    """
    if is_run_id(str(run)):
        return Store.open(str(run))
    folder = Path(run)
    if not (folder / "run.json").is_file():
        raise RunError(
            _('"{run}" is neither a run nor the folder of one.').format(run=str(run)[:200])
        )
    store = Store(folder)
    store.record()
    _checked = store.experiment
    return store


def opened(store: Store, step: int | None = None, cell: int | None = None) -> Opened:
    """Open a run as of a step, by default its last snapshot.

    Parameters
    ----------
    cell : of a grid; by default the best one

    Raises
    ------
    MlpDashError : the run, its table or the snapshot is unknown or damaged
    """
    snapshot = snapshot_of(store, step)
    experiment = store.as_of(snapshot.step)
    prepared = rows_of(store, experiment.data)
    if cells_of(experiment) and cell is None:
        cell = best_cell(cell_scores(store, snapshot.step, prepared), prepared.task)
    predictor = predictor_in(store, snapshot, prepared.preprocessor, cell)
    outputs = outputs_on(prepared, predictor.each, np.arange(len(prepared.x)))(prepared.x)
    predictor = replace(predictor, margins=margins_of(prepared, outputs))
    return Opened(store, snapshot.step, cell, prepared, predictor, outputs)


def nets_of(store: Store, step: int | None = None, cell: int | None = None) -> Nets:
    """Open a run for its nets, with its rows only if they can be had.

    Raises
    ------
    RunError : the run or the snapshot is unknown or damaged, or there is no such cell
    DataError : the rows cannot be had, and they would have to tell a grid's best cell
    """
    try:
        return opened(store, step, cell)
    except DataError as error:
        why = str(error)
    snapshot = snapshot_of(store, step)
    cells = cells_of(store.as_of(snapshot.step))
    if cells and cell is None:
        raise DataError(
            _("without its rows the best cell is unknown; name one, 0 to {last}: {why}").format(
                last=len(cells) - 1, why=why
            )
        )
    predictor = predictor_of_run(store, step=snapshot.step, cell=cell)
    return NetsAlone(store, snapshot.step, cell, predictor, why)


def cell_scores(store: Store, step: int, prepared: Prepared) -> list[dict[str, Any]]:
    """Return for each cell its "settings", and its "scores" on the rows of "part": validation rows,
    or training rows where none were held out. The test rows have no say in which cell is best.
    "nets" are those of a cell and "diverged" those of them that have no part in the scores, unless
    all have: then the scores are those of the last weights that were finite.
    """
    part = next(part for part in CHOSEN_BY if len(getattr(prepared.split, part)))
    rows = getattr(prepared.split, part)
    actual, x = actual_values(prepared)[rows], prepared.x[rows]
    snapshot, found = store.read_snapshot(step), []
    nets = nets_of_cell(store.experiment)
    alive = alive_in(snapshot)
    for cell, settings in enumerate(cells_of(store.as_of(step))):
        said = predictor_in(store, snapshot, prepared.preprocessor, cell).outputs(x)
        scores = plain_scores(actual, said, classes=bool(prepared.classes))
        diverged = nets - sum(alive[cell * nets : (cell + 1) * nets])
        about = {"settings": settings, "part": part, "nets": nets, "diverged": diverged}
        found.append({**about, "scores": scores})
    return found


def best_cell(scores: list[dict[str, Any]], task: str) -> int:
    """Return the cell with the best accuracy, of equal ones the lowest log loss; or lowest RMSE.
    A cell of which no net is left is the last choice.
    """

    def rank(one: Mapping[str, Any]) -> tuple[bool, float, float]:
        metric = PRIMARY[task]
        value = one["scores"][metric]
        sign = 1 if metric in LOWER_IS_BETTER else -1
        is_lost = one.get("diverged", 0) == one.get("nets", 1)
        return is_lost, sign * value, one["scores"].get("log_loss", 0.0)

    return min(range(len(scores)), key=lambda cell: rank(scores[cell]))


def explained_rows(net: Opened) -> Indices:
    """Return the rows on which the net is explained: validation rows, or training rows."""
    held_out = net.prepared.split.validation
    return held_out if len(held_out) else net.prepared.split.train
