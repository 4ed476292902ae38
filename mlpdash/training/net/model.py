"""A population of nets of one shape, all their parameters in one flat buffer.

A net is the chain Linear -> activation -> ... -> Linear. P members train side by side: every
tensor has a leading axis P, and P = 1 is the ordinary case.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mlpdash.training.net.activations import PASSES, prelu
from mlpdash.training.net.layout import Layout

EVALUATION_NUMBERS = 2_000_000  # activations held at once when many rows are evaluated


@dataclass(frozen=True)
class Population:
    """P nets of the same shape.

    Attributes
    ----------
    layout : their shape
    flat : (parameters of all nets,) every parameter
    weights : per layer a view (P, out, in) into `flat`
    biases : per layer a view (P, 1, out) into `flat`, or zeros
    slopes : per hidden layer a view (P, 1, 1) into `flat` where it is PReLU, else None
    masks : per hidden layer (P, 1, width), 0 for neurons that a narrower member lacks; or empty
    """

    layout: Layout
    flat: Tensor
    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]
    slopes: tuple[Tensor | None, ...]
    masks: tuple[Tensor, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of all layers, inputs and outputs included."""
        return self.layout.sizes

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return self.layout.activations

    @property
    def members(self) -> int:
        """The number of nets, P."""
        return self.layout.members

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs (logits or values) for rows.

        Parameters
        ----------
        x : (rows, in), the same rows for every member; or (P, rows, in)

        Returns
        -------
        (P, rows, out)
        """
        step = max(1, EVALUATION_NUMBERS // (max(self.sizes) * self.members))
        if x.shape[-2] <= step:
            return self._forward(x)
        return torch.cat([self._forward(part) for part in torch.split(x, step, -2)], 1)

    def _forward(self, x: Tensor) -> Tensor:
        h = x.expand(self.members, -1, -1)  # (P, rows, in)
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            h = torch.baddbmm(b, h, w.mT)  # (P, rows, out)
            if layer < len(self.activations):
                h = self._activated(layer, h, self.slopes[layer])
                if self.masks:
                    h.mul_(self.masks[layer])
        return h

    def _activated(self, layer: int, z: Tensor, slope: Tensor | None) -> Tensor:
        return PASSES[self.activations[layer]].forward(z) if slope is None else prelu(slope, z)

    def layers(self, x: Tensor, member: int) -> list[Tensor]:
        """Return what each layer of one net gives for rows, the outputs last.

        Parameters
        ----------
        x : (rows, in), few enough to be held at once

        Returns
        -------
        per layer (rows, width)
        """
        h, found = x, []  # (rows, in)
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            h = torch.addmm(b[member], h, w[member].mT)  # (rows, out)
            if layer < len(self.activations):
                slope = self.slopes[layer]
                h = self._activated(layer, h, None if slope is None else slope[member, 0])
                if self.masks:
                    h = h * self.masks[layer][member]
            found.append(h)
        return found


def population_in(flat: Tensor, layout: Layout, masks: tuple[Tensor, ...] = ()) -> Population:
    """Return the nets whose parameters lie in a flat buffer (`layout.parameters`,)."""
    return Population(layout, flat, *layout.views(flat), masks)
