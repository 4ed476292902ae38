"""How large a net is, by arithmetic alone: nothing is allocated and torch is not imported.

A test holds these counts against `torch.nn.Sequential` on the `meta` device.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from mlpdash.errors import DeviceError
from mlpdash.specs import ACTIVATIONS, OPTIMIZERS
from mlpdash.text import _

FLOAT_BYTES: Final = 4


@dataclass(frozen=True)
class Size:
    """Counts of a net: `parameters`, and `bytes` that training it takes at the least.

    The bytes are the weights, their gradient, the optimiser's state, the copy of the last finite
    weights, and the activations and their gradients for one batch.
    """

    parameters: int
    bytes: int


def layer_sizes(width: int, hidden: Sequence[int], outputs: int) -> tuple[int, ...]:
    """Return the widths of all layers, inputs and outputs included."""
    return (width, *hidden, outputs)


def parameters_of(sizes: Sequence[int], activations: Sequence[str] = (), bias: bool = True) -> int:
    """Count one net's parameters: weights, biases, and a slope for each layer of PReLU.

    >>> parameters_of((2, 4, 1), ("prelu",)), parameters_of((2, 4, 1), bias=False)
    (18, 12)
    """
    slopes = sum(ACTIVATIONS[name].has_slope for name in activations)
    return sum((m + bias) * n for m, n in pairwise(sizes)) + slopes


def size_of(
    sizes: Sequence[int],
    optimizer: str,
    batch: int,
    nets: int = 1,
    *,
    activations: Sequence[str] = (),
    bias: bool = True,
) -> Size:
    """Count chains of linear layers that train side by side.

    Parameters
    ----------
    sizes : widths of all layers, inputs and outputs included
    optimizer : a name of `TrainSpec.optimizer`
    batch : rows per step
    nets : how many there are
    activations : of each hidden layer, `ModelSpec.layer_activations`
    bias : whether there are biases
    """
    parameters = nets * parameters_of(sizes, activations, bias)
    # weights, gradient and kept copy; the optimiser's state and its kept copy
    copies = 3 + 2 * OPTIMIZERS[optimizer].buffers
    outputs = 2 * nets * batch * sum(sizes)  # and their gradients
    return Size(parameters, FLOAT_BYTES * (copies * parameters + outputs))


def check_fits(size: Size, free_bytes: int, where: str) -> None:
    """Refuse a net that would not fit into `free_bytes` of `where`.

    Raises
    ------
    DeviceError : with both figures and the way out
    """
    if size.bytes > free_bytes:
        raise DeviceError(
            _(
                "This net has {parameters:,} parameters and needs {need} to train, but {where} has "
                "{free} free. Use fewer or narrower layers."
            ).format(
                parameters=size.parameters,
                need=gigabytes(size.bytes),
                where=where,
                free=gigabytes(free_bytes),
            )
        )


def free_memory() -> int:
    """Return the bytes of main memory that are free to use; half of all where that is not told."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return 8 * 2**30


def gigabytes(count: int) -> str:
    """Write a number of bytes for people: 640 B, 24 kB, 3.1 MB, 17 GB."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 999.5:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:,.3g} TB"
