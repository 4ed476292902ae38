"""The optimiser's step over all nets, put together of only what is needed now."""

from __future__ import annotations

import functools
from collections.abc import Callable

import torch
from torch import Tensor

from mlpdash.specs import OPTIMIZERS
from mlpdash.training.update.clipping import clip_
from mlpdash.training.update.optimizers import bare_step
from mlpdash.training.update.rates import Penalties, Rates, per_weight
from mlpdash.training.update.trainable import Trainable

Step = Callable[[], object]


def stepper(
    trainable: Trainable,
    rates: Rates,
    penalties: Penalties,
    still: Tensor | None = None,
    kept: Tensor | None = None,
) -> Step:
    """Return what takes the optimiser's step on the gradient of now.

    Parameters
    ----------
    still, kept : of each parameter whether it stays, and what it stays at
    """
    spec, net = trainable.spec, trainable.net
    step = bare_step(trainable.optimizer)
    if spec.clip is not None:
        flat = trainable.gradient.flat
        parts = [flat.view(1, 1, -1)] if net.members == 1 else net.layout.parts(flat)
        step = _after(step, functools.partial(clip_, parts, spec.clip))
    if OPTIMIZERS[spec.optimizer].l2_in_step and any(penalties.weight_decays):
        step = _after(step, _shrinking(trainable, rates, penalties))
    if rates.scales is not None and rates.before is not None:
        step = functools.partial(_scaled, step, net.flat, rates.before, rates.scales)
    if still is not None and kept is not None:
        step = _after(functools.partial(torch.where, still, kept, net.flat, out=net.flat), step)
    return step


def _shrinking(trainable: Trainable, rates: Rates, penalties: Penalties) -> Step:
    """Return what multiplies the weights with 1 - learning rate * L2 (Loshchilov, Hutter 2019).

    Where rates differ, the step is scaled by them after it: it shrinks by L2 alone.
    """
    own = zip(rates.now, penalties.weight_decays, strict=True)
    left = [1 - (1 if rates.scales is not None else rate) * decay for rate, decay in own]
    weights = trainable.net.flat[: trainable.net.layout.weight_count]
    return functools.partial(weights.mul_, per_weight(trainable, left))


def _scaled(step: Step, flat: Tensor, before: Tensor, scales: Tensor) -> None:
    """Take a step made at a rate of 1, scaled to each member's own."""
    before.copy_(flat)
    step()
    flat.sub_(before).mul_(scales).add_(before)


def _after(step: Step, first: Step) -> Step:
    """Return a step that does something else first."""

    def both() -> None:
        first()
        step()

    return both
