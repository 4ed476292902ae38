"""P nets and what a step of theirs needs: their gradient, their optimiser, and buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import torch
from torch import Tensor

from mlpdash.specs import ModelSpec, TrainSpec
from mlpdash.training.net.layout import moved
from mlpdash.training.net.model import Population, population_in
from mlpdash.training.update.gradients import (
    Dropout,
    Gradient,
    Workspace,
    gradient_for,
    workspace_for,
)
from mlpdash.training.update.optimizers import optimizer_for

WORKSPACES: Final = 4  # batch sizes whose buffers are kept


@dataclass
class Trainable:
    """P nets with their gradient and optimiser.

    Attributes
    ----------
    model, spec : the choices as they are now, since activations and optimiser can be swapped
    loss : a name of `losses.LOSSES`
    version : rises with whatever a step is made of besides its batch
    """

    model: ModelSpec
    spec: TrainSpec
    net: Population
    gradient: Gradient
    optimizer: torch.optim.Optimizer
    loss: str
    dropout: Dropout | None
    version: int = 0
    _workspaces: dict[int, Workspace] = field(default_factory=dict)

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

    def swap(self, model: ModelSpec, optimizer: str, flat: Tensor) -> None:
        """Take other activations or another optimiser, whose state starts anew.

        Parameters
        ----------
        flat : the weights to go on with, in the layout of now
        """
        before = self.net.layout
        layout = replace(before, activations=model.layer_activations)
        self.model, self.spec = model, self.spec.model_copy(update={"optimizer": optimizer})
        self.net = population_in(moved(flat, before, layout), layout, self.net.masks)
        self.gradient = gradient_for(self.net)
        self.optimizer = optimizer_for(self.net.flat, self.gradient.flat, self.spec)
        self._workspaces.clear()
        self.version += 1

    def copy(self) -> Trainable:
        """Return the same nets, with the optimiser's state and without dropout."""
        net = population_in(self.net.flat.clone(), self.net.layout, self.net.masks)
        found = trainable_for(net, self.model, self.spec, self.loss)
        for name, tensor in found.optimizer_state().items():
            tensor.copy_(self.optimizer_state()[name])
        return found

    def moving(self) -> list[Tensor]:
        """Return all that steps change: the weights, and what the optimiser remembers."""
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

    def spread(self, values: Sequence[float]) -> Tensor:
        """Spread a number per member over that member's entries of the flat buffer."""
        return self.net.layout.spread(torch.tensor(values, dtype=torch.float64), self.net.flat)

    def entries_of(self, members: Tensor) -> Tensor:
        """Spread which members (P,) bool over their entries of the flat buffer."""
        return self.spread(members.double().tolist()) > 0

    def finite(self) -> Tensor:
        """Tell for each member whether all its parameters are finite, (P,) bool."""
        parts = [part.flatten(1).sum(1) for part in self.net.layout.parts(self.net.flat)]
        return torch.stack(parts).sum(0).isfinite()


def trainable_for(
    net: Population, model: ModelSpec, spec: TrainSpec, loss: str, dropout: Dropout | None = None
) -> Trainable:
    """Return nets with a gradient of zero and an optimiser that has not taken a step."""
    gradient = gradient_for(net)
    optimizer = optimizer_for(net.flat, gradient.flat, spec)
    return Trainable(model, spec, net, gradient, optimizer, loss, dropout)
