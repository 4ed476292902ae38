"""Changes made to a running net, as part of its record. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

SWAPPED: Final = ("activation", "activations", "optimizer")  # these decide which tensors there are

ANSWERING: Final = (
    "activation",
    "activations",
    "weight",
    "bias",
)  # these change what a net answers


@dataclass(frozen=True)
class Event:
    """A change made before the step after `step` was taken: from then on `field` has `value`."""

    step: int
    field: str
    value: Any
