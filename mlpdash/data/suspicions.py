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
STRETCH: Final = 5  # rows
PIECE: Final = 1 << 16  # numbers of x
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
    found: NDArray[np.uint64] = mine[marked[mine >> np.uint64(64 - SIEVE)]]
    return found


def _hashes(x: NDArray[np.float32], y: Y) -> NDArray[np.uint64]:
    """Return one number per row that equal rows share: a sum of its bits, each column weighted."""
    random = np.random.Generator(np.random.PCG64(0))
    columns = (y[:, None] if y.ndim == 1 else y).astype(np.float32)
    found = np.zeros(len(x), np.uint64)
    for part in (x, columns):
        weights = 2 * random.integers(2**62, size=part.shape[1], dtype=np.uint64) + np.uint64(1)
        each = max(1, PIECE // part.shape[1])
        for at in range(0, len(part), each):  # what is weighted together stays in the cache
            bits = (part[at : at + each] + np.float32(0)).view(np.uint32)  # -0 becomes 0
            bits ^= bits >> np.uint32(16)
            found[at : at + each] += bits.astype(np.uint64) @ weights
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
        if not classes:
            share = _explained(values, target, feature)
        elif feature.kind == "category":
            share = _purity(values.astype(np.int64), target)
        else:
            share = _orderly(values, target)
        if share >= GIVES_AWAY and feature.column not in found:
            found.append(feature.column)
    return found


def _orderly(values: Floats, target: IntArray) -> float:
    """Return the share of rows that, in order of the number, stand among rows of their class.

    Such a stretch has at least five rows; equal numbers come in random order.
    """
    shuffled = np.random.default_rng(0).permutation(len(values))
    classes = target[shuffled][np.argsort(values[shuffled], kind="stable")]
    starts = np.flatnonzero(np.diff(classes, prepend=-1))
    lengths = np.diff(starts, append=len(classes))
    return float(lengths[lengths >= STRETCH].sum() / len(classes))


def _purity(groups: IntArray, target: IntArray) -> float:
    """Return the accuracy of saying, for each level, its most frequent class."""
    groups = groups - groups.min()  # a level that is not known is -1
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
    groups = np.asarray(values - values.min(), np.int64)
    counts = np.bincount(groups)
    if np.count_nonzero(counts) > len(groups) / 5:
        return 0.0
    means = np.bincount(groups, y) / np.maximum(counts, 1)
    return float((counts * (means - y.mean()) ** 2).sum() / len(y) / spread)
