"""Nets of one design that learn from a tenth of the rows up to all of them, as one population.

Sizes are nested and stratified: rows are dealt into tenths, and a size is the first of them. Every
net takes the same number of steps, as many as the whole run would take, so that what is measured
is the rows and not the time; each goes back to its best weights, which also keeps a net of few
rows from being judged by what it learned by heart. Inputs are encoded as in the run.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from mlpdash.data.preparing.folds import dealt
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import RunError
from mlpdash.results.judging.learning_curve import TENTHS, LearningCurve
from mlpdash.results.judging.rows import Indices
from mlpdash.specs import Experiment, TrainSpec
from mlpdash.text import _
from mlpdash.training.choices import loss_for
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.folds import validation_rows
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_from_arrays
from mlpdash.training.members import Member
from mlpdash.training.weights import row_weights

REPEATS: Final = 5  # nets of each size
LEAST_ROWS: Final = 40  # to learn from; a tenth of fewer teaches nothing
EPOCHS: Final = 200  # of a run that has no end
PATIENCE: Final = 20  # epochs of a run that does not stop early
LONGEST: Final = 60.0  # seconds

Mask = NDArray[np.bool_]


def learning_curve(
    prepared: Prepared,
    experiment: Experiment,
    *,
    on_progress: Callable[[float], None] = lambda share: None,
    longest: float = LONGEST,
) -> LearningCurve:
    """Train nets of an experiment's design on 10, 20, 40, 70 and 100 % of the rows.

    With folds, each repeat holds one of them out; otherwise all are judged on the validation rows.

    Parameters
    ----------
    experiment : of one design, not a grid
    on_progress : is told now and then which share of the steps is taken
    longest : seconds after which all nets stop where they are

    Raises
    ------
    RunError : there are too few rows, or none are held out
    """
    rows, held = _held_out(prepared)
    used = _used(prepared, rows, held, experiment.data.split_seed)
    learner, epochs = _learner(prepared, experiment, rows, held, used)
    began, complete, alive = time.perf_counter(), True, True
    for progress in train(learner, slice_seconds=0.2):
        on_progress(progress.epoch / epochs)
        alive = not progress.diverged
        if alive and time.perf_counter() - began > longest:
            complete = False
            learner.status.finish()
            break
    loss = loss_for(prepared.task, experiment.train.loss)
    judged = replace(learner.validation, weight=_counted_once(held))
    found = learner.scores(judged).only(learner.alive.cpu().numpy() & alive)
    measure = "rmse" if not prepared.classes else "log_loss" if loss == "cross_entropy" else "loss"
    errors = found.metric if measure == "rmse" else found.loss
    return LearningCurve(
        measure,
        tuple(round(float(one.sum(1).mean())) for one in used),
        errors.reshape(len(TENTHS), REPEATS),
        "seeds" if prepared.split.folds is None else "folds",
        complete,
    )


def _held_out(prepared: Prepared) -> tuple[Indices, Mask]:
    """Return the rows that are not for the test, and which of them each repeat is judged on,
    (repeats, rows).

    Raises
    ------
    RunError : none are held out
    """
    split = prepared.split
    if split.folds is not None:
        each = range(REPEATS)
        folds = int(split.folds.max()) + 1
        return split.train, np.stack([split.folds[0] == repeat % folds for repeat in each])
    if not len(split.validation):
        raise RunError(
            _(
                "there are no validation rows on which nets of fewer rows could be compared; "
                "train with folds or with a validation share."
            )
        )
    rows = np.union1d(split.train, split.validation)
    return rows, np.tile(np.isin(rows, split.validation), (REPEATS, 1))


def _counted_once(held: Mask) -> torch.Tensor:
    """Return which of each net's validation rows there are, (nets, most rows) 0 or 1."""
    sizes = np.tile(held.sum(1), len(TENTHS))[:, None]
    return torch.from_numpy((np.arange(sizes.max()) < sizes).astype(np.float32))


def _used(prepared: Prepared, rows: Indices, held: Mask, seed: int) -> list[Mask]:
    """Return for each size which rows the net of each repeat learns from, (repeats, rows).

    Raises
    ------
    RunError : they are too few
    """
    least = int((~held).sum(1).min())
    if least < LEAST_ROWS:
        raise RunError(
            _("a learning curve needs at least {least} rows to learn from; there are {n}.").format(
                least=LEAST_ROWS, n=least
            )
        )
    by = prepared.y[rows] if prepared.classes else prepared.y[rows, 0]
    tenths = np.full(held.shape, TENTHS[-1])
    for repeat, mine in enumerate(~held):
        random = np.random.Generator(np.random.PCG64([seed, 2, repeat]))
        tenths[repeat, mine] = dealt(by[mine], TENTHS[-1], random)
    return [tenths < size for size in TENTHS]


def _learner(
    prepared: Prepared, experiment: Experiment, rows: Indices, held: Mask, used: Sequence[Mask]
) -> tuple[Learner, int]:
    """Return the untrained nets, size by size and in each repeat by repeat, and their epochs.

    An epoch is as long as the smallest nets' rows: there are as many more of them, and of all
    that is counted in epochs.
    """
    x = torch.from_numpy(np.ascontiguousarray(prepared.x[rows]))
    y = torch.from_numpy(np.ascontiguousarray(prepared.y[rows]))
    weight = row_weights(prepared, experiment.train.class_weight)
    own = None if weight is None else torch.from_numpy(weight[rows]).to(x)
    all_rows = Rows(x, y, own)
    mine = torch.from_numpy(np.concatenate(used))
    sizes = mine.sum(1).tolist()
    longer = _stretch(experiment.train, min(sizes), max(sizes))
    spec = _stretched(experiment.train, longer)
    model = experiment.model
    one = Member(spec.seed, model.hidden, spec.lr, spec.weight_decay, model.dropout, spec.l1)
    repeats = [replace(one, seed=spec.seed + repeat) for repeat in range(REPEATS)]
    learner = learner_from_arrays(
        all_rows,
        all_rows,
        loss=loss_for(prepared.task, spec.loss),
        outputs=prepared.outputs,
        model=model,
        spec=spec,
        members=tuple(repeats * len(TENTHS)),
        scale=torch.as_tensor(np.asarray(prepared.target_scale)),
        held=~mine,
    )
    judged = validation_rows(all_rows, torch.from_numpy(np.tile(held, (len(TENTHS), 1))))
    nothing = Rows(x[:0], y[:0])
    epochs = spec.epochs or 0
    learner.scoring = replace(
        learner.scoring, validation=judged, sampled=nothing, every=epochs, judged_every=longer
    )
    return learner, epochs


def _stretch(spec: TrainSpec, shortest: int, longest: int) -> int:
    """Return how many epochs of few rows have about as many steps as one of many rows."""
    few, many = (math.ceil(rows / (spec.batch_size or rows)) for rows in (shortest, longest))
    return max(1, round(many / few))


def _stretched(spec: TrainSpec, longer: int) -> TrainSpec:
    """Return choices that mean the same where an epoch has fewer steps, so many times."""
    plateau = None if spec.plateau is None else spec.plateau * longer
    changed = {
        "epochs": (spec.epochs or EPOCHS) * longer,
        "patience": (spec.patience or PATIENCE) * longer,
        "plateau": plateau,
        "step_epochs": spec.step_epochs * longer,
        "warmup": spec.warmup * longer,
    }
    return spec.model_copy(update=changed)
