"""What nets start from: their initial weights, as torch draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor

from mlpdash.training.net.activations import PRELU_START
from mlpdash.training.net.layout import layout_of
from mlpdash.training.net.model import Population, population_in

Draw = Callable[[Tensor, Tensor, torch.Generator], object]
NORMAL_DEVIATION: Final = 0.1


def _torch(w: Tensor, b: Tensor, generator: torch.Generator) -> None:
    """Draw weight (out, in) and bias (out,) from U(-1/sqrt(in), 1/sqrt(in)), as nn.Linear does."""
    bound = w.shape[1] ** -0.5
    w.uniform_(-bound, bound, generator=generator)
    b.uniform_(-bound, bound, generator=generator)


INITS: Final[dict[str, Draw]] = {  # all but torch's leave the biases at 0
    "torch": _torch,
    "xavier": lambda w, _b, g: torch.nn.init.xavier_uniform_(w, generator=g),
    "he": lambda w, _b, g: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=g),
    "normal": lambda w, _b, g: torch.nn.init.normal_(w, 0, NORMAL_DEVIATION, generator=g),
    "zeros": lambda _w, _b, _g: None,
}


def build(
    sizes: Sequence[int],
    activations: str | Sequence[str],
    seeds: Sequence[int],
    *,
    init: str = "torch",
    bias: bool = True,
    widths: Sequence[Sequence[int]] | None = None,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Population:
    """Make one untrained net for each seed.

    Layers are drawn in their order, as torch draws them after `torch.manual_seed(seed)`, and on the
    CPU, so that a seed means the same net on every device.

    Parameters
    ----------
    sizes : widths of all layers, inputs and outputs included
    activations : of each hidden layer, or one for all
    init : a name of `INITS`
    bias : whether there are biases; without them, none are drawn
    widths : each member's own hidden widths, up to those of `sizes`; the weights beyond are 0, and
        stay so as long as the outputs of the neurons beyond are masked
    """
    layout = layout_of(sizes, activations, len(seeds), bias=bias)
    flat = torch.zeros(layout.parameters)
    net = population_in(flat, layout)
    for member, seed in enumerate(seeds):
        own = (sizes[0], *widths[member], sizes[-1]) if widths else sizes
        generator = torch.Generator().manual_seed(seed)
        for w, b, (m, n) in zip(net.weights, net.biases, pairwise(own), strict=True):
            weight, offset = torch.zeros(n, m), torch.zeros(n if bias else 0)
            INITS[init](weight, offset, generator)
            w[member, :n, :m] = weight
            if bias:
                b[member, 0, :n] = offset
    for slope in net.slopes:
        if slope is not None:
            slope.fill_(PRELU_START)
    flat = flat.to(device=device, dtype=dtype)
    return population_in(flat, layout, _masks(sizes, widths, flat) if widths else ())


def _masks(
    sizes: Sequence[int], widths: Sequence[Sequence[int]], like: Tensor
) -> tuple[Tensor, ...]:
    """Return the masks of the hidden layers, or () where every member is as wide as the layers."""
    if all(tuple(own) == tuple(sizes[1:-1]) for own in widths):
        return ()
    masks = []
    for layer, most in enumerate(sizes[1:-1]):
        own = torch.tensor([w[layer] for w in widths])[:, None, None]  # (P, 1, 1)
        masks.append((torch.arange(most) < own).to(like))
    return tuple(masks)
