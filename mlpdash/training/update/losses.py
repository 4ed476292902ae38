"""The losses, each with its derivative by the outputs.

Shapes: P members, B rows in the batch, K outputs. A loss is a sum over rows and outputs of what
each contributes times that row's share; shares are 1 / B, or the row's weight over the batch's
sum of weights, and where a loss is a mean over the outputs, divided by K.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from torch import Tensor


class Shares(NamedTuple):
    """What each row counts: `rows` is () or (P, B, 1); `twice` is two times that."""

    rows: Tensor
    twice: Tensor


def shares(loss: str, like: Tensor, weight: Tensor | None = None) -> Shares:
    """Return the shares of a batch's rows.

    Parameters
    ----------
    like : (P, B, K) the outputs, for B, K and the type
    weight : (P, B, 1) weights of the rows; by default all count the same
    """
    kind, (_members, batch, outputs) = LOSSES[loss], like.shape
    each = 1 / outputs if kind.mean_over_outputs else 1.0
    if weight is None:
        rows = like.new_tensor(each if kind.sum_over_rows else each / batch)
    elif kind.sum_over_rows:
        rows = weight * each
    else:
        rows = weight * (each / weight.sum(1, keepdim=True).clamp_min(1e-30))
    return Shares(rows, 2 * rows)


def cross_entropy(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """-log softmax(v)[class], y one-hot; its derivative is softmax(v) - y.

    v and y (P, B, K); delta (P, B, K) is overwritten; returns (P,), as all losses here.
    """
    log_p = torch.log_softmax(v, -1)
    torch.exp(log_p, out=delta).sub_(y).mul_(share.rows)
    return _total(log_p, y, share.rows).neg_()


def cross_entropy_after_softmax(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """-log softmax(p)[class], p = softmax(v): the softmax that cross-entropy holds, taken twice.

    With q = softmax(p) its derivative by p is d = q - y, and by v it is p (d - sum p d). It is
    never less than log(1 + (K - 1) / e), and where a net is surely wrong its derivative vanishes.
    """
    p = torch.softmax(v, -1)
    value = cross_entropy(p, y, delta, share)  # delta = d
    delta.sub_((p * delta).sum(-1, keepdim=True)).mul_(p)
    return value


def squared_error(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """(v - y)^2; its derivative is 2 (v - y)."""
    torch.sub(v, y, out=delta)
    value = _total(delta, delta, share.rows)
    delta.mul_(share.twice)
    return value


def absolute_error(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """|v - y|; its derivative is the sign, 0 at 0."""
    difference = v - y
    torch.sign(difference, out=delta)
    value = _total(difference, delta, share.rows)
    delta.mul_(share.rows)
    return value


def huber(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """d^2 / 2 up to |d| = 1, |d| - 1/2 beyond, d = v - y; its derivative is d cut to [-1, 1]."""
    difference = v - y
    torch.clamp(difference, -1, 1, out=delta)
    value = _total(delta, difference - delta / 2, share.rows)
    delta.mul_(share.rows)
    return value


def binary_cross_entropy(v: Tensor, y: Tensor, delta: Tensor, share: Shares) -> Tensor:
    """log(1 + exp(v)) - y v for each label; its derivative is sigmoid(v) - y."""
    each = torch.nn.functional.softplus(v).sub_(y * v)
    torch.sigmoid(v, out=delta).sub_(y).mul_(share.rows)
    return each.mul_(share.rows).sum((1, 2))


def _total(a: Tensor, b: Tensor, rows: Tensor) -> Tensor:
    """Sum a b over rows and outputs, each row times its share: (P,)."""
    if rows.dim():
        b = b * rows
    total: Tensor = torch.linalg.vecdot(a.flatten(1), b.flatten(1))
    return total if rows.dim() else total.mul_(rows)


@dataclass(frozen=True)
class Loss:
    """A loss: what fills delta and returns the value, and what it averages over."""

    value_and_delta: Callable[[Tensor, Tensor, Tensor, Shares], Tensor]
    mean_over_outputs: bool = True
    sum_over_rows: bool = False


LOSSES: Final[dict[str, Loss]] = {
    "cross_entropy": Loss(cross_entropy, mean_over_outputs=False),
    "cross_entropy_after_softmax": Loss(cross_entropy_after_softmax, mean_over_outputs=False),
    "binary_cross_entropy": Loss(binary_cross_entropy),
    "squared_error": Loss(squared_error),
    "squared_error_sum": Loss(squared_error, mean_over_outputs=False, sum_over_rows=True),
    "absolute_error": Loss(absolute_error),
    "huber": Loss(huber),
}
