"""Random streams, one for each purpose and member: one choice leaves the others' draws alone."""

from __future__ import annotations

import numpy as np
import torch


def stream(seed: int, purpose: int, device: torch.device | str) -> torch.Generator:
    """Return a generator for one purpose of one member (1: order of the rows, 2: dropout)."""
    drawn = int(np.random.SeedSequence([seed, purpose]).generate_state(1, np.uint64)[0])
    return torch.Generator(device=device).manual_seed(drawn % (2**63))
