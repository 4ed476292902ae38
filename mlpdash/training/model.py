"""A population of nets of one shape, all their parameters in one flat buffer.

A net is the chain Linear -> activation -> ... -> Linear. P members train side by side: every
tensor has a leading axis P, and P = 1 is the ordinary case. The flat buffer holds the weights of
all layers, then the biases of all layers, so that L2 can reach the weights and spare the biases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from mlpdash.training.activations import ACTIVATIONS

EVALUATION_NUMBERS = 2_000_000  # activations held at once when many rows are evaluated


@dataclass(frozen=True)
class Population:
    """P nets of the same shape.

    Attributes
    ----------
    sizes : widths of all layers, inputs and outputs included
    activation : a name of `ModelSpec.activation`
    flat : (P * parameters,) every parameter
    weights : per layer a view (P, out, in) into `flat`
    biases : per layer a view (P, 1, out) into `flat`
    masks : per hidden layer (P, 1, width), 0 for neurons that a narrower member lacks; or empty
    """

    sizes: tuple[int, ...]
    activation: str
    flat: Tensor
    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]
    masks: tuple[Tensor, ...] = ()

    @property
    def members(self) -> int:
        """The number of nets, P."""
        return self.biases[0].shape[0]

    @property
    def weight_count(self) -> int:
        """How many entries at the start of `flat` are weights."""
        return sum(w.numel() for w in self.weights)

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs (logits or values) for rows.

        Parameters
        ----------
        x : (rows, in), the same rows for every member

        Returns
        -------
        (P, rows, out)
        """
        step = max(1, EVALUATION_NUMBERS // (max(self.sizes) * self.members))
        if x.shape[0] <= step:
            return self._forward(x)
        return torch.cat([self._forward(part) for part in torch.split(x, step)], 1)

    def _forward(self, x: Tensor) -> Tensor:
        activate = ACTIVATIONS[self.activation].forward_
        h = x.expand(self.members, *x.shape)  # (P, rows, in)
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            h = torch.baddbmm(b, h, w.mT)  # (P, rows, out)
            if layer < len(self.weights) - 1:
                activate(h)
                if self.masks:
                    h.mul_(self.masks[layer])
        return h


def views(
    flat: Tensor, sizes: Sequence[int], members: int
) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Cut a flat buffer (P * parameters,) into weights (P, out, in) and biases (P, 1, out)."""
    weights, biases, start = [], [], 0
    for m, n in pairwise(sizes):
        weights.append(flat[start : start + members * n * m].view(members, n, m))
        start += members * n * m
    for n in sizes[1:]:
        biases.append(flat[start : start + members * n].view(members, 1, n))
        start += members * n
    return tuple(weights), tuple(biases)


def build(
    sizes: Sequence[int],
    activation: str,
    seeds: Sequence[int],
    *,
    widths: Sequence[Sequence[int]] | None = None,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Population:
    """Make one net for each seed, with the initial weights that `torch.nn.Linear` draws.

    Both weights and biases come from U(-1/sqrt(in), 1/sqrt(in)), in the order in which
    `torch.manual_seed(seed); nn.Sequential(nn.Linear(...), ...)` draws them, and on the CPU, so
    that a seed means the same net on every device.

    Parameters
    ----------
    sizes : widths of all layers, inputs and outputs included
    widths : each member's own hidden widths, up to those of `sizes`; the weights beyond are 0, and
        stay so as long as the outputs of the neurons beyond are masked
    """
    members = len(seeds)
    flat = torch.zeros(members * sum((m + 1) * n for m, n in pairwise(sizes)))
    weights, biases = views(flat, sizes, members)
    for member, seed in enumerate(seeds):
        own = (sizes[0], *widths[member], sizes[-1]) if widths else sizes
        generator = torch.Generator().manual_seed(seed)
        for w, b, (m, n) in zip(weights, biases, pairwise(own), strict=True):
            bound = m**-0.5
            w[member, :n, :m] = torch.empty(n, m).uniform_(-bound, bound, generator=generator)
            b[member, 0, :n] = torch.empty(n).uniform_(-bound, bound, generator=generator)
    flat = flat.to(device=device, dtype=dtype)
    masks = _masks(sizes, widths, flat) if widths else ()
    return Population(tuple(sizes), activation, flat, *views(flat, sizes, members), masks)


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
