"""Columns of a table -> columns of x.

A feature is one input, and the columns x[:, start:stop] that it becomes. There is a class for each
kind; it holds what was fitted (see `fitting`), and `encode` applies it in plain numpy, so that what
is read back from JSON gives the same bits. All have in common:

name, column, unit   what it is called, and the column of the table it comes from
start, stop          its place in x
names_out            the names of its columns of x
kind                 "category", or "number" for all others
levels               of a category; empty for all others
typical, low, high   what fills a gap, and the range, in raw units; of categories indices of levels
indicator            whether its last column of x is 1 where the cell was missing
is_sound()           whether it can be encoded
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import HUGE, Floats
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import CyclicPart, Year
from mlpdash.data.preparing.indicator import mark
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PLANE, PlanePoint

PIECE: Final = 1 << 17  # numbers of x that are written together

Feature = Number | Category | Year | CyclicPart | PlanePoint


def encode(features: Sequence[Feature], raw: Floats) -> NDArray[np.float32]:
    """Return x, (rows, width), for raw values (rows, len(features)); NaN becomes typical."""
    x = np.zeros((len(raw), features[-1].stop if features else 0), np.float32)
    if points := plane_points(features):
        filled = np.where(np.isnan(raw), [point.typical for point in points], raw)
        for point in points:
            point.encode(x, filled)
        return x
    _encode_scaled(x, features, raw)
    for n, feature in enumerate(features):
        if isinstance(feature, Category | CyclicPart):
            feature.encode(x, raw[:, n])
    return x


def plane_points(features: Sequence[Feature]) -> list[PlanePoint]:
    """Return x1 and x2 where they become terms, which may need both; else nothing."""
    return [feature for feature in features if isinstance(feature, PlanePoint)]


def _encode_scaled(x: NDArray[np.float32], features: Sequence[Feature], raw: Floats) -> None:
    """Encode numbers that are shifted and scaled; of thousands some rows together."""
    scaled = [(n, f) for n, f in enumerate(features) if isinstance(f, Number | Year)]
    places = [n for n, _feature in scaled]
    columns = [feature.start for _n, feature in scaled]
    whole = columns == list(range(x.shape[1])) and len(scaled) == raw.shape[1]
    mean = np.array([feature.mean for _n, feature in scaled])
    scale = np.array([feature.scale for _n, feature in scaled])
    typical = np.array([feature.typical for _n, feature in scaled])
    each = max(16, PIECE // max(1, x.shape[1]))
    for at in range(0, len(raw), each):  # what is written together stays in the cache
        rows = slice(at, at + each)
        values = raw[rows] if whole else raw[rows, places]
        gaps = np.isnan(values)
        if gaps.any():
            values = np.where(gaps, typical, values)
            for k in np.flatnonzero(gaps.any(axis=0)).tolist():
                mark(x[rows], scaled[k][1], gaps[:, k])
        bounded = np.clip((values - mean) / scale, -HUGE, HUGE)  # held-out rows can lie far out
        x[rows, slice(None) if whole else columns] = bounded


def are_sound(features: Sequence[Feature]) -> bool:
    """Tell whether features from elsewhere can be encoded: each, and all together."""
    start = 0
    for feature in features:
        if feature.start != start or not feature.is_sound():
            return False
        start = feature.stop
    points = plane_points(features)
    return not points or tuple(f.name for f in points) == tuple(f.name for f in features) == PLANE
