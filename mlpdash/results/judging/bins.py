"""The ten bins of probability in which calibration is looked at."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

BINS: Final = 10
EDGES: Final = np.linspace(0, 1, BINS + 1)


def bin_of(probability: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin of each probability, 0..9; bins are closed on the right.

    >>> bin_of(np.array([0.0, 0.1, 0.11, 1.0])).tolist()
    [0, 0, 1, 9]
    """
    found: NDArray[np.int64] = np.searchsorted(EDGES[1:-1], probability).astype(np.int64)
    return found
