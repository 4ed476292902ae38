"""The six sets of points of TensorFlow Playground, by its formulas; and all sets on the plane.

Each function draws n points and returns x of shape (n, 2), float64, and y of shape (n,): int64
labels -1 and 1, or float64 values. `noise` is from 0 to 0.5. Where the label belongs to "the
jittered point", the point itself stays where it was drawn, so noise puts points on the wrong side.

Source of the formulas: TensorFlow Playground, src/dataset.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.sets.shapes import SHAPES

Floats = NDArray[np.float64]
Points = tuple[Floats, NDArray[np.int64] | Floats]

EXTENT: Final = 6.0  # the plane is drawn from -6 to 6 on both axes
BUMPS: Final = (  # centre x, centre y, sign
    (-4.0, 2.5, 1),
    (0.0, 2.5, -1),
    (4.0, 2.5, 1),
    (-4.0, -2.5, -1),
    (0.0, -2.5, 1),
    (4.0, -2.5, -1),
)


def circle(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw half the points at radius U(0, 2.5), half at U(3.5, 5), at any angle.

    The label is 1 where the point, jittered by U(-5, 5) * noise, lies within 2.5 of the origin.
    """
    inside = (n + 1) // 2
    radius = np.concatenate([random.uniform(0, 2.5, inside), random.uniform(3.5, 5, n - inside)])
    angle = random.uniform(0, 2 * np.pi, n)
    x = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])  # (n, 2)
    jittered = x + random.uniform(-5, 5, (n, 2)) * noise
    return x, _signs(np.hypot(jittered[:, 0], jittered[:, 1]) < 2.5)


def xor(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw U(-5, 5) on both axes, pushed 0.3 off each; the sign of xy of the jittered point."""
    x = random.uniform(-5, 5, (n, 2))
    x += np.where(x > 0, 0.3, -0.3)
    jittered = x + random.uniform(-5, 5, (n, 2)) * noise
    return x, _signs(jittered.prod(axis=1) >= 0)


def gauss(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw from normals around (2, 2) and (-2, -2), with a variance from 0.5 to 4 on each axis."""
    first = (n + 1) // 2
    y = _signs(np.arange(n) < first)
    variance = 0.5 + (4 - 0.5) * noise / 0.5
    return 2.0 * y[:, None] + random.normal(0, np.sqrt(variance), (n, 2)), y


def spiral(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw two arms, half a turn apart: r = 5 i/m and t = 1.75 i/m 2 pi for i = 0 .. m - 1.

    Here the points themselves are jittered, by U(-1, 1) * noise, and keep the label of their arm.
    """
    first = (n + 1) // 2
    part = np.concatenate([np.arange(m) / max(m, 1) for m in (first, n - first)])
    turn = np.where(np.arange(n) < first, 0.0, np.pi)
    t = 1.75 * part * 2 * np.pi + turn
    x = 5 * part[:, None] * np.column_stack([np.sin(t), np.cos(t)])  # (n, 2)
    return x + random.uniform(-1, 1, (n, 2)) * noise, _signs(turn == 0)


def plane(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw U(-6, 6) on both axes; (x + y) / 10 of the point jittered by U(-6, 6) * noise."""
    x, jittered = _scattered(n, noise, random)
    return x, jittered.sum(axis=1) / 10


def multi_gauss(n: int, noise: float, random: np.random.Generator) -> Points:
    """Draw U(-6, 6) on both axes; the bump of the nearest centre, with its sign.

    The bump is max(0, 1 - d/2), d the distance from the point jittered by U(-6, 6) * noise.
    """
    x, jittered = _scattered(n, noise, random)
    return x, bump(jittered)


def bump(x: Floats) -> Floats:
    """Return the noiseless value of `multi_gauss` at points of shape (n, 2)."""
    centres, signs = np.array(BUMPS)[:, :2], np.array(BUMPS)[:, 2]
    distance = np.linalg.norm(x[:, None] - centres, axis=2)  # (n, 6)
    nearest = distance.argmin(axis=1)
    height = np.maximum(0.0, 1.0 - distance.min(axis=1) / 2)
    return np.asarray(height * signs[nearest], np.float64)


TOYS: Final[dict[str, Callable[[int, float, np.random.Generator], Points]]] = {
    "circle": circle,
    "xor": xor,
    "gauss": gauss,
    "spiral": spiral,
    "plane": plane,
    "multi-gauss": multi_gauss,
    **SHAPES,
}


def _scattered(n: int, noise: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    x = random.uniform(-EXTENT, EXTENT, (n, 2))
    return x, x + random.uniform(-EXTENT, EXTENT, (n, 2)) * noise


def _signs(positive: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(positive, 1, -1).astype(np.int64)
