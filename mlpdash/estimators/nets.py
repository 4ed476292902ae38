"""Trained nets as an estimator keeps them, and the one way to train them further."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from mlpdash.estimators.stopping import Patience
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_from_arrays
from mlpdash.training.machine.devices import Chosen, candidates, cores
from mlpdash.training.members import Member
from mlpdash.training.net.layout import Layout, moved
from mlpdash.training.net.model import Population, population_in
from mlpdash.training.net.size import layer_sizes, size_of

ONE_THREAD_OPERATIONS: Final = 200_000_000  # on a busy machine, fewer are much slower on two
ACCELERATOR_OPERATIONS: Final = 2_000_000_000  # a step with fewer is mostly launch overhead

Array = NDArray[Any]


class Table(NamedTuple):
    """Rows to learn from or to be judged by.

    x (n, in) float32 or float64; y (n,) class codes or (n, K) labels or values; weight (n,) or None
    """

    x: Array
    y: Array
    weight: Array | None = None

    def part(self, rows: Array) -> Table:
        """Return some of the rows."""
        return Table(self.x[rows], self.y[rows], None if self.weight is None else self.weight[rows])

    def on(self, device: str) -> Rows:
        """Return the rows as tensors."""
        x = _tensor(self.x, device)
        y = _tensor(self.y, device)
        weight = None if self.weight is None else _tensor(self.weight, device).to(x)
        return Rows(x, y if y.dim() == 1 else y.to(x), weight)


@dataclass(frozen=True)
class Nets:
    """P nets as plain arrays, so that an estimator can be pickled and copied.

    Attributes
    ----------
    flat : (P * parameters,) as `layout` says
    state : of the optimiser, by name; what training goes on from
    streams : per name the states of each net's random generator
    """

    layout: Layout
    seeds: tuple[int, ...]
    flat: Array
    state: dict[str, Array]
    streams: dict[str, list[Array]]

    def population(self) -> Population:
        """Return the nets as the engine has them, on the CPU."""
        return population_in(torch.from_numpy(np.array(self.flat)), self.layout)

    def outputs(self, x: Array) -> Array:
        """Return what the last layers give for x (n, in): (P, n, K) in the nets' type."""
        with torch.inference_mode():
            given = torch.from_numpy(np.require(x, self.flat.dtype, ["C", "W"]))
            return self.population().forward(given).numpy()


class Curves(NamedTuple):
    """Losses of each epoch, (epochs, P); `validation` has no rows where nothing was held out."""

    train: Array
    validation: Array


@dataclass(frozen=True)
class Plan:
    """How to train.

    Attributes
    ----------
    experiment : the choices that the dashboard has too
    patience, tolerance : stop a net after so many epochs in which its validation loss has not
        fallen by more than the tolerance; used where there are validation rows
    """

    experiment: Experiment
    loss: str
    outputs: int
    patience: int
    tolerance: float
    say: Callable[[int, float], None] | None = None


def train_nets(
    plan: Plan,
    seeds: tuple[int, ...],
    rows: Table,
    validation: Table | None,
    before: Nets | None,
    held: NDArray[np.bool_] | None = None,
) -> tuple[Nets, Curves]:
    """Train new nets, or take `before` on from where they are.

    Parameters
    ----------
    held : (nets, rows) which of the rows each net does not learn from, and is validated on

    Raises
    ------
    DeviceError : the device is not there, or the nets do not fit
    ValueError : `before` are nets of another shape; other activations are taken on
    """
    chosen = _choice(plan, rows, len(seeds))
    with _computing_on(chosen):
        judging = rows.part(np.zeros(0, np.int64)) if validation is None else validation
        members = tuple(_member(plan.experiment, seed) for seed in seeds)
        learner = learner_from_arrays(
            rows.on(chosen.device),
            judging.on(chosen.device),
            loss=plan.loss,
            outputs=plan.outputs,
            model=plan.experiment.model,
            spec=plan.experiment.train,
            members=members,
            held=None if held is None else torch.from_numpy(held).to(chosen.device),
        )
        if before is not None:
            _go_on_from(learner, before)
        patience = None
        if validation is not None or held is not None:
            patience = Patience(learner, plan.patience, plan.tolerance)
        curves = _curves(learner, patience, plan)
        if patience is not None:
            patience.restore_best()
        return _nets(learner, seeds), curves


