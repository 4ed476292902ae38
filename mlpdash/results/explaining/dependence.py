"""What the net would say if one input were different: partial dependence, and ICE row by row.

Friedman, Annals of Statistics 29, 2001; Goldstein et al., Journal of Computational and Graphical
Statistics 24, 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature, encode
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.explaining.importance import Outputs, some
from mlpdash.results.judging.rows import Floats, Indices

GRID: Final = 40
MOST_ROWS: Final = 300
LINES: Final = 40  # rows drawn one by one


@dataclass(frozen=True)
class Dependence:
    """What comes out over one input.

    Attributes
    ----------
    grid : (points,) in raw units, or indices of levels
    mean : (points, K) over the rows
    lines : (rows, points, K) of some rows
    rows : (rows,) which rows these are
    """

    grid: Floats
    mean: Floats
    lines: NDArray[np.float32]
    rows: Indices


def dependence(prepared: Prepared, outputs: Outputs, rows: Indices, feature: str) -> Dependence:
    """Set one input to each value of a grid, in every row, and ask the net."""
    place = next(n for n, f in enumerate(prepared.features) if f.name == feature)
    chosen = some(rows, MOST_ROWS)
    grid = grid_of(prepared.features[place], prepared.raw[prepared.split.train, place])
    raw = np.repeat(prepared.raw[chosen][None], len(grid), 0)  # (points, rows, features)
    raw[:, :, place] = grid[:, None]
    x = encode(prepared.features, raw.reshape(-1, raw.shape[2]))
    said = outputs(x).reshape(len(grid), len(chosen), -1).swapaxes(0, 1)  # (rows, points, K)
    shown = some(np.arange(len(chosen)), LINES)
    return Dependence(grid, said.mean(0), said[shown].astype(np.float32), chosen[shown])


def grid_of(feature: Feature, train: Floats) -> Floats:
    """Return the values to try: all levels, or steps between the 2nd and 98th percentile."""
    if isinstance(feature, Category):
        return np.arange(len(feature.levels), dtype=np.float64)
    present = train[np.isfinite(train)]
    if not len(present):
        return np.array([feature.typical])
    distinct = np.unique(present)
    if len(distinct) <= GRID // 2:
        return np.asarray(distinct, np.float64)
    low, high = np.percentile(present, [2, 98]).tolist()
    return np.linspace(low, high, GRID)
