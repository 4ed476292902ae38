"""Rows cut into folds: each is held out once in every repeat."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Cure
from mlpdash.data.preparing.splitting import LEAST_TRAINING, IntArray, Split
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.text import _


def with_folds(
    split: Split,
    spec: DataSpec,
    *,
    by: NDArray[np.float64] | None = None,
    order: IntArray | None = None,
    groups: IntArray | None = None,
) -> Split:
    """Return the split with its training rows cut into `spec.folds` folds, `spec.repeats` times.

    Parameters
    ----------
    split : without validation rows
    by : (rows,) classes or values of which each fold gets its share; None deals by chance
    order : (rows,) row indices from the earliest to the latest: folds are stretches of time
    groups : (rows,) codes of groups that stay together

    Raises
    ------
    DataError : there are too few rows or groups
    """
    if spec.folds is None:
        return split
    rows, folds = split.train, spec.folds
    _check_rows(len(rows), folds)
    random = np.random.Generator(np.random.PCG64([spec.split_seed, 1]))
    if order is not None:
        cuts = [_stretches(rows, order, folds)] * spec.repeats
    elif groups is not None:
        cuts = [_whole_groups(groups[rows], folds, random) for _again in range(spec.repeats)]
    else:
        near = np.zeros(len(rows)) if by is None else by[rows]
        cuts = [dealt(near, folds, random) for _again in range(spec.repeats)]
    return replace(split, validation=rows, folds=np.stack(cuts))


def _check_rows(rows: int, folds: int) -> None:
    if rows < folds or rows - -(-rows // folds) < LEAST_TRAINING:
        raise DataError(
            _("{rows:,} rows to learn from are too few for {folds} folds; use fewer folds.").format(
                rows=rows, folds=folds
            ),
            [without_folds()],
        )


def without_folds() -> Cure:
    """Return the decision not to cut rows into folds."""
    return Cure(_("Train without folds"), data={"folds": None})


def dealt(by: NDArray[Any], folds: int, random: np.random.Generator) -> IntArray:
    """Return the fold of each row, (rows,): each run of `folds` rows that are neighbours in `by`,
    (rows,), is dealt to all of them by chance.
    """
    shuffled = random.permutation(len(by))
    sorted_rows = shuffled[np.argsort(by[shuffled], kind="stable")]
    runs = -(-len(by) // folds)
    dealt = random.permuted(np.tile(np.arange(folds), (runs, 1)), axis=1).ravel()
    found = np.empty(len(by), np.int64)
    found[sorted_rows] = dealt[: len(by)]
    return found


def _stretches(rows: IntArray, order: IntArray, folds: int) -> IntArray:
    """Cut rows into stretches of time of the same length, (rows,)."""
    ordered = order[np.isin(order, rows)]
    found = np.empty(len(rows), np.int64)
    found[np.searchsorted(rows, ordered)] = np.arange(len(rows)) * folds // len(rows)
    return found


def _whole_groups(groups: IntArray, folds: int, random: np.random.Generator) -> IntArray:
    """Deal whole groups, the large ones first, each to the smallest fold, (rows,).

    Raises
    ------
    DataError : there are fewer groups than folds
    """
    counts = np.bincount(groups)
    used = random.permutation(np.flatnonzero(counts))
    if len(used) < folds:
        fewer = Cure(_("Use {n} folds").format(n=len(used)), data={"folds": len(used)})
        raise DataError(
            _("there are {n:,} groups, which {folds} folds cannot share; use fewer folds.").format(
                n=len(used), folds=folds
            ),
            [*([fewer] if len(used) > 1 else []), without_folds()],
        )
    fold_of, sizes = np.zeros(len(counts), np.int64), np.zeros(folds, np.int64)
    for group in used[np.argsort(-counts[used], kind="stable")].tolist():
        fold_of[group] = sizes.argmin()
        sizes[fold_of[group]] += counts[group]
    return fold_of[groups]
