"""Everything that changes while nets learn, in one place: what a snapshot has to hold."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from mlpdash.errors import RunError
from mlpdash.text import _
from mlpdash.training.events import Event
from mlpdash.training.feed import Feed
from mlpdash.training.gradients import Dropout, Gradient, Workspace, workspace_for
from mlpdash.training.members import Member
from mlpdash.training.model import Population, views
from mlpdash.training.optimizers import bare_step
from mlpdash.training.patience import Patience

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
    net: Population
    loss: str  # a name of `gradients.LOSSES`
    gradient: Gradient
    optimizer: torch.optim.Optimizer
    parameter: torch.nn.Parameter
    train: Rows
    validation: Rows
    sampled: Rows  # the fixed sample of training rows that metrics are taken on
    scale: Tensor  # (K,) target units per unit of training
    feed: Feed
    dropout: Dropout | None
    epochs: int | None
    scored_every: int
    loss_sum: Tensor  # (P,) sum over the rows seen in this epoch
    alive: Tensor  # (P,) bool: the members whose numbers are finite
    lr: float = 0.0
    weight_decay: float = 0.0
    epoch: int = 0  # epochs completed
    step: int = 0
    dead: int = 0  # members that have diverged
    evaluating_seconds: float = 0.0  # of this thread's processor time, in scores
    kept: list[Tensor] = field(default_factory=list)  # last finite weights and optimiser state
    decay: float | Tensor = 0.0  # what `loss_and_gradient` takes as weight_decay
    l1: float | Tensor = 0.0
    rates: list[float] = field(default_factory=list)  # each member's learning rate
    scales: Tensor | None = None  # of each parameter's update, where members' rates differ
    patience: Patience | None = None
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
            if self.patience is not None:
                self.patience.start_again(self.epoch)
                self._hold()
        elif name == "lr":
            self.lr = value
            self._set_rates([value] * len(self.members))
        elif name == "weight_decay":
            self.weight_decay = self.decay = value
        else:
            raise RunError(_("{field} cannot change on a running net.").format(field=name))

    def set_own_choices(self) -> None:
        """Give each member its own learning rate and L2."""
        first = self.members[0]
        self.lr, self.weight_decay = first.lr, first.weight_decay
        self._set_rates([m.lr for m in self.members])
        self.decay = self._penalty([m.weight_decay for m in self.members])
        self.l1 = self._penalty([m.l1 for m in self.members])

    def _penalty(self, values: list[float]) -> float | Tensor:
        same = len(set(values)) == 1
        return values[0] if same else self._each(values)[: self.net.weight_count]

    def _set_rates(self, rates: list[float]) -> None:
        """Let one rate be the optimiser's; different ones scale updates made at a rate of 1."""
        self.rates = rates
        if self.patience is not None:
            left = self.patience.factor.tolist()
            rates = [rate * f for rate, f in zip(rates, left, strict=True)]
        same = len(set(rates)) == 1
        self.scales = None if same else self._each(rates)
        self._before = None if same else torch.empty_like(self.net.flat)
        for group in self.optimizer.param_groups:
            group["lr"] = rates[0] if same else 1.0

    def _each(self, values: list[float]) -> Tensor:
        """Spread a number per member over that member's entries of the flat buffer."""
        flat = torch.empty_like(self.net.flat)
        own = flat.new_tensor(values)[:, None, None]  # (P, 1, 1)
        for part in sum(views(flat, self.net.sizes, self.net.members), ()):
            part.copy_(own.expand_as(part))
        return flat

    # -- a step ---------------------------------------------------------------------------------

    def stepper(self) -> Callable[[], object]:
        """Return what takes the optimiser's step, without what is not needed now."""
        step = bare_step(self.optimizer)
        if self.scales is None and self._still is None:
            return step
        return functools.partial(self._careful_step, step)

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
            with torch.inference_mode(False):
                self._workspaces[rows] = workspace_for(
                    self.net, self.gradient, rows, self.loss, self.dropout
                )
        return self._workspaces[rows]

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
        parts = [t.flatten(1).sum(1) for t in (*self.net.weights, *self.net.biases)]
        return torch.stack(parts).sum(0).isfinite()

    def freeze(self, alive: Tensor) -> None:
        """Take members that are not `alive` (P,) out of training, at their last finite weights."""
        self.alive = alive
        self.dead = int((~alive).sum())
        dead = self._of(~alive)
        for kept, t in zip(self.kept, self._moving(), strict=True):
            if t.shape == dead.shape:
                torch.where(dead, kept, t, out=t)
        self._hold()

    def _of(self, members: Tensor) -> Tensor:
        """Spread which members (P,) bool over their entries of the flat buffer."""
        return self._each(members.double().tolist()) > 0

    def _hold(self) -> None:
        """Keep the members that have diverged or stopped where they are."""
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
            self._hold()
        if bool(slows.any()):
            self._set_rates(self.rates)

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
        return [self.net.flat, *self._optimizer_state().values()]

    def _optimizer_state(self) -> dict[str, Tensor]:
        return {k: v for k, v in self.optimizer.state[self.parameter].items() if v is not None}

    # -- snapshots ------------------------------------------------------------------------------

    def _tensors(self) -> dict[str, Tensor]:
        named = {"flat": self.net.flat, "order": self.feed.order, "loss_sum": self.loss_sum}
        named |= {f"optimizer.{name}": t for name, t in self._optimizer_state().items()}
        return named | (self.patience.tensors() if self.patience else {})

    def _streams(self) -> dict[str, list[torch.Generator]]:
        dropping = list(self.dropout.generators) if self.dropout else []
        return {"shuffling": self.feed.generators, "dropping": dropping}

    def state(self) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
        """Return arrays and JSON values from which `load` goes on to the last bit."""
        arrays = {name: t.detach().cpu().numpy().copy() for name, t in self._tensors().items()}
        for name, generators in self._streams().items():
            if generators:
                states = [g.get_state().numpy() for g in generators]
                arrays[f"generator.{name}"] = np.stack(states)
        names = ("lr", "weight_decay", "batch_size", "epochs", "epoch", "step")
        values = {name: getattr(self, name) for name in names}
        values |= {"position": self.feed.position, "alive": self.alive.tolist()}
        return arrays, values | {"own_rates": self.scales is not None}

    def load(self, arrays: Mapping[str, np.ndarray[Any, Any]], values: Mapping[str, Any]) -> None:
        """Take up the state that `state` returned.

        Raises
        ------
        RunError : the arrays are not of these nets' shapes
        """
        for name, target in self._tensors().items():
            if name not in arrays or arrays[name].shape != tuple(target.shape):
                raise RunError(
                    _('the snapshot does not fit this net: "{name}" differs.').format(name=name)
                )
            target.copy_(torch.from_numpy(np.array(arrays[name])))
        for name, generators in self._streams().items():
            for generator, state in zip(
                generators, arrays.get(f"generator.{name}", ()), strict=True
            ):
                generator.set_state(torch.from_numpy(np.array(state)))
        self.epoch, self.step = int(values["epoch"]), int(values["step"])
        self.feed.position = int(values["position"])
        self.feed.batch_size, self.epochs = values["batch_size"], values["epochs"]
        if not values["own_rates"]:
            self._apply("lr", values["lr"])
        if not isinstance(self.decay, Tensor):
            self._apply("weight_decay", values["weight_decay"])
        self.feed.arrange()
        self.keep()
        alive = torch.tensor(values["alive"], device=self.alive.device)
        if self.patience is not None:
            self._set_rates(self.rates)
            self._hold()
        if not bool(alive.all()):
            self.freeze(alive)
