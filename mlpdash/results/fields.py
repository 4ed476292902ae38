"""The rows at which a net is asked what it thinks: a plane over two inputs, or a line over one.

All other inputs stand at their typical values: the median of numbers, the mode of categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing import Feature, Prepared, encode
from mlpdash.errors import SpecError
from mlpdash.text import _

LINE_POINTS: Final = 200
MARGIN: Final = 0.04  # of an axis' range, so that points at its ends are whole

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Plane:
    """A grid over the inputs x and y, or a line over x where `y` is None.

    Attributes
    ----------
    xs, ys : (columns,) and (rows,) coordinates in the inputs' own units; ys is empty for a line
    points : (rows * columns, width) encoded for the net, x running fastest
    """

    x: Feature
    y: Feature | None
    xs: Floats
    ys: Floats
    points: Floats


def axis_range(feature: Feature) -> tuple[float, float]:
    """Return the two ends of an axis that shows this input, in its own units."""
    margin = MARGIN * (feature.high - feature.low) or 0.5
    return feature.low - margin, feature.high + margin


def axes(prepared: Prepared, x: str | None, y: str | None) -> tuple[Feature, Feature | None]:
    """Find the inputs that a person wants on the axes, or else those that tell most of the target.

    Raises
    ------
    SpecError : there is no input of that name
    """
    by_name = {feature.name: feature for feature in prepared.features}
    for field, name in (("x", x), ("y", y)):
        if name and name not in by_name:
            raise SpecError(
                _('there is no input "{name}" to show; there are: {names}.').format(
                    name=name[:60], names=", ".join(list(by_name)[:20])
                ),
                field,
            )
    if len(by_name) == 1:
        return prepared.features[0], None
    ordered = _most_telling(prepared) if not (x and y and x != y) else list(prepared.features)
    first = by_name[x] if x else next(f for f in ordered if f.name != y)
    second = by_name[y] if y and y != first.name else next(f for f in ordered if f is not first)
    return first, second


def _most_telling(prepared: Prepared) -> list[Feature]:
    """Sort the inputs: numbers first, by the share of the target that each explains alone.

    That share is the squared correlation with a number, or the part of an input's variance that
    lies between the classes. Two inputs that stand in the table's order keep it.
    """
    rows = prepared.split.train
    y = prepared.y[rows] if prepared.classes else prepared.y[rows, 0]

    def share(feature: Feature, values: Floats) -> float:
        if feature.kind != "number":
            return -1.0
        filled = np.where(np.isnan(values), feature.typical, values)
        spread = filled.var()
        if spread == 0:
            return 0.0
        if not prepared.classes:
            return float(np.corrcoef(filled, y)[0, 1] ** 2)
        counts = np.bincount(y, minlength=len(prepared.classes))
        means = np.bincount(y, filled, len(prepared.classes)) / np.maximum(counts, 1)
        return float((counts * (means - filled.mean()) ** 2).sum() / len(y) / spread)

    shares = {f.name: share(f, prepared.raw[rows, i]) for i, f in enumerate(prepared.features)}
    best = sorted(prepared.features, key=lambda f: -shares[f.name])
    return sorted(best[:2], key=prepared.features.index) + best[2:]


def plane(prepared: Prepared, x: str | None, y: str | None, resolution: int) -> Plane:
    """Lay a grid of `resolution` x `resolution` points, or a line of 200 over a single input."""
    first, second = axes(prepared, x, y)
    base = typical_row(prepared.features)
    if second is None:
        xs = _coordinates(first, LINE_POINTS)
        points = np.repeat(base[None], len(xs), 0)
        points[:, first.start : first.stop] = encode_axis(first, xs)
        return Plane(first, None, xs, np.empty(0, np.float32), points)
    xs, ys = _coordinates(first, resolution), _coordinates(second, resolution)
    points = np.repeat(base[None], len(xs) * len(ys), 0)  # (rows * columns, width)
    points[:, first.start : first.stop] = np.tile(encode_axis(first, xs), (len(ys), 1))
    points[:, second.start : second.stop] = np.repeat(encode_axis(second, ys), len(xs), 0)
    return Plane(first, second, xs, ys, points)


def typical_row(features: Sequence[Feature]) -> Floats:
    """Return one encoded row (width,) with every input at its median or mode."""
    row: Floats = encode(features, np.array([[f.typical for f in features]]))[0]
    return row


def encode_axis(feature: Feature, values: Floats) -> Floats:
    """Encode coordinates along one axis as that input's columns of x, (values, stop - start).

    A category's coordinates are positions among its levels; each takes the nearest level.
    """
    raw = values.astype(np.float64)
    if feature.kind == "category":
        raw = np.clip(np.round(raw), 0, len(feature.levels) - 1)
    alone = replace(feature, start=0, stop=feature.stop - feature.start)
    return encode((alone,), raw[:, None])


def _coordinates(feature: Feature, count: int) -> Floats:
    low, high = axis_range(feature)
    coordinates: Floats = np.linspace(low, high, count).astype(np.float32)
    return coordinates
