"""What happens when a net stops improving: it stops, or its learning rate is halved.

Each member is judged by its own validation loss (its training loss where nothing is held out), at
epochs that its choices fix.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mlpdash.training.net.model import Population


@dataclass
class Patience:
    """How long members may go without improving, and what they were at their best.

    Attributes
    ----------
    stop_after : epochs without improvement after which a member stops, at its best weights
    halve_after : epochs without improvement after which a member's learning rate is halved
    best : (P,) lowest loss so far
    best_epoch : (P,) when that was
    lowered_epoch : (P,) when the rate was last halved
    factor : (P,) what is left of the learning rate
    stopped : (P,) bool
    weights : (P * parameters,) the weights at the best loss
    """

    stop_after: int | None
    halve_after: int | None
    best: Tensor
    best_epoch: Tensor
    lowered_epoch: Tensor
    factor: Tensor
    stopped: Tensor
    weights: Tensor

    def judge(self, epoch: int, losses: Tensor, alive: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take the losses (P,) of an epoch, and return who improved, who stops, who slows, (P,)."""
        judged = alive & ~self.stopped
        improved = judged & (losses < self.best)
        self.best = torch.where(improved, losses, self.best)
        self.best_epoch[improved] = epoch
        stops = slows = torch.zeros_like(judged)
        if self.stop_after is not None:
            stops = judged & (epoch - self.best_epoch >= self.stop_after)
            self.stopped |= stops
        if self.halve_after is not None:
            since = torch.maximum(self.best_epoch, self.lowered_epoch)
            slows = judged & ~stops & (epoch - since >= self.halve_after)
            self.lowered_epoch[slows] = epoch
            self.factor[slows] /= 2
        return improved, stops, slows

    def start_again(self, epoch: int) -> None:
        """Give members that have stopped as long again."""
        self.stopped.zero_()
        self.best_epoch.fill_(epoch)
        self.lowered_epoch.fill_(epoch)

    def tensors(self) -> dict[str, Tensor]:
        """Return all that a snapshot has to hold."""
        names = ("best", "best_epoch", "lowered_epoch", "factor", "stopped", "weights")
        return {f"patience.{name}": getattr(self, name) for name in names}


def patience_for(
    stop_after: int | None, halve_after: int | None, net: Population
) -> Patience | None:
    """Start with nothing reached yet; None where nets may neither stop nor slow down."""
    if stop_after is None and halve_after is None:
        return None
    flat, members = net.flat, net.members
    return Patience(
        stop_after,
        halve_after,
        best=flat.new_full((members,), torch.inf, dtype=torch.float64),
        best_epoch=torch.zeros(members, dtype=torch.int64, device=flat.device),
        lowered_epoch=torch.zeros(members, dtype=torch.int64, device=flat.device),
        factor=torch.ones(members, dtype=torch.float64, device=flat.device),
        stopped=torch.zeros(members, dtype=torch.bool, device=flat.device),
        weights=flat.clone(),
    )
