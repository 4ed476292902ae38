"""The activations, each with its derivative.

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

_aten = torch.ops.aten
LEAK: Final = 0.01  # slope of leaky ReLU below 0, as torch's
PRELU_START: Final = 0.25  # slope of an untrained PReLU, as torch's
SELU: Final = (1.6732632423543772, 1.0507009873554805)  # alpha, scale (Klambauer et al. 2017)


@dataclass(frozen=True)
class Activation:
    """An activation f but for PReLU, whose slope is a parameter.

    Attributes
    ----------
    apply : z -> h = f(z); z may be overwritten
    backward_ : (g, kept) turns g into g f'(z); kept is h, or z where `into` is there
    into : (z, out=h) writes f(z) into h and leaves z, which the derivative needs
    """

    apply: Callable[[Tensor], Tensor]
    backward_: Callable[[Tensor, Tensor], object]
    into: Callable[..., object] | None = None


def _elu_backward(alpha: float, scale: float, g: Tensor, h: Tensor) -> object:
    return _aten.elu_backward.grad_input(g, alpha, scale, 1, True, h, grad_input=g)


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
    "leaky_relu": Activation(
        functools.partial(torch.nn.functional.leaky_relu_, negative_slope=LEAK),
        lambda g, h: _aten.leaky_relu_backward.grad_input(g, h, LEAK, True, grad_input=g),
    ),
    "elu": Activation(
        torch.nn.functional.elu_,
        functools.partial(_elu_backward, 1.0, 1.0),  # g where h > 0, else g (h + 1)
    ),
    "selu": Activation(
        torch.selu_,
        functools.partial(_elu_backward, *SELU),  # g scale where h > 0, else g (h + alpha scale)
    ),
    "gelu": Activation(
        torch.nn.functional.gelu,
        lambda g, z: _aten.gelu_backward.grad_input(g, z, grad_input=g),
        _aten.gelu.out,
    ),
    "silu": Activation(
        torch.nn.functional.silu,
        lambda g, z: _aten.silu_backward.grad_input(g, z, grad_input=g),
        _aten.silu.out,
    ),
    "softplus": Activation(
        torch.nn.functional.softplus,
        lambda g, z: _aten.softplus_backward.grad_input(g, z, 1, 20, grad_input=g),  # g sigmoid(z)
        _aten.softplus.out,
    ),
}


def prelu(slope: Tensor, z: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Return z where z > 0, else slope z; slope (P, 1, 1), z (P, B, width)."""
    return torch.where(z > 0, z, slope * z, out=out)


def prelu_backward_(slope: Tensor, slope_gradient: Tensor, g: Tensor, z: Tensor) -> None:
    """Turn g into g f'(z), and sum what moves the slope, g z where z < 0, over rows and neurons."""
    torch.sum(g * z.clamp(max=0), (1, 2), keepdim=True, out=slope_gradient)
    g.mul_(torch.where(z > 0, 1, slope))
