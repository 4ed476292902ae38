"""Everything that changes while nets learn, in one place: what a snapshot has to hold."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import torch
from torch import Tensor

from mlpdash.errors import RunError
from mlpdash.specs import ModelSpec, TrainSpec
from mlpdash.text import _
from mlpdash.training.loop.evaluate import Scores, evaluate
from mlpdash.training.loop.events import SWAPPED, Event
from mlpdash.training.loop.feed import Feed
from mlpdash.training.loop.patience import Patience
from mlpdash.training.members import Member
from mlpdash.training.net.layout import moved
from mlpdash.training.net.model import Population, population_in
from mlpdash.training.update import schedule
from mlpdash.training.update.clipping import clip_
from mlpdash.training.update.gradients import (
    Dropout,
    Gradient,
    Workspace,
    gradient_for,
    workspace_for,
)
from mlpdash.training.update.optimizers import bare_step, optimizer_for

WORKSPACES: Final = 4  # batch sizes whose buffers are kept


@dataclass(frozen=True)
class Rows:
    """Rows on the device: x (rows, in), y (rows,) class codes or (rows, K) labels or values."""

    x: Tensor
    y: Tensor
    weight: Tensor | None = None  # (rows,)

    def __len__(self) -> int:
        return self.x.shape[0]


@dataclass
class Learner:
    """P nets, their optimiser, their random streams and their place in the data."""

    members: tuple[Member, ...]
    model: ModelSpec  # as it is now: activations can be swapped
    spec: TrainSpec  # likewise, the optimiser; other live choices are fields here
    net: Population
    loss: str  # a name of `losses.LOSSES`
    gradient: Gradient
    optimizer: torch.optim.Optimizer
    train: Rows
    validation: Rows
    sampled: Rows  # the fixed sample of training rows that metrics are taken on
    scale: Tensor  # (K,) target units per unit of training
    feed: Feed
    dropout: Dropout | None
    epochs: int | None
    scored_every: int
    judged_every: int | None  # None where no net may stop or slow down
    loss_sum: Tensor  # (P,) sum over the rows seen in this epoch
    alive: Tensor  # (P,) bool: the members whose numbers are finite
    lr: float = 0.0
    weight_decay: float = 0.0
    epoch: int = 0  # epochs completed
    step: int = 0
    dead: int = 0  # members that have diverged
    evaluating_seconds: float = 0.0  # of this thread's processor time, in scores
    kept: list[Tensor] = field(default_factory=list)  # last finite weights and optimiser state
    decays: list[float] = field(default_factory=list)  # each member's L2
    decay: float | Tensor = 0.0  # what `loss_and_gradient` takes as weight_decay
    l1: float | Tensor = 0.0
    rates: list[float] = field(default_factory=list)  # each member's learning rate, as chosen
    scales: Tensor | None = None  # of each parameter's update, where members' rates differ
    patience: Patience | None = None
    version: int = 0  # of what a step does besides its batch
    _rates_now: list[float] = field(default_factory=list)  # with schedule and plateau
    _before: Tensor | None = None
    _still: Tensor | None = None  # of each parameter: of a member that has diverged or stopped
    _workspaces: dict[int, Workspace] = field(default_factory=dict)

    # -- choices that act at once ---------------------------------------------------------------

    @property
    def batch_size(self) -> int | None:
        """Rows per step as chosen; None is all."""
        return self.feed.batch_size

    def change(self, name: str, value: Any) -> Event:
        """Set a live field from the next step on, and return that as an event.

        Raises
        ------
        RunError : the field cannot change on a running net
        """
        self._apply(name, value)
        return Event(self.step, name, value)

    def _apply(self, name: str, value: Any) -> None:
        if name == "batch_size":
            self.feed.batch_size = value
        elif name == "epochs":
            self.epochs = value
            self.set_rates(self.rates)  # half a cosine ends elsewhere
            if self.patience is not None:
                self.patience.start_again(self.epoch)
                self.hold()
        elif name == "lr":
            self.lr = value
            self.set_rates([value] * len(self.members))
        elif name == "weight_decay":
            self.weight_decay = value
            self.set_decays([value] * len(self.members))
        elif name in ("weight", "bias"):
            self._set_parameter(name, *value)
        elif name == "threads":
            torch.set_num_threads(value)
        elif name in SWAPPED:
            self.swap({name: value})
        else:
            raise RunError(_("{field} cannot change on a running net.").format(field=name))

    def _set_parameter(self, name: str, layer: int, *place: float) -> None:
        """Set one weight [layer, out, in, value] or bias [layer, out, value] of the nets alive."""
        *where, value = place
        parts = self.net.weights if name == "weight" else self.net.biases
        row, column = (0, *where) if name == "bias" else where
        parts[layer][self.alive, int(row), int(column)] = float(value)

    def swap(self, choices: Mapping[str, Any]) -> None:
        """Change the activations or the optimiser, keeping the weights; its state starts anew."""
        activations = [
            (name, tuple(value) if name == "activations" else value)
            for name, value in choices.items()
            if name != "optimizer"
        ]
        model = self.model.model_copy(update=dict(activations))
        name = choices.get("optimizer", self.spec.optimizer)
        if (model, name) == (self.model, self.spec.optimizer):
            return
        self.model, self.spec = model, self.spec.model_copy(update={"optimizer": name})
        flat = torch.where(self._of(self.finite()), self.net.flat, self.kept[0])
        before = self.net.layout
        layout = replace(before, activations=model.layer_activations)
        self.net = population_in(moved(flat, before, layout), layout, self.net.masks)
        self.gradient = gradient_for(self.net)
        self.optimizer = optimizer_for(self.net.flat, self.gradient.flat, self.spec)
        if self.patience is not None:
            self.patience.weights = moved(self.patience.weights, before, layout)
        self._workspaces.clear()
        self.kept.clear()
        self.keep()
        self.set_decays(self.decays)
        self.set_rates(self.rates)
        if self._still is not None:
            self.hold()

    def set_own_choices(self) -> None:
        """Give each member its own learning rate, L1 and L2."""
        first = self.members[0]
        self.lr, self.weight_decay = first.lr, first.weight_decay
        self.set_rates([m.lr for m in self.members])
        self.set_decays([m.weight_decay for m in self.members])
        self.l1 = self._penalty([m.l1 for m in self.members])

    def set_decays(self, decays: list[float]) -> None:
        """Let each member have its own L2: in the gradient, but AdamW's in the step."""
        self.version += 1
        self.decays = decays
        self.decay = 0.0 if self.spec.optimizer == "adamw" else self._penalty(decays)

    def _penalty(self, values: list[float]) -> float | Tensor:
        same = len(set(values)) == 1
        return values[0] if same else self._each(values)[: self.net.layout.weight_count]

    def set_rates(self, rates: list[float]) -> None:
        """Let one rate be the optimiser's; different ones scale updates made at a rate of 1."""
        self.version += 1
        self.rates = rates
        share = schedule.factor(self.spec, self.epoch, self.epochs)
        left = [1.0] * len(rates) if self.patience is None else self.patience.factor.tolist()
        rates = [rate * share * f for rate, f in zip(rates, left, strict=True)]
        same = len(set(rates)) == 1
        self._rates_now = rates
        self.scales = None if same else self._each(rates)
        self._before = None if same else torch.empty_like(self.net.flat)
        for group in self.optimizer.param_groups:
            group["lr"] = rates[0] if same else 1.0

    def start_epoch(self) -> None:
        """Draw the order of the rows, and take the learning rate of this epoch."""
        self.loss_sum.zero_()
        self.feed.start_epoch()
        if not schedule.is_constant(self.spec):
            self.set_rates(self.rates)

    def _each(self, values: list[float]) -> Tensor:
        """Spread a number per member over that member's entries of the flat buffer."""
        return self.net.layout.spread(torch.tensor(values, dtype=torch.float64), self.net.flat)

    # -- a step ---------------------------------------------------------------------------------

    def stepper(self) -> Callable[[], object]:
        """Return what takes the optimiser's step, without what is not needed now."""
        step = bare_step(self.optimizer)
        if self.spec.clip is not None:
            alone, flat = self.net.members == 1, self.gradient.flat
            parts = [flat.view(1, 1, -1)] if alone else self.net.layout.parts(flat)
            step = _after(step, functools.partial(clip_, parts, self.spec.clip))
        if self.spec.optimizer == "adamw" and any(self.decays):
            step = _after(step, self._shrinking())
        if self.scales is None and self._still is None:
            return step
        return functools.partial(self._careful_step, step)

    def _shrinking(self) -> Callable[[], object]:
        """Return what multiplies the weights with 1 - learning rate * L2 (Loshchilov, Hutter 2019).

        Where rates differ, the step is scaled by them after it: it shrinks by L2 alone.
        """
        own = zip(self._rates_now, self.decays, strict=True)
        left = [1 - (1 if self.scales is not None else rate) * decay for rate, decay in own]
        weights = self.net.flat[: self.net.layout.weight_count]
        return functools.partial(weights.mul_, self._penalty(left))

    def _careful_step(self, step: Callable[[], object]) -> None:
        flat = self.net.flat
        if self.scales is not None and self._before is not None:
            self._before.copy_(flat)
            step()
            flat.sub_(self._before).mul_(self.scales).add_(self._before)
        else:
            step()
        if self._still is not None:
            torch.where(self._still, self.kept[0], flat, out=flat)

    def workspace(self, rows: int) -> Workspace:
        """Return the buffers for a batch of `rows` rows."""
        if rows not in self._workspaces:
            if len(self._workspaces) >= WORKSPACES:
                self._workspaces.clear()
                self.version += 1
            with torch.inference_mode(False):
                self._workspaces[rows] = workspace_for(
                    self.net, self.gradient, rows, self.loss, self.dropout
                )
        return self._workspaces[rows]

    def scores(self, rows: Rows) -> Scores:
        """Return what each net reaches on rows."""
        batch = self.feed.batch
        return evaluate(self.net, rows.x, rows.y, self.scale, loss=self.loss, batch=batch)

    # -- numbers that are not finite ------------------------------------------------------------

    def keep(self) -> None:
        """Remember these weights as the last finite ones."""
        now = self._moving()
        if not self.kept:
            self.kept = [t.clone() for t in now]
        else:
            for kept, t in zip(self.kept, now, strict=True):
                kept.copy_(t)

    def restore_kept(self) -> None:
        """Go back to the last finite weights, at the end of the last finite epoch."""
        for kept, t in zip(self.kept, self._moving(), strict=True):
            t.copy_(kept)

    def finite(self) -> Tensor:
        """Tell for each member whether all its parameters are finite, (P,) bool."""
        parts = [part.flatten(1).sum(1) for part in self.net.layout.parts(self.net.flat)]
        return torch.stack(parts).sum(0).isfinite()

    def freeze(self, alive: Tensor) -> None:
        """Take members that are not `alive` (P,) out of training, at their last finite weights."""
        self.alive = alive
        self.dead = int((~alive).sum())
        dead = self._of(~alive)
        for kept, t in zip(self.kept, self._moving(), strict=True):
            if t.shape == dead.shape:
                torch.where(dead, kept, t, out=t)
        self.hold()

    def _of(self, members: Tensor) -> Tensor:
        """Spread which members (P,) bool over their entries of the flat buffer."""
        return self._each(members.double().tolist()) > 0

    def hold(self) -> None:
        """Keep the members that have diverged or stopped where they are."""
        self.version += 1
        stopped = torch.zeros_like(self.alive) if self.patience is None else self.patience.stopped
        self._still = self._of(~self.alive | stopped)

    def judge(self, losses: Tensor) -> None:
        """Let members that do not improve stop or slow down; losses (P,) of this epoch."""
        if self.patience is None:
            return
        improved, stops, slows = self.patience.judge(self.epoch, losses, self.alive)
        flat, best = self.net.flat, self.patience.weights
        if bool(improved.any()):
            torch.where(self._of(improved), flat, best, out=best)
        if bool(stops.any()):
            torch.where(self._of(stops), best, flat, out=flat)
            self.keep()
            self.hold()
        if bool(slows.any()):
            self.set_rates(self.rates)

    def finish(self) -> None:
        """Go back to the best weights, where that was asked for."""
        if self.patience is not None and self.patience.stop_after is not None:
            reached = self.patience.best.isfinite() & self.alive
            flat, best = self.net.flat, self.patience.weights
            torch.where(self._of(reached), best, flat, out=flat)
            self.keep()

    @property
    def all_stopped(self) -> bool:
        """Whether no member that is alive goes on."""
        return self.patience is not None and bool((self.patience.stopped | ~self.alive).all())

    def _moving(self) -> list[Tensor]:
        return [self.net.flat, *self.optimizer_state().values()]

    def optimizer_state(self) -> dict[str, Tensor]:
        """Return the tensors that the optimiser remembers, by torch's names."""
        found = self.optimizer.state[self.parameter]
        return {name: value for name, value in found.items() if value is not None}

    @property
    def parameter(self) -> torch.nn.Parameter:
        """What the optimiser changes: the flat buffer."""
        found: torch.nn.Parameter = self.optimizer.param_groups[0]["params"][0]
        return found


def _after(step: Callable[[], object], first: Callable[[], object]) -> Callable[[], object]:
    """Return a step that does something else first."""

    def both() -> None:
        first()
        step()

    return both
