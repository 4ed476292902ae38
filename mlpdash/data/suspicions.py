"""What makes a result look better than it is: rows that come twice, inputs that know the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells import Floats
from mlpdash.data.features import Feature
from mlpdash.data.splitting import IntArray, Split
from mlpdash.data.tables import Table, brief, listed
from mlpdash.text import _

LOOKED_AT: Final = 2_000  # training rows that a column is judged by
LEAST: Final = 50  # fewer rows fit anything by chance
GIVES_AWAY: Final = 0.995  # accuracy, or share of the variance, that one column reaches alone
BINS: Final = 32
SIEVE: Final = 24  # bits
MOST_COLUMNS: Final = 2_000  # that are judged

Y = NDArray[np.int64] | NDArray[np.float32]


def suspicions(
    x: NDArray[np.float32],
    y: Y,
    raw: Floats,
    features: Sequence[Feature],
    split: Split,
    table: Table,
) -> list[str]:
    """Return sentences about repeated rows across the split, and columns that give too much away.

    Parameters
    ----------
    x, y : as in `Prepared`
    raw : (rows, len(features)) in raw units
    """
    notes = []
    repeated = repeated_rows(x, y, split)
    if repeated:
        notes.append(
            _(
                "{n:,} held-out rows also stand among the training rows, so scores on them are "
                "too good."
            ).format(n=repeated)
        )
    if table.dataset is None:
        telling = telling_columns(raw, y, features, split.train)
        if telling:
            notes.append(
                _(
                    "One column alone nearly gives the target away: {columns}. Ignore it unless "
                    "it is known before the target is."
                ).format(columns=listed([brief(name) for name in telling]))
            )
    return notes


def repeated_rows(x: NDArray[np.float32], y: Y, split: Split) -> int:
    """Count the held-out rows whose inputs and target also occur among the training rows."""
    held_out = np.concatenate([split.validation, split.test])
    if not len(held_out):
        return 0
    hashes = _hashes(x, y)
    mine, theirs = hashes[held_out], hashes[split.train]
    likely = _sieved(mine, theirs)  # few, so that the rest is quick
    return int(np.isin(likely, _sieved(theirs, likely)).sum()) if len(likely) else 0


def _sieved(mine: NDArray[np.uint64], theirs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return all of `mine` that stand in `theirs`, and a few others."""
    marked = np.zeros(1 << SIEVE, dtype=bool)
    marked[theirs >> np.uint64(64 - SIEVE)] = True
    return mine[marked[mine >> np.uint64(64 - SIEVE)]]


def _hashes(x: NDArray[np.float32], y: Y) -> NDArray[np.uint64]:
    """Return one number per row that equal rows share: a sum of its bits, each column weighted."""
    random = np.random.Generator(np.random.PCG64(0))
    columns = y[:, None] if y.ndim == 1 else y
    found = np.zeros(len(x), np.uint64)
    for part in (x, columns.astype(np.float32)):
        for n in range(part.shape[1]):
            weight = np.uint64(2 * int(random.integers(2**62)) + 1)
            bits = (part[:, n] + np.float32(0)).view(np.uint32).astype(np.uint64)  # -0 is 0
            bits *= weight
            found += bits ^ (bits >> np.uint64(29))
    return found


def telling_columns(raw: Floats, y: Y, features: Sequence[Feature], train: IntArray) -> list[str]:
    """Return the columns each of which alone tells the target almost perfectly."""
    if len(train) < LEAST or len(features) < 2:
        return []
    rows = train[np.linspace(0, len(train) - 1, min(LOOKED_AT, len(train))).astype(np.int64)]
    target: NDArray[Any] = y[rows] if y.ndim == 1 else y[rows, 0]
    classes = y.ndim == 1
    if classes and np.bincount(target).max() > 0.95 * len(rows):
        return []
    found = []
    for n, feature in enumerate(features[:MOST_COLUMNS]):
        values = np.nan_to_num(raw[rows, n], nan=feature.typical)
        if classes:
            share = _purity(_groups(values, feature), target)
        else:
            share = _explained(values, target, feature)
        if share >= GIVES_AWAY and feature.column not in found:
            found.append(feature.column)
    return found


def _groups(values: Floats, feature: Feature) -> IntArray:
    """Return for each row the level, or one of at most 32 ranges of the number."""
    if feature.kind == "category":
        return np.asarray(values - values.min(), np.int64)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.searchsorted(edges, values).astype(np.int64)


def _purity(groups: IntArray, target: IntArray) -> float:
    """Return the accuracy of saying, in each group, its most frequent class."""
    table = np.zeros((groups.max() + 1, int(target.max()) + 1))
    np.add.at(table, (groups, target), 1)
    used = np.count_nonzero(table.sum(axis=1))
    if used > len(groups) / 5:  # groups so small that each is pure by chance
        return 0.0
    return float(table.max(axis=1).sum() / len(groups))


def _explained(values: Floats, target: NDArray[np.float32], feature: Feature) -> float:
    """Return the share of the target's variance that a line, or the levels' means, explain."""
    y = target.astype(np.float64)
    spread = float(y.var())
    if spread == 0:
        return 0.0
    if feature.kind == "number":
        return float(np.corrcoef(values, y)[0, 1] ** 2) if values.std() > 0 else 0.0
    groups = _groups(values, feature)
    counts = np.bincount(groups)
    if np.count_nonzero(counts) > len(groups) / 5:
        return 0.0
    means = np.bincount(groups, y) / np.maximum(counts, 1)
    return float((counts * (means - y.mean()) ** 2).sum() / len(y) / spread)
