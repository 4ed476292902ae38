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

from collections.abc import Mapping, Sequence
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
SCALED: Final = (Number, Year)
ONE_BY_ONE: Final = (Category, CyclicPart)


def encode(features: Sequence[Feature], raw: Floats) -> NDArray[np.float32]:
    """Return x, (rows, width), for raw values (rows, len(features)); NaN becomes typical."""
    x = np.zeros((len(raw), features[-1].stop if features else 0), np.float32)
    if points := plane_points(features):
        filled = np.where(np.isnan(raw), [point.typical for point in points], raw)
        for point in points:
            point.encode(x, filled)
        return x
    scaled = {n: feature for n, feature in enumerate(features) if isinstance(feature, SCALED)}
    _encode_scaled(x, scaled, raw)
    for n, feature in enumerate(features):
        if isinstance(feature, Number) and feature.edges:
            feature.encode_bins(x, raw[:, n])
        if n not in scaled and isinstance(feature, ONE_BY_ONE):
            feature.encode(x, raw[:, n])
    return x


def plane_points(features: Sequence[Feature]) -> list[PlanePoint]:
    """Return x1 and x2 where they become terms, which may need both; else nothing."""
    return [feature for feature in features if isinstance(feature, PlanePoint)]


def _encode_scaled(
    x: NDArray[np.float32], scaled: Mapping[int, Number | Year], raw: Floats
) -> None:
    """Encode the numbers that are shifted and scaled, by their place; all of some rows at once."""
    places, numbers = list(scaled), list(scaled.values())
    columns = [number.start for number in numbers]
    whole = columns == list(range(x.shape[1])) and len(places) == raw.shape[1]
    mean = np.array([number.mean for number in numbers])
    scale = np.array([number.scale for number in numbers])
    typical = np.array([number.typical for number in numbers])
    each = max(16, PIECE // max(1, x.shape[1]))
    for at in range(0, len(raw), each):  # what is written together stays in the cache
        rows = slice(at, at + each)
        values = raw[rows] if whole else raw[rows, places]
        gaps = np.isnan(values)
        if gaps.any():
            values = np.where(gaps, typical, values)
            for k in np.flatnonzero(gaps.any(axis=0)).tolist():
                mark(x[rows], numbers[k], gaps[:, k])
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
