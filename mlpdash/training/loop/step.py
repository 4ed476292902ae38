"""One step of training; and steps on a CUDA device, recorded once and replayed.

A step of a small net is some thirty kernels, and launching each from Python costs more than it
takes. A CUDA graph launches all of them at once. It has the learning rate, L2 and all buffers of
the moment it was recorded in it, so whatever changes these makes it stale; a batch of another
size, such as the last of an epoch, has a graph of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import torch

from mlpdash.specs import OPTIMIZERS
from mlpdash.training.loop.feed import Batch
from mlpdash.training.loop.learner import Learner
from mlpdash.training.update.gradients import loss_and_gradient
from mlpdash.training.update.stepping import stepper

WARM_STEPS: Final = 2  # taken as they are before one is recorded, so that it allocates nothing
_LOG = logging.getLogger(__name__)

Record = Callable[[Callable[[], None]], Callable[[], object]]


def step_of(learner: Learner) -> Callable[[Batch], None]:
    """Return what takes a step on a batch: the gradient of the loss, and the nets' update.

    It holds until `learner.trainable.version` changes.
    """
    nets, penalties, status = learner.trainable, learner.penalties, learner.status
    update = stepper(nets, learner.rates, penalties, status.still, status.kept[0])
    net, gradient, workspace = nets.net, nets.gradient, nets.workspace
    loss, dropout, loss_sum = nets.loss, nets.dropout, learner.loss_sum
    weight_decay, l1 = penalties.weight_decay, penalties.l1

    def take_step(batch: Batch) -> None:
        rows, x, y, weight = batch
        found = loss_and_gradient(
            net,
            x,
            y,
            workspace(rows),
            gradient,
            loss=loss,
            weight=weight,
            weight_decay=weight_decay,
            l1=l1,
            dropout=dropout,
        )
        update()
        loss_sum.add_(found, alpha=rows)

    return take_step


def can_replay(learner: Learner) -> bool:
    """Tell whether this learner's steps can be recorded: on CUDA, and nothing is drawn in them."""
    nets = learner.trainable
    is_recordable = nets.dropout is None and OPTIMIZERS[nets.spec.optimizer].capturable
    return nets.net.flat.is_cuda and is_recordable


class Replays:
    """Takes a learner's steps; from the third of a batch size on by replaying a recorded one."""

    def __init__(self, learner: Learner, record: Record | None = None) -> None:
        self._learner = learner
        self._record = record or _recorded
        self._version = -1
        self._taken: dict[int, int] = {}  # steps taken as they are, by rows
        self._graphs: dict[int, tuple[Batch, Callable[[], object]]] = {}
        self._refused = False

    def __call__(self, batch: Batch) -> None:
        """Take a step."""
        version = self._learner.trainable.version
        if self._version != version:
            self._version = version
            self._graphs.clear()
            self._taken.clear()
        if batch.rows not in self._graphs and not self._is_recorded(batch):
            step_of(self._learner)(batch)
            return
        own, replay = self._graphs[batch.rows]
        own.x.copy_(batch.x)
        own.y.copy_(batch.y)
        if own.weight is not None and batch.weight is not None:
            own.weight.copy_(batch.weight)
        replay()

    def _is_recorded(self, batch: Batch) -> bool:
        """Record a step for batches of this size, once it is warm; tell whether it is there."""
        taken = self._taken.get(batch.rows, 0)
        self._taken[batch.rows] = taken + 1
        if self._refused or taken < WARM_STEPS:
            return False
        weight = None if batch.weight is None else batch.weight.clone()
        own = Batch(batch.rows, batch.x.clone(), batch.y.clone(), weight)
        take_step = step_of(self._learner)
        try:
            replay = self._record(lambda: take_step(own))
        except RuntimeError as error:
            _LOG.warning("steps cannot be recorded on this device: %s", error)
            self._refused = True
            return False
        self._graphs[batch.rows] = (own, replay)
        return True


def _recorded(step: Callable[[], None]) -> Callable[[], object]:
    """Record what a step launches on the CUDA device, without doing it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
