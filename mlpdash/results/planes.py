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

from mlpdash.data.preparing import Prepared, encode
from mlpdash.results.fields import Floats as Floats32
from mlpdash.results.fields import axes, axis_range, encode_axis
from mlpdash.results.importance import some

NEAREST_ROWS: Final = 3_000  # training rows that distances are taken to
MARGIN: Final = 0.08


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
    first, second = axes(prepared, x, y)
    assert second is not None, "a plane needs two inputs"
    typical = np.array([[feature.typical for feature in prepared.features]])
    held = encode(prepared.features, typical if base is None else prepared.raw[[base]])[0]
    xs, ys = (
        np.linspace(*axis_range(feature), resolution).astype(np.float32)
        for feature in (first, second)
    )
    points = np.repeat(held[None], resolution**2, 0)
    points[:, first.start : first.stop] = np.tile(encode_axis(first, xs), (resolution, 1))
    points[:, second.start : second.stop] = np.repeat(encode_axis(second, ys), resolution, 0)
    at = [prepared.features.index(feature) for feature in (first, second)]
    return Slice(
        xs,
        ys,
        points,
        support(prepared, points).reshape(resolution, resolution),
        prepared.raw[:, at[0]],
        prepared.raw[:, at[1]],
        first.name,
        second.name,
    )


def component_slice(prepared: Prepared, resolution: int) -> Slice:
    """Lay a plane along the first two principal components of the encoded training rows."""
    from sklearn.decomposition import PCA

    found = PCA(n_components=2, svd_solver="full").fit(prepared.x[prepared.split.train])
    shown = found.transform(prepared.x)  # (all rows, 2)
    low, high = shown.min(0), shown.max(0)
    margin = MARGIN * np.maximum(high - low, 1e-6)
    xs, ys = (
        np.linspace(low[n] - margin[n], high[n] + margin[n], resolution).astype(np.float32)
        for n in (0, 1)
    )
    on_plane = np.column_stack([np.tile(xs, resolution), np.repeat(ys, resolution)])
    points = found.inverse_transform(on_plane).astype(np.float32)
    share = found.explained_variance_ratio_
    return Slice(
        xs,
        ys,
        points,
        support(prepared, points).reshape(resolution, resolution),
        shown[:, 0].astype(np.float64),
        shown[:, 1].astype(np.float64),
        "",
        "",
        (float(share[0]), float(share[1])),
    )


def support(prepared: Prepared, points: Floats32) -> NDArray[np.float64]:
    """Return how near training rows are to points of the net's inputs, (points,) from 0 to 1.

    With d the distance to the nearest training row and r the distance that 95 % of the training
    rows have to their own nearest neighbour at most: exp(-((d / r - 1)+)^2 / 2).
    """
    from sklearn.neighbors import NearestNeighbors

    train = prepared.x[some(prepared.split.train, NEAREST_ROWS)]
    if len(train) < 2:
        return np.ones(len(points))
    index = NearestNeighbors(n_neighbors=2).fit(train)
    own = index.kneighbors(train)[0][:, 1]
    reach = max(float(np.percentile(own, 95)), 1e-9)
    away = index.kneighbors(points, n_neighbors=1)[0][:, 0]
    faded: NDArray[np.float64] = np.exp(-(np.maximum(away / reach - 1, 0) ** 2) / 2)
    return faded
