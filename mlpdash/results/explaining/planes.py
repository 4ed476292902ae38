"""The boundary of a net with more than two inputs, honestly.

The plane lies over two inputs while the others stand still, or along the two directions in which
the training rows vary most. How far each of its points is from any training row says how much is
guessed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.explaining.components import components
from mlpdash.results.explaining.importance import some
from mlpdash.results.explaining.plane_points import Floats as Floats32
from mlpdash.results.explaining.plane_points import Plane, component_plane, plane

NEAREST_ROWS: Final = 3_000  # training rows that distances are taken to
TOGETHER: Final = 1_000  # points whose distances are in memory at once


@dataclass(frozen=True)
class Slice:
    """A plane through the net's inputs.

    Attributes
    ----------
    xs, ys : (columns,), (rows,) coordinates
    points : (rows * columns, width) as the net gets them, x running fastest
    support : (rows, columns) 1 at and near training rows, towards 0 far from all of them
    shown_x, shown_y : (all rows,) where the table's rows lie
    x_name, y_name : of the inputs, or "" for principal components
    explained : share of the variance of each of the two components; (0, 0) for inputs
    """

    xs: Floats32
    ys: Floats32
    points: Floats32
    support: NDArray[np.float64]
    shown_x: NDArray[np.float64]
    shown_y: NDArray[np.float64]
    x_name: str
    y_name: str
    explained: tuple[float, float] = (0.0, 0.0)


def feature_slice(
    prepared: Prepared, x: str | None, y: str | None, base: int | None, resolution: int
) -> Slice:
    """Lay a plane over two inputs; the others are at their typical values, or at those of a row.

    Parameters
    ----------
    base : the row, or None for medians and modes

    Raises
    ------
    SpecError : there is no input of that name
    """
    laid = plane(prepared, x, y, resolution, base=base)
    assert laid.x is not None, "not laid along components"
    assert laid.y is not None, "a plane needs two inputs"
    at = [prepared.features.index(feature) for feature in (laid.x, laid.y)]
    return Slice(
        laid.xs,
        laid.ys,
        laid.points,
        _support(prepared, laid),
        prepared.raw[:, at[0]],
        prepared.raw[:, at[1]],
        laid.x.name,
        laid.y.name,
    )


def component_slice(prepared: Prepared, resolution: int) -> Slice:
    """Lay a plane along the first two principal components of the encoded training rows."""
    found = components(prepared)
    laid = component_plane(prepared, found, resolution)
    shown = found.place(prepared.x)  # (all rows, 2)
    return Slice(
        laid.xs,
        laid.ys,
        laid.points,
        _support(prepared, laid),
        shown[:, 0],
        shown[:, 1],
        "",
        "",
        found.explained,
    )


def _support(prepared: Prepared, laid: Plane) -> NDArray[np.float64]:
    return support(prepared, laid.points).reshape(len(laid.ys), len(laid.xs))


def support(prepared: Prepared, points: Floats32, rows: int = NEAREST_ROWS) -> NDArray[np.float64]:
    """Return how near training rows are to points of the net's inputs, (points,) from 0 to 1.

    With d the distance to the nearest training row and r the distance that 95 % of the training
    rows have to their own nearest neighbour at most: exp(-((d / r - 1)+)^2 / 2).

    Parameters
    ----------
    rows : training rows that distances are taken to, at most; evenly spaced
    """
    train = prepared.x[some(prepared.split.train, rows)]
    if len(train) < 2:
        return np.ones(len(points))
    middle = train.mean(0)  # products of numbers around zero lose less
    own = _nearest(train - middle, train - middle, apart=True)
    reach = float(np.percentile(own, 95)) or float(own.max()) or 1.0
    away = _nearest(points - middle, train - middle)
    faded: NDArray[np.float64] = np.exp(-(np.maximum(away / reach - 1, 0) ** 2) / 2)
    return faded


def _nearest(points: Floats32, rows: Floats32, *, apart: bool = False) -> NDArray[np.float64]:
    """Return the distance from each point to its nearest row; `apart`: other than itself.

    By |a - b|^2 = |a|^2 + |b|^2 - 2 a.b, whose products are one matrix product, so that it takes
    a fraction of a second for pictures too.
    """
    lengths = np.square(rows).sum(1)
    nearest = np.empty(len(points))
    for at in range(0, len(points), TOGETHER):
        some_points = points[at : at + TOGETHER]
        squares = lengths - 2 * (some_points @ rows.T)  # (points, rows)
        squares += np.square(some_points).sum(1)[:, None]
        if apart:
            squares[np.arange(len(some_points)), at + np.arange(len(some_points))] = np.inf
        nearest[at : at + len(some_points)] = np.sqrt(np.maximum(squares.min(1), 0))
    return nearest
