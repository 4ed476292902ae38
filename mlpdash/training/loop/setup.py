"""How a learner is made: the untrained nets of an experiment, on its data and device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.specs import Experiment, ModelSpec, TrainSpec
from mlpdash.specs.model import weights_name
from mlpdash.training.choices import check_plan, loss_for
from mlpdash.training.loop.evaluate import ScoringPlan, judged_every, validation_every
from mlpdash.training.loop.feed import Feed, Rows
from mlpdash.training.loop.folds import held_out, learned_rows, sampled_rows, validation_rows
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.own_start import begin_with
from mlpdash.training.loop.patience import patience_for
from mlpdash.training.loop.status import Status
from mlpdash.training.members import Member, members_of, widest
from mlpdash.training.net.initial import build
from mlpdash.training.net.kept_weights import layers_of
from mlpdash.training.net.model import Population
from mlpdash.training.net.size import layer_sizes
from mlpdash.training.random_streams import stream
from mlpdash.training.update import schedule
from mlpdash.training.update.gradients import Dropout
from mlpdash.training.update.rates import set_penalties, set_rates
from mlpdash.training.update.trainable import trainable_for
from mlpdash.training.weights import row_weights


def learner_for(
    prepared: Prepared,
    experiment: Experiment,
    device: torch.device | str = "cpu",
    members: tuple[Member, ...] | None = None,
) -> Learner:
    """Set up the untrained nets of an experiment on its data; `members` are by default its own.

    Raises
    ------
    SpecError : its choices do not go together, or do not fit the task; or the weights that it
        begins with are gone, or do not fit
    """
    check_plan(experiment, prepared.task, prepared.classes)
    held = held_out(prepared.split, device)
    weight = row_weights(prepared, experiment.train.class_weight)
    train = _rows(prepared, prepared.split.train, device, weight)
    validation = train  # with folds the same rows, of which each net has its own
    if held is None:
        validation = _rows(prepared, prepared.split.validation, device, weight)
    learner = learner_from_arrays(
        train,
        validation,
        loss=loss_for(prepared.task, experiment.train.loss),
        outputs=prepared.outputs,
        model=experiment.model,
        spec=experiment.train,
        members=members or members_of(experiment),
        sampled=_rows(prepared, sample_rows(prepared).train, device, weight),
        scale=torch.as_tensor(np.asarray(prepared.target_scale)),
        held=held,
    )
    if weights := experiment.model.weights:
        begin_with(learner, layers_of(weights), weights_name(weights))
    return learner


def learner_from_arrays(
    train: Rows,
    validation: Rows,
    *,
    loss: str,
    outputs: int,
    model: ModelSpec,
    spec: TrainSpec,
    members: tuple[Member, ...] | None = None,
    sampled: Rows | None = None,
    scale: Tensor | None = None,
    held: Tensor | None = None,
) -> Learner:
    """Set up untrained nets on rows that are on their device, in their type (float32 or float64).

    Seeds: a member's initial weights come from its seed itself, order and dropout from two streams
    derived from it, so that changing one choice leaves the others' draws alone.

    Parameters
    ----------
    loss : a name of `losses.LOSSES`; y of cross_entropy are codes (rows,), of the others (rows, K)
    outputs : K
    sampled : training rows that metrics are taken on; by default all
    scale : (K,) units of the target per unit of training; by default 1
    held : (P, rows) bool, the training rows that each member does not learn from, and is validated
        on; `validation` and `sampled` have no part then
    """
    members = members or members_of(Experiment(model=model, train=spec))
    net = _untrained(train, outputs, model, members)
    trainable = trainable_for(net, model, spec, loss, _dropout(members, train.x.device))
    goal = _goal(train.y, outputs, train.x.dtype)
    weight = None if train.weight is None else train.weight.to(train.x)[:, None]
    own = [] if held is None else learned_rows(held)
    feed = Feed(train.x, goal, [m.seed for m in members], spec.batch_size, weight, own)
    sampled = train if sampled is None else sampled  # no rows: no scores
    if held is not None:
        validation, sampled = validation_rows(train, held), sampled_rows(train, held)
    scored_rows = len(validation) + len(sampled)
    every = validation_every(net.flat.numel(), len(feed), feed.batch, scored_rows)
    judged = judged_every(spec)
    if held is not None and judged is not None:
        every, judged = min(every, judged), 1  # a bag is as good as the epochs its nets stop at
    factors = [schedule.factor(spec, 0, spec.epochs)] * len(members)
    decays, l1s = [m.weight_decay for m in members], [m.l1 for m in members]
    return Learner(
        members=members,
        trainable=trainable,
        feed=feed,
        scoring=ScoringPlan(
            train,
            validation,
            sampled,
            scale=torch.ones(outputs).to(train.x) if scale is None else scale.to(train.x),
            every=every,
            judged_every=judged,
        ),
        status=Status(trainable, patience_for(spec.patience, spec.plateau, net)),
        rates=set_rates(trainable, [m.lr for m in members], factors),
        penalties=set_penalties(trainable, decays, l1s),
        loss_sum=net.flat.new_zeros(len(members)),
        epochs=spec.epochs,
    )


def _untrained(
    train: Rows, outputs: int, model: ModelSpec, members: tuple[Member, ...]
) -> Population:
    return build(
        layer_sizes(train.x.shape[1], widest(members), outputs),
        model.layer_activations,
        [m.seed for m in members],
        init=model.init,
        bias=model.bias,
        widths=[m.hidden for m in members],
        device=train.x.device,
        dtype=train.x.dtype,
    )


def rows_of(prepared: Prepared, part: str, device: torch.device | str) -> Rows:
    """Return the rows of a part of the split: train, validation or test; all count the same."""
    return _rows(prepared, getattr(prepared.split, part), device)


def _rows(
    prepared: Prepared,
    chosen: Any,
    device: torch.device | str,
    weight: NDArray[np.float64] | None = None,
) -> Rows:
    x = torch.from_numpy(np.ascontiguousarray(prepared.x[chosen]))
    y = torch.from_numpy(np.ascontiguousarray(prepared.y[chosen]))
    own = None if weight is None else torch.from_numpy(weight[chosen]).to(x).to(device)
    return Rows(x.to(device), y.to(device), own)


def _goal(y: Tensor, outputs: int, dtype: torch.dtype) -> Tensor:
    """Return what the outputs should be, (rows, K): classes one-hot, values as they are."""
    return torch.nn.functional.one_hot(y, outputs).to(dtype) if y.dim() == 1 else y.to(dtype)


def _dropout(members: tuple[Member, ...], device: torch.device | str) -> Dropout | None:
    shares = tuple(m.dropout for m in members)
    if not any(shares):
        return None
    streams = [stream(m.seed, 2, device) for m in members]
    return Dropout(shares, streams, tuple(m.hidden for m in members))
