"""The gradient of the loss, in closed form: the chain rule, read from the last layer to the first.

Shapes: P members, B rows in the batch, K outputs. All results go into buffers made once for a
batch size, so that a step allocates next to nothing. Autograd is the oracle of the tests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from mlpdash.training.net.activations import PASSES, prelu, prelu_backward_
from mlpdash.training.net.model import Population
from mlpdash.training.update.losses import LOSSES, Shares, shares


@dataclass(frozen=True)
class Gradient:
    """Where the gradient goes: one flat buffer laid out as the parameters, and its views.

    Of nets without biases, that of the biases goes into buffers of its own, and nowhere from there.
    """

    flat: Tensor
    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]
    slopes: tuple[Tensor | None, ...]


def gradient_for(net: Population) -> Gradient:
    """Return a zero gradient of the shape of `net`."""
    flat = torch.zeros_like(net.flat)
    return Gradient(flat, *net.layout.views(flat))


class Layer(NamedTuple):
    """One layer's parameters, and its buffers for one batch size; `out` is its width."""

    weight: Tensor  # (P, out, in)
    weight_t: Tensor  # (P, in, out), the same numbers
    bias: Tensor  # (P, 1, out)
    total: Tensor  # (P, B, out)  z = h W^T + b; `output` itself where f overwrites it
    activate: Callable[[Tensor], object]  # z -> h = f(z), in `output`
    output: Tensor  # (P, B, out)  h = f(z), or z in the last layer
    kept: Tensor  # (P, B, out)  what f' is computed from: h, or z
    differentiate: Callable[[Tensor, Tensor], object]  # (d loss / d h, kept) -> times f'(z)
    delta: Tensor  # (P, B, out)  d loss / d z
    delta_t: Tensor  # (P, out, B), the same numbers
    weight_gradient: Tensor  # (P, out, in)
    bias_gradient: Tensor  # (P, 1, out)
    mask: Tensor  # (P, B or 1, out)  0 for silent neurons, else 1 or 1 / (1 - dropout)
    masked: Tensor  # (P, B, out)  h times mask; `output` itself where nothing is masked


@dataclass(frozen=True)
class Workspace:
    """What a step needs for one batch size, so that it makes nothing itself."""

    layers: tuple[Layer, ...]
    hidden: tuple[Layer, ...]  # all but the last
    backwards: tuple[tuple[Layer, Layer], ...]  # each layer and the one below, the last first
    ones: Tensor  # (P, 1, B), to sum over rows
    shares: Shares  # what each row counts where they have no weights


@dataclass(frozen=True)
class Dropout:
    """Each member's share of hidden neurons to silence, its stream, and its hidden widths."""

    shares: tuple[float, ...]
    generators: Sequence[torch.Generator]
    widths: tuple[tuple[int, ...], ...]

    def draw(self, mask: Tensor, layer: int) -> None:
        """Overwrite a mask (P, B, width): 0 with the member's share, else 1 / (1 - share).

        A member draws for the neurons it has, as it would alone; the mask is 0 beyond them.
        """
        parts = zip(mask, self.shares, self.generators, self.widths, strict=True)
        for own, share, generator, widths in parts:
            width = widths[layer]
            drawn = own if width == own.shape[1] else own.new_empty(own.shape[0], width)
            drawn.bernoulli_(1 - share, generator=generator).mul_(1 / (1 - share))
            if drawn is not own:
                own[:, :width] = drawn  # the rest is 0 since the mask was made


def workspace_for(
    net: Population, gradient: Gradient, batch: int, loss: str, dropout: Dropout | None = None
) -> Workspace:
    """Make the buffers for batches of `batch` rows."""
    layers = []
    parts = zip(net.weights, net.biases, gradient.weights, gradient.biases, strict=True)
    for i, (w, b, gw, gb) in enumerate(parts):
        output, delta, masked, mask = net.flat.new_zeros(4, net.members, batch, w.shape[1])
        hidden = i < len(net.activations)
        if not (hidden and (dropout or net.masks)):
            masked = output
        elif not dropout:
            mask = net.masks[i]
        f = _activated(net, gradient, i, output) if hidden else _linear(output)
        layers.append(Layer(w, w.mT, b, *f, delta, delta.mT, gw, gb, mask, masked))
    ones = net.flat.new_ones(net.members, 1, batch)
    backwards = tuple(zip(layers[:0:-1], layers[-2::-1], strict=True))
    share = shares(loss, layers[-1].output)
    return Workspace(tuple(layers), tuple(layers[:-1]), backwards, ones, share)


