"""Early stopping: a consumer of the training loop that watches the validation loss."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mlpdash.training.loop.learner import Learner
from mlpdash.training.update.losses import LOSSES, shares


class Patience:
    """Each net's best validation loss, and how long it has not got better.

    A net that has lost patience keeps its best weights, whatever the others still do: it ends as it
    would alone.
    """

    def __init__(self, learner: Learner, epochs: int, tolerance: float) -> None:
        self._learner = learner
        self._epochs = epochs
        self._tolerance = tolerance
        members = len(learner.members)
        self._best = np.full(members, np.inf)
        self._waited = np.zeros(members, np.int64)
        self._kept = learner.net.flat.clone()
        y = learner.validation.y
        self._goal = y
        if not y.is_floating_point():
            outputs = learner.net.sizes[-1]
            self._goal = torch.nn.functional.one_hot(y, outputs).to(learner.net.flat)

    @property
    def is_over(self) -> bool:
        """Whether every net has lost patience."""
        return bool((self._waited >= self._epochs).all())

    def judge(self) -> NDArray[np.float64]:
        """Take the validation losses after an epoch, (P,), and keep what is best so far."""
        losses = self._losses()
        running = self._waited < self._epochs
        falling = losses < self._best - self._tolerance
        better = running & (losses < self._best)
        self._best[better] = losses[better]
        self._waited[running] = np.where(falling, 0, self._waited + 1)[running]
        self._copy(self._learner.net.flat, self._kept, better)
        return losses

    def restore_best(self) -> None:
        """Give each net its best weights back."""
        self._learner.net.flat.copy_(self._kept)

    @torch.inference_mode()
    def _losses(self) -> NDArray[np.float64]:
        rows, loss = self._learner.validation, self._learner.trainable.loss
        v = self._learner.net.forward(rows.x)  # (P, n, K)
        weight = None if rows.weight is None else rows.weight[..., None].expand(len(v), -1, 1)
        found = LOSSES[loss].value_and_delta(
            v, self._goal.expand_as(v), torch.empty_like(v), shares(loss, v, weight)
        )
        return found.double().cpu().numpy()

    def _copy(self, source: Tensor, target: Tensor, chosen: NDArray[np.bool_]) -> None:
        members = torch.from_numpy(np.flatnonzero(chosen)).to(source.device)
        layout = self._learner.net.layout
        for new, old in zip(layout.parts(source), layout.parts(target), strict=True):
            old[members] = new[members]
