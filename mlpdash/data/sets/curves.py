"""Numbers to be learned from one input.

Each function draws n points and returns x and y of shape (n,), float64. `noise` is from 0 to 0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def line(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw x evenly from 0 to 10, and y = 2x + 1 plus N(0, 4 * noise)."""
    x = np.linspace(0, 10, n)
    return x, 2 * x + 1 + random.normal(0, 1, n) * 4 * noise


def sine(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw x from U(-6, 6), and y = sin(x) plus N(0, noise)."""
    x = random.uniform(-6, 6, n)
    return x, np.sin(x) + random.normal(0, 1, n) * noise


def polynomial(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw x from U(-2, 2), and y = x^3 - 2x plus N(0, 4 * noise)."""
    x = random.uniform(-2, 2, n)
    return x, x**3 - 2 * x + random.normal(0, 1, n) * 4 * noise


CURVES: Final[dict[str, Callable[[int, float, np.random.Generator], tuple[Floats, Floats]]]] = {
    "line": line,
    "sine": sine,
    "polynomial": polynomial,
}
