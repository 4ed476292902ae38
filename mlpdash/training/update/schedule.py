"""How the learning rate changes with the epochs. Torch-free."""

from __future__ import annotations

import math

from mlpdash.specs import TrainSpec


def is_constant(spec: TrainSpec) -> bool:
    """Tell whether neither a schedule nor a warm-up changes the learning rate."""
    return spec.schedule == "constant" and not spec.warmup


def factor(spec: TrainSpec, epoch: int, epochs: int | None) -> float:
    """Return what the learning rate is multiplied with in an epoch.

    Parameters
    ----------
    epoch : how many epochs are completed
    epochs : how many there are to be; where epochs are added to a run, half a cosine stretches to
        the new last one

    Notes
    -----
    Step, cosine and warm-up are torch's StepLR, CosineAnnealingLR with T_max = epochs, and LinearLR
    with start_factor = 1 / (warmup + 1) and total_iters = warmup, multiplied.
    """
    found = min(1.0, (epoch + 1) / (spec.warmup + 1))
    if spec.schedule == "step":
        found *= spec.step_factor ** (epoch // spec.step_epochs)
    elif spec.schedule == "cosine" and epochs:
        found *= (1 + math.cos(math.pi * min(epoch, epochs) / epochs)) / 2
    return found
