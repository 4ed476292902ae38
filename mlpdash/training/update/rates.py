"""Each member's learning rate and penalties, as chosen and as a step takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mlpdash.specs import OPTIMIZERS
from mlpdash.training.update.trainable import Trainable


@dataclass(frozen=True)
class Rates:
    """Each member's learning rate.

    A rate that all share is the optimiser's own. Different ones scale the updates that it makes at
    a rate of 1.

    Attributes
    ----------
    chosen : of each member
    now : of each member, with schedule and plateau
    scales : of each parameter's update, where members' rates differ
    before : a buffer for the parameters before the update, likewise
    """

    chosen: list[float]
    now: list[float]
    scales: Tensor | None = None
    before: Tensor | None = None


@dataclass(frozen=True)
class Penalties:
    """Each member's L2 and L1.

    Attributes
    ----------
    weight_decays, l1s : of each member
    weight_decay, l1 : what `loss_and_gradient` takes; L2 is 0 where it is in the step
    """

    weight_decays: list[float]
    l1s: list[float]
    weight_decay: float | Tensor
    l1: float | Tensor


def set_rates(trainable: Trainable, chosen: list[float], factors: Sequence[float]) -> Rates:
    """Let the optimiser take steps at these rates, each times its factor."""
    trainable.version += 1
    now = [rate * factor for rate, factor in zip(chosen, factors, strict=True)]
    same = len(set(now)) == 1
    for group in trainable.optimizer.param_groups:
        group["lr"] = now[0] if same else 1.0
    if same:
        return Rates(chosen, now)
    return Rates(chosen, now, trainable.spread(now), torch.empty_like(trainable.net.flat))


def set_penalties(trainable: Trainable, weight_decays: list[float], l1s: list[float]) -> Penalties:
    """Let steps pull at the weights this much, one number of each kind per member."""
    trainable.version += 1
    in_step = OPTIMIZERS[trainable.spec.optimizer].l2_in_step
    return Penalties(
        weight_decays,
        l1s,
        0.0 if in_step else per_weight(trainable, weight_decays),
        per_weight(trainable, l1s),
    )


def per_weight(trainable: Trainable, values: list[float]) -> float | Tensor:
    """Return the number that all members share, or one for each weight of the flat buffer."""
    if len(set(values)) == 1:
        return values[0]
    return trainable.spread(values)[: trainable.net.layout.weight_count]
