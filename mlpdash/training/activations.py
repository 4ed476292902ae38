"""The activations, each with its derivative.

Every one here has a derivative that its own output tells, so that a layer keeps one buffer: the
sum is overwritten by the output, and the gradient by the gradient before the activation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

_aten = torch.ops.aten


@dataclass(frozen=True)
class Activation:
    """`forward_(z)` turns z into h = f(z) in place; `backward_(g, h)` turns g into g f'(z)."""

    forward_: Callable[[Tensor], object]
    backward_: Callable[[Tensor, Tensor], object]


ACTIVATIONS: Final[dict[str, Activation]] = {
    "relu": Activation(
        torch.relu_,
        lambda g, h: _aten.threshold_backward.grad_input(g, h, 0, grad_input=g),  # g where h > 0
    ),
    "tanh": Activation(
        torch.tanh_,
        lambda g, h: _aten.tanh_backward.grad_input(g, h, grad_input=g),  # g (1 - h^2)
    ),
    "sigmoid": Activation(
        torch.sigmoid_,
        lambda g, h: _aten.sigmoid_backward.grad_input(g, h, grad_input=g),  # g h (1 - h)
    ),
    "identity": Activation(lambda z: z, lambda g, h: g),
}