class Activated(NamedTuple):
    """How a layer's sum becomes its output, and the gradient goes back; fields as in `Layer`."""

    total: Tensor
    activate: Callable[[Tensor], object]
    output: Tensor
    kept: Tensor
    differentiate: Callable[[Tensor, Tensor], object]


def _linear(output: Tensor) -> Activated:
    """Return what the last layer does with its sum: nothing."""
    identity = PASSES["identity"]
    return Activated(output, identity.forward, output, output, identity.backward_)


def _activated(net: Population, gradient: Gradient, layer: int, output: Tensor) -> Activated:
    """Return what a hidden layer does with its sum."""
    slope, slope_gradient = net.slopes[layer], gradient.slopes[layer]
    if slope is not None and slope_gradient is not None:
        total = torch.zeros_like(output)
        back = functools.partial(prelu_backward_, slope, slope_gradient)
        forward = functools.partial(prelu, slope, out=output)
        return Activated(total, forward, output, total, back)
    f = PASSES[net.activations[layer]]
    if f.into is None:
        return Activated(output, f.forward, output, output, f.backward_)
    total = torch.zeros_like(output)
    return Activated(total, functools.partial(f.into, out=output), output, total, f.backward_)


def loss_and_gradient(
    net: Population,
    x: Tensor,
    y: Tensor,
    work: Workspace,
    gradient: Gradient,
    *,
    loss: str,
    weight: Tensor | None = None,
    weight_decay: float | Tensor = 0.0,
    l1: float | Tensor = 0.0,
    dropout: Dropout | None = None,
) -> Tensor:
    """Fill `gradient` and return the loss over the batch, penalties excluded.

    Parameters
    ----------
    x : (P, B, in)
    y : (P, B, K) one-hot classes for cross-entropy, else labels 0 and 1, or values
    work : made by `workspace_for` with the same `loss` and `dropout`
    loss : a name of `LOSSES`
    weight : (P, B, 1) weights of the rows, normalised by their sum over the batch
    weight_decay : L2; adds weight_decay * w to the gradient of each weight, not of biases; a
        number, or one for each weight in the order of the flat buffer
    l1 : adds l1 * sign(w) likewise

    Returns
    -------
    (P,) the loss of each member before the update
    """
    first, last, ones = work.layers[0], work.layers[-1], work.ones
    masking = dropout is not None or bool(net.masks)

    h = x  # (P, B, in)
    for i, layer in enumerate(work.hidden):
        torch.baddbmm(layer.bias, h, layer.weight_t, out=layer.total)  # z = h W^T + b
        layer.activate(layer.total)  # h = f(z)    (P, B, out)
        if masking:
            if dropout:
                dropout.draw(layer.mask, i)
            torch.mul(layer.output, layer.mask, out=layer.masked)
        h = layer.masked
    torch.baddbmm(last.bias, h, last.weight_t, out=last.output)  # (P, B, K)

    share = work.shares if weight is None else shares(loss, last.output, weight)
    value = LOSSES[loss].value_and_delta(last.output, y, last.delta, share)  # delta = d loss / d z

    for above, layer in work.backwards:
        torch.bmm(above.delta_t, layer.masked, out=above.weight_gradient)  # delta^T h
        torch.bmm(ones, above.delta, out=above.bias_gradient)  # delta, summed over rows
        torch.bmm(above.delta, above.weight, out=layer.delta)  # d loss / d h = delta W
        if masking:
            layer.delta.mul_(layer.mask)
        layer.differentiate(layer.delta, layer.kept)  # times f'(z)
    torch.bmm(first.delta_t, x, out=first.weight_gradient)
    torch.bmm(ones, first.delta, out=first.bias_gradient)

    for penalty, slope in ((weight_decay, _itself), (l1, torch.sign)):
        if isinstance(penalty, Tensor) or penalty:
            count = net.layout.weight_count
            weights, gradients = net.flat[:count], gradient.flat[:count]
            gradients.add_(slope(weights) * penalty)
    return value


def _itself(w: Tensor) -> Tensor:
    return w
