"""Gradients that are too long, shortened member by member."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def clip_(parts: Sequence[Tensor], most: float) -> None:
    """Shorten each member's gradient whose 2-norm is above `most`, in place.

    Parameters
    ----------
    parts : the gradient, cut into (P, ., .) with the members first

    Notes
    -----
    Each is multiplied with most / (norm + 1e-6) where that is less than 1, as by
    `torch.nn.utils.clip_grad_norm_`.
    """
    norms = torch.stack([torch.linalg.vector_norm(part, dim=(1, 2)) for part in parts])
    share = (most / (torch.linalg.vector_norm(norms, dim=0) + 1e-6)).clamp(max=1)  # (P,)
    for part in parts:
        part.mul_(share[:, None, None])
