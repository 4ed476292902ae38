"""The activations of `specs.activations` as a step computes them.

Most have a derivative that their own output tells: a layer then keeps one buffer, in which the sum
is overwritten by the output, and the gradient by the gradient before the activation. The others
keep the sum beside the output.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from mlpdash.specs.activations import ACTIVATIONS, Activation

PRELU_START: Final = 0.25  # slope of an untrained PReLU, as torch's


@dataclass(frozen=True)
class Passes:
    """The forward and the backward pass of an activation f.

    Attributes
    ----------
    forward : z -> h = f(z); z may be overwritten
    backward_ : (g, kept) turns g into g f'(z); kept is h, or z where `into` is there
    into : (z, out=h) writes f(z) into h and leaves z, which the derivative needs
    """

    forward: Callable[[Tensor], Tensor]
    backward_: Callable[[Tensor, Tensor], object]
    into: Callable[..., object] | None = None


def _passes(f: Activation) -> Passes | None:
    """Return the passes that torch has for an activation; None where a slope is learned."""
    if f.backward is None:
        return None
    backward_ = functools.partial(f.backward, torch.ops.aten)
    if not f.function:
        return Passes(lambda z: z, backward_)
    where, _, name = f.function.rpartition(".")
    place = {"torch": torch, "functional": functional}[where]
    if not f.from_sum:
        return Passes(getattr(place, f"{name}_"), backward_)
    forward = getattr(place, name)
    operator = getattr(torch.ops.aten, name, None)
    into = getattr(operator, "out", None) or functools.partial(_copied, forward)
    return Passes(forward, backward_, into)


def _copied(forward: Callable[[Tensor], Tensor], z: Tensor, *, out: Tensor) -> object:
    return out.copy_(forward(z))


PASSES: Final = {name: made for name, f in ACTIVATIONS.items() if (made := _passes(f)) is not None}


def prelu(slope: Tensor, z: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Return z where z > 0, else slope z; slope (P, 1, 1), z (P, B, width)."""
    return torch.where(z > 0, z, slope * z, out=out)


def prelu_backward_(slope: Tensor, slope_gradient: Tensor, g: Tensor, z: Tensor) -> None:
    """Turn g into g f'(z), and sum what moves the slope, g z where z < 0, over rows and neurons."""
    torch.sum(g * z.clamp(max=0), (1, 2), keepdim=True, out=slope_gradient)
    g.mul_(torch.where(z > 0, 1, slope))
