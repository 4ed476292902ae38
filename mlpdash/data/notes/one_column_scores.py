"""Columns each of which alone tells the target almost perfectly.

Numbers are judged by their order: by rank correlation with a number that is predicted, and for
classes by the best interval for each. Categories, and numbers of few values, are judged by what the
other rows with the same value say (leave one out). A score counts only where so good a one among
so many columns is no chance: the bounds count the orders of the target that would score as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.splitting import IntArray

LOOKED_AT: Final = 2_000  # training rows that a column is judged by
CELLS: Final = 1_000_000  # that are looked at; of very many columns fewer rows
FEWEST_LOOKED_AT: Final = 200
POOL: Final = 100_000  # training rows in which those of rare classes are looked for
BLOCK: Final = 500_000  # cells that are sorted together
GIVES_AWAY: Final = 0.995  # balanced accuracy, or share of the variance, that one column reaches
LEAST: Final = 5  # rows of a class, or that differ from the most frequent number
BY_CHANCE: Final = np.log(1e-3)  # that any column of pure noise scores so well
FEW: Final = 20  # distinct numbers that can be codes

Y = NDArray[np.int64] | NDArray[np.float32]


@dataclass(frozen=True)
class _Block:
    """Some columns of a sample; levels are the distinct values, smallest first.

    Attributes
    ----------
    order : (columns, rows), the rows from the smallest value to the largest
    level : (columns, rows), of each row, counted through all columns
    sizes : (levels,), rows
    owner : (levels,), the column each is of
    counts : (columns,), levels
    """

    order: IntArray
    level: IntArray
    sizes: IntArray
    owner: IntArray
    counts: IntArray


def leaking_columns(
    raw: Floats, y: Y, features: Sequence[Feature], train: IntArray
) -> list[list[str]]:
    """Return for each target the columns that tell it almost perfectly, each alone.

    Parameters
    ----------
    raw, y : as in `Prepared`
    train : the rows that are learned from
    """
    classes = y.ndim == 1
    most = int(np.clip(CELLS // max(1, len(features)), FEWEST_LOOKED_AT, LOOKED_AT))
    rows = _of_each_class(y, train, most) if classes else _spaced(train, most)
    target: NDArray[Any] = y[rows]
    tried = len(features) * (1 if classes else target.shape[1])
    each = max(1, BLOCK // max(1, len(rows)))
    found: list[list[str]] = [[] for _target in range(1 if classes else target.shape[1])]
    tell: Any = _tell_classes if classes else _tell_numbers
    for at in range(0, len(features), each):
        some = features[at : at + each]
        block = _block(_values(raw[rows, at : at + each], some))
        is_number = np.array([not isinstance(feature, Category) for feature in some])
        for names, flags in zip(found, tell(block, is_number, target, tried), strict=True):
            names += [some[n].column for n in np.flatnonzero(flags).tolist()]
    return [list(dict.fromkeys(names)) for names in found]


def _spaced(rows: IntArray, most: int) -> IntArray:
    places = np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64)
    return rows[places]


def _of_each_class(y: Y, train: IntArray, most: int) -> IntArray:
    """Return about `most` rows, of each class as many as of another where it has them."""
    pool = _spaced(train, POOL)
    codes = y[pool].astype(np.int64)
    sizes = np.bincount(codes)
    each = max(LEAST, most // max(1, int(np.count_nonzero(sizes))))
    if len(pool) <= most:
        return pool
    by_class = np.split(pool[np.argsort(codes, kind="stable")], np.cumsum(sizes)[:-1])
    return np.sort(np.concatenate([_spaced(rows, each) for rows in by_class if len(rows)]))


def _values(raw: Floats, features: Sequence[Feature]) -> Floats:
    """Return cells as (columns, rows); a gap that the net is told of is a value of its own."""
    gap = [-np.inf if feature.indicator else feature.typical for feature in features]
    return np.ascontiguousarray(np.where(np.isnan(raw), gap, raw).T)


def _block(values: Floats) -> _Block:
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    begins = np.ones(values.shape, dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    counts = begins.sum(axis=1)
    levels = (np.cumsum(begins) - 1).reshape(begins.shape)
    level = np.empty_like(levels)
    np.put_along_axis(level, order, levels, axis=1)
    owner = np.repeat(np.arange(len(values)), counts)
    return _Block(order, level, np.bincount(levels.ravel()), owner, counts)


def _tell_numbers(
    block: _Block, is_number: NDArray[np.bool_], target: NDArray[np.float32], tried: int
) -> list[NDArray[np.bool_]]:
    """Judge columns for each of the numbers that are predicted, target (rows, targets)."""
    rows = len(target)
    ranks = (np.cumsum(block.sizes) - (block.sizes - 1) / 2)[block.level]
    ranks -= ranks.mean(axis=1, keepdims=True)
    is_levels = (~is_number | (block.counts <= FEW)) & (block.counts <= rows / 2)
    found = []
    for column in target.astype(np.float64).T:
        of_target = _block(column[None])
        if rows - of_target.sizes.max() < LEAST:
            found.append(np.zeros(len(ranks), dtype=bool))
            continue
        own = (np.cumsum(of_target.sizes) - (of_target.sizes - 1) / 2)[of_target.level[0]]
        own -= own.mean()
        likely = _ways(of_target.sizes) - _ways(np.array([rows])) + np.log(2 * tried)
        score = np.abs(ranks @ own) / (own @ own)  # 1 where nothing of the order is lost
        in_order = is_number & (score >= np.sqrt(GIVES_AWAY)) & (likely <= BY_CHANCE)
        flags = in_order | (
            is_levels
            & (_explained(block, column) >= GIVES_AWAY)
            & (_explained(block, own) >= 0.5)  # not one outlier alone
            & (_luck_of_means(block, of_target.sizes, rows) + np.log(tried) <= BY_CHANCE)
        )
        found.append(flags)
    return found


def _ways(sizes: NDArray[Any]) -> float:
    """Return the logarithm of the number of orders of rows within groups of these sizes."""
    return float(_log_factorial(sizes).sum())


def _log_factorial(n: NDArray[Any]) -> Floats:
    most = int(n.max(initial=0))
    return np.asarray(np.cumsum(np.log(np.maximum(1, np.arange(most + 1))))[n])


def _log_choose(n: NDArray[Any], k: NDArray[Any]) -> Floats:
    return _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)


def _explained(block: _Block, values: Floats) -> Floats:
    """Return the share of the variance, (columns,), that the mean of the other rows of a level
    explains; a row that is alone in its level gets the mean of all."""
    y = values - values.mean()
    many = np.broadcast_to(y, block.level.shape).ravel()
    sums = np.bincount(block.level.ravel(), many)
    squares = np.bincount(block.level.ravel(), many**2)
    sizes = block.sizes
    within = np.maximum(0, squares - sums**2 / sizes) * (sizes / np.maximum(1, sizes - 1)) ** 2
    lost = np.bincount(block.owner, np.where(sizes == 1, squares, within))
    return np.asarray(1 - lost / (y @ y))


def _luck_of_means(block: _Block, ties: IntArray, rows: int) -> Floats:
    """Bound the logarithm of the chance, (columns,), that levels of noise fit the numbers."""
    orders = np.bincount(block.owner, _log_factorial(block.sizes))
    named = _log_factorial(block.counts)
    return np.asarray(named + np.maximum(orders, _ways(ties)) - _ways(np.array([rows])))


def _tell_classes(
    block: _Block, is_number: NDArray[np.bool_], target: IntArray, tried: int
) -> list[NDArray[np.bool_]]:
    """Judge columns for classes, target (rows,)."""
    rows, sizes = len(target), np.bincount(target)
    judged = np.flatnonzero((sizes >= LEAST) & (rows - sizes >= LEAST))
    if len(judged) < 2 or sizes[judged].sum() < 0.9 * rows:
        return [np.zeros(len(block.counts), dtype=bool)]
    fewest = sizes[judged].min()
    luck = _luck_of_class(fewest, rows) + np.log(tried)
    flags = is_number & (luck + np.log(rows) <= BY_CHANCE)
    flags[flags] = _by_intervals(block.order[flags], block, flags, target, judged) >= GIVES_AWAY
    is_levels = (~is_number | (block.counts <= FEW)) & (block.counts <= rows / 2)
    kinds = _log_choose(block.counts, np.minimum(fewest, block.counts) // 2)
    is_levels &= luck + kinds <= BY_CHANCE
    of_levels = np.flatnonzero(is_levels)
    for some in np.array_split(of_levels, 1 + block.counts[of_levels].sum() * len(sizes) // BLOCK):
        flags[some] |= _by_levels(block, some, target, judged) >= GIVES_AWAY
    return [flags]


def _luck_of_class(size: int, rows: int) -> float:
    """Return the logarithm of the chance that all rows of a class, and hardly any other, stand
    in one stretch whose place is given."""
    others = np.floor(2 * (1 - GIVES_AWAY) * (rows - size)).astype(int)
    few, all_rows = (np.array([n]) for n in (size + others, rows))
    return float((_log_choose(few, np.array([size])) - _log_choose(all_rows, np.array([size])))[0])


def _by_intervals(
    order: IntArray,
    block: _Block,
    some: NDArray[np.bool_],
    target: IntArray,
    judged: IntArray,
) -> Floats:
    """Return the balanced accuracy, (columns,), the mean over classes, of the interval of values
    that tells a class best from the others; (1 + Kuiper's statistic) / 2."""
    rows, left = len(target), np.arange(len(order))
    level = np.take_along_axis(block.level[some], order, axis=1)
    ends = np.ones(level.shape, dtype=bool)
    ends[:, :-1] = level[:, 1:] != level[:, :-1]
    lost = np.zeros(len(order))
    for code in judged:
        if not len(left):
            break
        own = target == code
        steps = np.where(own, 1 / own.sum(), -1 / (rows - own.sum()))
        ahead = np.where(ends[left], np.cumsum(steps[order[left]], axis=1), 0)
        lost[left] += (1 - (ahead.max(axis=1) - ahead.min(axis=1))) / 2 / len(judged)
        left = left[lost[left] <= 1 - GIVES_AWAY]
    return 1 - lost


def _by_levels(block: _Block, some: IntArray, target: IntArray, judged: IntArray) -> Floats:
    """Return the balanced accuracy, (columns,), of saying what the other rows of a level are."""
    many, sizes = int(target.max()) + 1, np.bincount(target)
    used = np.isin(block.owner, some)
    place = np.cumsum(used) - 1
    level = place[block.level[some]]
    cells = (level * many + target).ravel()
    table = np.bincount(cells, minlength=int(used.sum()) * many).reshape(-1, many)
    shares = table / np.maximum(1, sizes)
    first = shares.argmax(axis=1)
    highest = shares[np.arange(len(shares)), first]
    shares[np.arange(len(shares)), first] = -1
    second = shares.max(axis=1)
    others = np.where(first[:, None] == np.arange(many), second[:, None], highest[:, None])
    right = (table - 1) / np.maximum(1, sizes - 1) > others
    scores = (table * right / np.maximum(1, sizes))[:, judged].mean(axis=1)
    found = np.bincount(block.owner[used], scores, minlength=len(block.counts))
    return np.asarray(found[some], np.float64)
