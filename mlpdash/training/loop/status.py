"""Which members still learn: not those that have diverged, nor those that have stopped."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from mlpdash.training.loop.patience import Patience
from mlpdash.training.net.layout import Layout, moved
from mlpdash.training.update.trainable import Trainable


class Status:
    """Watches over P members: where numbers are lost, the last finite weights come back.

    Attributes
    ----------
    alive : (P,) bool, the members whose numbers are finite
    dead : how many have diverged
    patience : None where no member may stop or slow down
    kept : the last finite weights, and the optimiser's state with them
    still : of each parameter whether it is of a member that has diverged or stopped
    """

    def __init__(self, trainable: Trainable, patience: Patience | None) -> None:
        net = trainable.net
        self._trainable = trainable
        self.alive = torch.ones(net.members, dtype=torch.bool, device=net.flat.device)
        self.dead = 0
        self.patience = patience
        self.kept = [t.clone() for t in trainable.moving()]
        self.still: Tensor | None = None

    @property
    def all_stopped(self) -> bool:
        """Whether no member that is alive goes on."""
        return self.patience is not None and bool((self.patience.stopped | ~self.alive).all())

    # -- numbers that are not finite ------------------------------------------------------------

    def keep(self) -> None:
        """Remember these weights as the last finite ones."""
        for kept, t in zip(self.kept, self._trainable.moving(), strict=True):
            kept.copy_(t)

    def restore_kept(self) -> None:
        """Go back to the last finite weights, at the end of the last finite epoch."""
        for kept, t in zip(self.kept, self._trainable.moving(), strict=True):
            t.copy_(kept)

    def finite_weights(self) -> Tensor:
        """Return the flat buffer, with the last finite weights of members that have lost theirs."""
        trainable = self._trainable
        finite = trainable.entries_of(trainable.finite())
        return torch.where(finite, trainable.net.flat, self.kept[0])

    def freeze_diverged(self, loss_sum: Tensor, *, epoch_over: bool) -> bool:
        """Take members whose numbers are no longer finite out of training.

        Parameters
        ----------
        loss_sum : (P,) of this epoch so far
        epoch_over : look at the weights too

        Returns
        -------
        whether any member is left; if not, the last finite weights of all are back, and all can go
        on from them, whenever they diverged
        """
        if self._all_finite(loss_sum, epoch_over):
            return True
        alive = self.alive & loss_sum.isfinite()
        if epoch_over:
            alive &= self._trainable.finite()
        if not bool(alive.any()):
            self.restore_kept()
            self._revive()
            return False
        if not torch.equal(alive, self.alive):
            self.freeze(alive)
        return True

    def _revive(self) -> None:
        if self.dead:
            self.alive = torch.ones_like(self.alive)
            self.dead = 0
            self.hold()

    def _all_finite(self, loss_sum: Tensor, epoch_over: bool) -> bool:
        """Tell whether no number of any member is amiss; the sums of all are looked at first."""
        if self.dead:
            return False
        parameters = float(self._trainable.net.flat.sum()) if epoch_over else 0.0
        return math.isfinite(float(loss_sum.sum()) + parameters)

    def freeze(self, alive: Tensor) -> None:
        """Take members that are not `alive` (P,) out of training, at their last finite weights."""
        self.alive = alive
        self.dead = int((~alive).sum())
        dead = self._trainable.entries_of(~alive)
        for kept, t in zip(self.kept, self._trainable.moving(), strict=True):
            if t.shape == dead.shape:
                torch.where(dead, kept, t, out=t)
        self.hold()

    def hold(self) -> None:
        """Keep the members that have diverged or stopped where they are."""
        self._trainable.version += 1
        stopped = torch.zeros_like(self.alive) if self.patience is None else self.patience.stopped
        self.still = self._trainable.entries_of(~self.alive | stopped)

    def follow_swap(self, before: Layout) -> None:
        """Remember the weights of now, after activations or optimiser were swapped."""
        after = self._trainable.net.layout
        if self.patience is not None:
            self.patience.weights = moved(self.patience.weights, before, after)
        self.kept = [t.clone() for t in self._trainable.moving()]
        if self.still is not None:
            self.hold()

    # -- early stopping and plateaus ------------------------------------------------------------

    def rate_factors(self) -> list[float]:
        """Return what plateaus have left of each member's learning rate."""
        if self.patience is None:
            return [1.0] * len(self.alive)
        found: list[float] = self.patience.factor.tolist()
        return found

    def judge(self, epoch: int, losses: Tensor) -> bool:
        """Let members that do not improve stop, and tell whether any is to slow down.

        Parameters
        ----------
        losses : (P,) of this epoch
        """
        if self.patience is None:
            return False
        improved, stops, slows = self.patience.judge(epoch, losses, self.alive)
        flat, best = self._trainable.net.flat, self.patience.weights
        if bool(improved.any()):
            torch.where(self._trainable.entries_of(improved), flat, best, out=best)
        if bool(stops.any()):
            torch.where(self._trainable.entries_of(stops), best, flat, out=flat)
            self.keep()
            self.hold()
        return bool(slows.any())

    def wait_again(self, epoch: int) -> None:
        """Let members that have stopped go on, and wait as long again."""
        if self.patience is not None:
            self.patience.start_again(epoch)
            self.hold()

    def finish(self) -> None:
        """Go back to the best weights, where that was asked for."""
        if self.patience is not None and self.patience.stop_after is not None:
            reached = self.patience.best.isfinite() & self.alive
            flat, best = self._trainable.net.flat, self.patience.weights
            torch.where(self._trainable.entries_of(reached), best, flat, out=flat)
            self.keep()