def _curves(learner: Learner, patience: Patience | None, plan: Plan) -> Curves:
    """Consume the training loop."""
    trained, judged = [], []
    for progress in train(learner, slice_seconds=math.inf):
        if progress.diverged:
            warnings.warn(
                _(
                    "the loss stopped being finite in epoch {epoch:,}; the weights from before are "
                    "kept. Lower lr, or scale the inputs."
                ).format(epoch=progress.epoch + 1),
                ConvergenceWarning,
                stacklevel=5,
            )
            break
        if progress.losses is None:
            continue
        trained.append(progress.losses)
        if plan.say is not None:
            plan.say(progress.epoch, float(np.nanmean(progress.losses)))
        if patience is not None:
            judged.append(patience.judge())
            if patience.is_over:
                break
    members = len(learner.members)
    return Curves(np.reshape(trained, (-1, members)), np.reshape(judged, (-1, members)))


def _member(experiment: Experiment, seed: int) -> Member:
    model, spec = experiment.model, experiment.train
    return Member(seed, model.hidden, spec.lr, spec.weight_decay, model.dropout, spec.l1)


def _choice(plan: Plan, rows: Table, nets: int) -> Chosen:
    """Choose by the size of a step alone, so that the same fit is the same everywhere."""
    spec, count = plan.experiment.train, len(rows.x)
    sizes = layer_sizes(rows.x.shape[1], plan.experiment.model.hidden, plan.outputs)
    batch = min(spec.batch_size or count, count)
    model = plan.experiment.model
    size = size_of(
        sizes,
        spec.optimizer,
        batch,
        nets,
        activations=model.layer_activations,
        bias=model.bias,
    )
    options = candidates(spec.device, size, batch, cores())
    operations = 6 * size.parameters * batch  # two per weight forward, four backward
    if operations < ONE_THREAD_OPERATIONS:
        return options[0]
    if operations < ACCELERATOR_OPERATIONS:
        options = [o for o in options if o.device == "cpu"] or options
    return options[-1]


@contextlib.contextmanager
def _computing_on(chosen: Chosen) -> Iterator[None]:
    """Compute as the dashboard's worker does, and leave the process as it was."""
    threads = torch.get_num_threads()
    torch.set_num_threads(chosen.threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)


def _tensor(array: Array, device: str) -> torch.Tensor:
    if device != "cpu" and array.dtype == np.float64:
        array = array.astype(np.float32)  # accelerators are slow in float64, or have none
    return torch.from_numpy(np.array(array, order="C")).to(device)


def _streams(learner: Learner) -> dict[str, list[torch.Generator]]:
    dropout = learner.trainable.dropout
    dropping = list(dropout.generators) if dropout else []
    return {"shuffling": learner.feed.generators, "dropping": dropping}


def _nets(learner: Learner, seeds: tuple[int, ...]) -> Nets:
    return Nets(
        learner.net.layout,
        seeds,
        learner.net.flat.detach().cpu().numpy().copy(),
        {name: t.cpu().numpy().copy() for name, t in learner.trainable.optimizer_state().items()},
        {name: [g.get_state().numpy() for g in some] for name, some in _streams(learner).items()},
    )


def _go_on_from(learner: Learner, before: Nets) -> None:
    there, here = before.layout, learner.net.layout
    if (there.sizes, there.members, there.bias) != (here.sizes, here.members, here.bias):
        raise ValueError(
            _("the nets have layers of {there}, and cannot continue with layers of {here}.").format(
                there=there.sizes, here=here.sizes
            )
        )
    learner.net.flat.copy_(moved(torch.from_numpy(before.flat), there, here))
    state = learner.trainable.optimizer_state()
    if {n: tuple(t.shape) for n, t in state.items()} == {
        n: a.shape for n, a in before.state.items()
    }:
        for name, tensor in state.items():
            tensor.copy_(torch.from_numpy(before.state[name]))
    for name, generators in _streams(learner).items():
        for generator, drawn in zip(generators, before.streams.get(name, ()), strict=False):
            generator.set_state(torch.from_numpy(drawn))
    learner.status.keep()
