"""Sets of points on the plane beyond the playground's six.

Each function draws n points and returns x of shape (n, 2), float64, and y of shape (n,), int64:
labels -1 and 1 of two classes, 0 .. K - 1 of more. `noise` is from 0 to 0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RADII: Final = (1.0, 3.0, 5.0)  # of the rings
SQUARE: Final = 2.5  # side of a square of the board


def moons(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw two half circles that reach into each other, each point moved by N(0, 3 * noise).

    Source of the shape: scikit-learn, make_moons; here 3 times as large, around the origin.
    """
    first = (n + 1) // 2
    upper = np.arange(n) < first
    t = np.pi * random.random(n)
    arc = np.column_stack([np.cos(t), np.sin(t)])
    x = np.where(upper[:, None], arc, [1.0, 0.5] - arc) - [0.5, 0.25]  # (n, 2)
    return 3 * x + random.normal(0, 1, (n, 2)) * 3 * noise, np.where(upper, 1, -1).astype(np.int64)


def rings(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw three circles around the origin, a class each, moved in or out by N(0, 2 * noise).

    Each has a third of the points, at radius 1, 3 or 5, give or take 0.3.
    """
    y = np.arange(n) % len(RADII)
    radius = np.array(RADII)[y] + random.uniform(-0.3, 0.3, n) + random.normal(0, 1, n) * 2 * noise
    angle = random.uniform(0, 2 * np.pi, n)
    return radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]), y.astype(np.int64)


def checkerboard(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw U(-5, 5) on both axes; the colour of the square that holds the jittered point.

    Four by four squares; the jitter is U(-2.5, 2.5) * noise.
    """
    x = random.uniform(-2 * SQUARE, 2 * SQUARE, (n, 2))
    jittered = x + random.uniform(-SQUARE, SQUARE, (n, 2)) * noise
    odd = np.floor(jittered / SQUARE).sum(axis=1) % 2 == 1
    return x, np.where(odd, 1, -1).astype(np.int64)


def two_gaussians(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw half the points around (2, 2), half around (-2, -2), with deviation 1 + 2 * noise."""
    first = (n + 1) // 2
    y = np.where(np.arange(n) < first, 1, -1).astype(np.int64)
    return 2.0 * y[:, None] + random.normal(0, 1, (n, 2)) * (1 + 2 * noise), y


def blobs(classes: int, n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw as many clouds as classes, around centres on a circle of radius 3.5.

    The deviation is 0.7 on each axis without noise, and 2.2 with noise 0.5.
    """
    y = (np.arange(n) % classes).astype(np.int64)
    angle = 2 * np.pi * y / classes
    centres = 3.5 * np.column_stack([np.sin(angle), np.cos(angle)])
    return centres + random.normal(0, 1, (n, 2)) * (0.7 + 3 * noise), y


def three_blobs(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw `blobs` of three classes."""
    return blobs(3, n, noise, random)


def five_blobs(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw `blobs` of five classes."""
    return blobs(5, n, noise, random)


SHAPES: Final[dict[str, Callable[[int, float, np.random.Generator], tuple[Floats, Ints]]]] = {
    "moons": moons,
    "blobs-3": three_blobs,
    "blobs-5": five_blobs,
    "checkerboard": checkerboard,
    "rings": rings,
    "two-gaussians": two_gaussians,
}
