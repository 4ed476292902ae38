"""The plane of the first two principal components of the training rows, and the way back.

In numpy, since both the server's process and each worker ask for it before a first picture, and
neither can wait for scikit-learn to be imported; the tests compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.results.explaining.importance import some

MOST_ROWS: Final = 2_000  # training rows that the directions are found from
MARGIN: Final = 0.04  # of a component's range, so that points at its ends are whole

Floats32 = NDArray[np.float32]
Floats64 = NDArray[np.float64]


@dataclass(frozen=True)
class Components:
    """Two directions in the space of the net's inputs.

    Attributes
    ----------
    mean : (width,) of the training rows
    directions : (2, width) of length 1, at right angles, that of the most variance first
    explained : share of the variance that each accounts for
    """

    mean: Floats64
    directions: Floats64
    explained: tuple[float, float]

    def place(self, x: Floats32) -> Floats64:
        """Return where rows (rows, width) lie on the plane, (rows, 2)."""
        placed: Floats64 = (x - self.mean) @ self.directions.T
        return placed

    def points(self, places: NDArray[np.floating]) -> Floats32:
        """Return the points of the plane at `places` (rows, 2) as inputs of the net."""
        found: Floats32 = places.astype(np.float32) @ self.directions.astype(np.float32)
        found += self.mean.astype(np.float32)
        return found


def components(prepared: Prepared) -> Components:
    """Find the two directions in which the encoded training rows vary most.

    They are the leading eigenvectors of the covariance; where there are fewer rows than columns
    they come from the rows' products with each other, which have the same eigenvalues.
    Each direction's largest entry is positive, so that no picture is mirrored by chance.
    """
    x = prepared.x[some(prepared.split.train, MOST_ROWS)].astype(np.float64)
    mean = x.mean(0)
    x -= mean
    rows, width = x.shape
    values, vectors = np.linalg.eigh(x @ x.T if rows < width else x.T @ x)
    if rows < width:
        vectors = x.T @ vectors[:, -2:]
    directions = vectors[:, :-3:-1].T  # (2, width)
    directions = directions / np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-300)
    largest = np.abs(directions).argmax(1)
    directions = directions * np.where(directions[[0, 1], largest] < 0, -1.0, 1.0)[:, None]
    total = max(float(np.square(x).sum()), 1e-300)
    first, second = (max(0.0, float(value)) / total for value in values[:-3:-1])
    return Components(mean, directions, (first, second))


def component_ranges(found: Components, prepared: Prepared) -> tuple[tuple[float, float], ...]:
    """Return the ends of both axes, which hold the sampled rows (`data.sample`)."""
    sample = sample_rows(prepared)
    placed = found.place(prepared.x[np.concatenate([sample.train, sample.held_out])])
    low, high = placed.min(0), placed.max(0)
    margin = np.maximum(MARGIN * (high - low), 1e-6)
    return tuple(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))
