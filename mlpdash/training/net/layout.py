"""Where the parameters of P nets of one shape lie in their flat buffer.

First the weights of all layers, so that L2 can reach them and spare the rest, then the biases of
all layers, then the slope of each PReLU layer; within each part member by member.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from mlpdash.specs import ACTIVATIONS
from mlpdash.training.net.activations import PRELU_START
from mlpdash.training.net.size import parameters_of


class Views(NamedTuple):
    """The parts of a flat buffer, or where nets have no biases, zeros in their place."""

    weights: tuple[Tensor, ...]  # per layer (P, out, in)
    biases: tuple[Tensor, ...]  # per layer (P, 1, out)
    slopes: tuple[Tensor | None, ...]  # per hidden layer (P, 1, 1), where it is PReLU


@dataclass(frozen=True)
class Layout:
    """The shape that P nets share.

    Attributes
    ----------
    sizes : widths of all layers, inputs and outputs included
    activations : of each hidden layer, names of `ModelSpec.activation`
    members : how many nets, P
    bias : whether they have biases
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    members: int
    bias: bool = True

    @property
    def parameters(self) -> int:
        """How many parameters all nets have together."""
        return self.members * parameters_of(self.sizes, self.activations, self.bias)

    @property
    def weight_count(self) -> int:
        """How many entries at the start of the buffer are weights."""
        return self.members * sum(m * n for m, n in pairwise(self.sizes))

    def views(self, flat: Tensor) -> Views:
        """Cut a flat buffer (parameters,) into its parts."""
        p, start = self.members, 0

        def cut(*shape: int) -> Tensor:
            nonlocal start
            part = flat[start : start + torch.Size(shape).numel()].view(shape)
            start += part.numel()
            return part

        weights = tuple(cut(p, n, m) for m, n in pairwise(self.sizes))
        if self.bias:
            biases = tuple(cut(p, 1, n) for n in self.sizes[1:])
        else:
            biases = tuple(flat.new_zeros(p, 1, n) for n in self.sizes[1:])
        sloped = (ACTIVATIONS[name].has_slope for name in self.activations)
        slopes = tuple(cut(p, 1, 1) if has_slope else None for has_slope in sloped)
        return Views(weights, biases, slopes)

    def parts(self, flat: Tensor) -> list[Tensor]:
        """Return the parts of a flat buffer alone, each with the members first."""
        weights, biases, slopes = self.views(flat)
        own = biases if self.bias else ()
        return [*weights, *own, *(slope for slope in slopes if slope is not None)]

    def spread(self, values: Tensor, like: Tensor) -> Tensor:
        """Give each member's entries of a buffer like `like` that member's value; values (P,)."""
        flat = torch.empty_like(like)
        for part in self.parts(flat):
            part.copy_(values.to(flat).view(-1, 1, 1).expand_as(part))
        return flat


def layout_of(
    sizes: Sequence[int], activations: str | Sequence[str], members: int, *, bias: bool = True
) -> Layout:
    """Return a layout; one activation's name is that of all hidden layers."""
    if isinstance(activations, str):
        activations = (activations,) * (len(sizes) - 2)
    return Layout(tuple(sizes), tuple(activations), members, bias)


def moved(flat: Tensor, before: Layout, after: Layout) -> Tensor:
    """Return a flat buffer in another layout; a new PReLU starts with the slope it always does."""
    found = flat.new_full((after.parameters,), PRELU_START)
    old, new = before.views(flat), after.views(found)
    for source, target in zip(sum(old, ()), sum(new, ()), strict=True):
        if source is not None and target is not None:
            target.copy_(source)
    return found
