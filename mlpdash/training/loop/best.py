"""The measures by which the best weights can be chosen, instead of by the loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from mlpdash.training.loop.evaluate import Numbers
from mlpdash.training.loop.feed import Rows
from mlpdash.training.net.model import Population


@torch.inference_mode()
def measured(net: Population, rows: Rows, scale: Tensor, name: str) -> Numbers:
    """Return a measure of each member on rows, (P,), signed so that less is better.

    Parameters
    ----------
    rows : of which y are class codes, or values in the units of training
    scale : (K,) units of the target per unit of training
    name : a value of `TrainSpec.best_by` other than loss
    """
    v = net.forward(rows.x).double()  # (P, rows, K)
    weight = v.new_ones(1, len(rows)) if rows.weight is None else rows.weight.double()
    weight = weight if weight.dim() == 2 else weight[None]
    share = (weight / weight.sum(1, keepdim=True)).expand(v.shape[:2])  # (P, rows)
    if name in OF_CLASSES:
        found = OF_CLASSES[name](v, rows.y.expand(v.shape[:2]), share)
    else:
        y = rows.y.double()
        found = OF_NUMBERS[name](v, y if y.dim() == 3 else y[None], share[..., None], scale)
    return found.cpu().numpy()


def _accuracy(v: Tensor, y: Tensor, share: Tensor) -> Tensor:
    return -((v.argmax(-1) == y) * share).sum(1)


def _log_loss(v: Tensor, y: Tensor, share: Tensor) -> Tensor:
    own = torch.log_softmax(v, -1).gather(-1, y.unsqueeze(-1)).squeeze(-1)
    return -(own * share).sum(1)


def _counts(v: Tensor, y: Tensor, share: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the weight of each class's hits, rows, and predictions, (P, K) each."""
    actual = one_hot(y, v.shape[-1]) * share[..., None]
    said = one_hot(v.argmax(-1), v.shape[-1])
    return (actual * said).sum(1), actual.sum(1), (said * share[..., None]).sum(1)


def _balanced_accuracy(v: Tensor, y: Tensor, share: Tensor) -> Tensor:
    """Return the mean recall of the classes that have rows, as scikit-learn does."""
    hits, actual, _said = _counts(v, y, share)
    has_rows = actual > 0
    return -(hits / actual.clamp_min(1e-300)).sum(1) / has_rows.sum(1)


def _macro_f1(v: Tensor, y: Tensor, share: Tensor) -> Tensor:
    """Return the mean F1 of the classes that have rows or predictions, as scikit-learn does."""
    hits, actual, said = _counts(v, y, share)
    both = actual + said
    return -(2 * hits / both.clamp_min(1e-300)).sum(1) / (both > 0).sum(1)


def _mae(v: Tensor, y: Tensor, share: Tensor, scale: Tensor) -> Tensor:
    return (((v - y) * scale).abs() * share).sum(1).mean(1)


def _rmse(v: Tensor, y: Tensor, share: Tensor, scale: Tensor) -> Tensor:
    return (((v - y) * scale).square() * share).sum(1).mean(1).sqrt()


def _r2(v: Tensor, y: Tensor, share: Tensor, _scale: Tensor) -> Tensor:
    """Return R2, the mean over the outputs; of one that is constant the squared error instead."""
    error = ((v - y).square() * share).sum(1)  # (P, K)
    mean = (y * share).sum(1, keepdim=True)
    spread = ((y - mean).square() * share).sum(1)
    return torch.where(spread > 0, error / spread.clamp_min(1e-300) - 1, error).mean(1)


OfClasses = Callable[[Tensor, Tensor, Tensor], Tensor]
OfNumbers = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
OF_CLASSES: Final[dict[str, OfClasses]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "macro_f1": _macro_f1,
    "log_loss": _log_loss,
}
OF_NUMBERS: Final[dict[str, OfNumbers]] = {"mae": _mae, "rmse": _rmse, "r2": _r2}
