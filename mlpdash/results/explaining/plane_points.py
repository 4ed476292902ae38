"""The rows at which a net is asked what it thinks: a plane over two inputs, or a line over one.

All other inputs stand at their typical values: the median of numbers, the mode of categories. Or
the plane of the first two principal components, on which all inputs move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature, encode
from mlpdash.data.preparing.plane import PLANE
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.sets.toys import EXTENT
from mlpdash.errors import SpecError
from mlpdash.results.explaining.components import Components, component_ranges
from mlpdash.results.explaining.images import image_of
from mlpdash.results.explaining.telling import most_telling
from mlpdash.text import _

LINE_POINTS: Final = 200
MARGIN: Final = 0.04  # of an axis' range, so that points at its ends are whole
WIDE: Final = 50  # inputs from which on two of them tell too little to be shown first

Floats = NDArray[np.float32]
Kind = Literal["inputs", "pca"]


@dataclass(frozen=True)
class Plane:
    """A grid over two coordinates, or a line over one.

    Attributes
    ----------
    x, y : the inputs on the axes; y is None for a line, both for principal components
    xs, ys : (columns,) and (rows,) coordinates in the inputs' own units; ys is empty for a line
    points : (rows * columns, width) encoded for the net, x running fastest
    """

    x: Feature | None
    y: Feature | None
    xs: Floats
    ys: Floats
    points: Floats

    @property
    def is_line(self) -> bool:
        """Whether it lies over a single input."""
        return len(self.ys) == 0


def plane_of(prepared: Prepared, asked: str | None) -> Kind:
    """Return which plane is shown where `asked` is "inputs", "pca", or nothing: what suits.

    Pictures and very wide tables are shown along their principal components. Those need three
    columns and three training rows; else they are the inputs themselves.
    """
    if len(prepared.features) < 2 or prepared.width < 3 or len(prepared.split.train) < 3:
        return "inputs"
    if asked in ("inputs", "pca"):
        return "pca" if asked == "pca" else "inputs"
    suits = image_of(prepared) is not None or len(prepared.features) >= WIDE
    return "pca" if suits else "inputs"


def outputs_of(prepared: Prepared) -> tuple[str, ...]:
    """Return the names of the outputs that can be looked at alone, none where that says no more.

    The probability of one of two classes is what is shown anyway.
    """
    if prepared.classes:
        return prepared.classes if len(prepared.classes) > 2 else ()
    return prepared.targets if len(prepared.targets) > 1 else ()


def output_index(prepared: Prepared, name: str | None) -> int | None:
    """Return the place of the output called `name`; None for no such, which means all of them."""
    names = outputs_of(prepared)
    return names.index(name) if name and name in names else None


def parts_at_zero(prepared: Prepared) -> bool:
    """Whether zero is the middle of the target's colours: on the plane, as in the Playground.

    What a table holds, such as prices, has no such middle even where a value is negative.
    """
    return not prepared.classes and all(
        feature.name in PLANE and (feature.low, feature.high) == (-EXTENT, EXTENT)
        for feature in prepared.features
    )


def axis_range(feature: Feature) -> tuple[float, float]:
    """Return the two ends of an axis that shows this input, in its own units."""
    margin = MARGIN * (feature.high - feature.low) or 0.5
    return feature.low - margin, feature.high + margin


def axes(
    prepared: Prepared, x: str | None, y: str | None, important: Sequence[str] = ()
) -> tuple[Feature, Feature | None]:
    """Find the inputs that a person wants on the axes, or else those that matter most.

    Parameters
    ----------
    important : names of inputs, those first that matter most to a trained net; without them the
        inputs come first that tell most of the target

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
    ordered = list(prepared.features)
    if not (x and y and x != y):
        ordered = [by_name[name] for name in important if name in by_name][:2]
        ordered = ordered if len(ordered) == 2 else most_telling(prepared)
        ordered[:2] = sorted(ordered[:2], key=prepared.features.index)
    first = by_name[x] if x else next(f for f in ordered if f.name != y)
    second = by_name[y] if y and y != first.name else next(f for f in ordered if f is not first)
    return first, second


def plane(
    prepared: Prepared,
    x: str | None,
    y: str | None,
    resolution: int,
    *,
    base: int | None = None,
) -> Plane:
    """Lay a grid of `resolution` x `resolution` points, or a line of 200 over a single input.

    Parameters
    ----------
    x, y : names of inputs
    base : the row at whose values the other inputs are held, or None for medians and modes
    """
    first, second = axes(prepared, x, y)
    held = typical_row(prepared.features)
    if base is not None:
        held = encode(prepared.features, prepared.raw[[base]])[0]
    if second is None:
        xs = _coordinates(first, LINE_POINTS)
        points = _encoded(prepared, held, {first: xs})
        return Plane(first, None, xs, np.empty(0, np.float32), points)
    xs, ys = _coordinates(first, resolution), _coordinates(second, resolution)
    at = {first: np.tile(xs, len(ys)), second: np.repeat(ys, len(xs))}
    return Plane(first, second, xs, ys, _encoded(prepared, held, at))


def component_plane(prepared: Prepared, found: Components, resolution: int) -> Plane:
    """Lay a grid of `resolution` x `resolution` points over two principal components."""
    xs, ys = (
        np.linspace(low, high, resolution).astype(np.float32)
        for low, high in component_ranges(found, prepared)
    )
    places = np.column_stack([np.tile(xs, resolution), np.repeat(ys, resolution)])
    return Plane(None, None, xs, ys, found.points(places))


def _encoded(prepared: Prepared, held: Floats, at: dict[Feature, Floats]) -> Floats:
    """Return rows like `held` (width,) in which some inputs have other values (rows,)."""
    features = prepared.features
    if len(at) == len(features):  # an input may depend on several axes, as x1*x2 does
        return encode(features, np.column_stack([_levels(f, at[f]) for f in features]))
    points = np.repeat(held[None], len(next(iter(at.values()))), 0)
    for feature, values in at.items():
        seen, places = np.unique(values, return_inverse=True)
        points[:, feature.start : feature.stop] = encode_axis(feature, seen)[places]
    return points


def typical_row(features: Sequence[Feature]) -> Floats:
    """Return one encoded row (width,) with every input at its median or mode."""
    row: Floats = encode(features, np.array([[f.typical for f in features]]))[0]
    return row


def encode_axis(feature: Feature, values: Floats) -> Floats:
    """Encode coordinates along one axis as that input's columns of x, (values, stop - start).

    A category's coordinates are positions among its levels; each takes the nearest level.
    """
    return encode((replace(feature, start=0),), _levels(feature, values)[:, None])


def _levels(feature: Feature, values: Floats) -> NDArray[np.float64]:
    raw = values.astype(np.float64)
    if isinstance(feature, Category):
        raw = np.clip(np.round(raw), 0, len(feature.levels) - 1)
    return raw


def _coordinates(feature: Feature, count: int) -> Floats:
    low, high = axis_range(feature)
    coordinates: Floats = np.linspace(low, high, count).astype(np.float32)
    return coordinates
