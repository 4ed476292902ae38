"""The fixed rows that pictures show: at most 2,000, the same in the server and in the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mlpdash.data.preparing.prepared import Prepared

MOST_EACH: Final = 1_000

Indices = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Sample:
    """Row indices into `Prepared`: of training rows and of held-out (validation) rows.

    With folds, where each row is both, all are held out.
    """

    train: Indices
    held_out: Indices


def sample_rows(prepared: Prepared) -> Sample:
    """Choose at most 1,000 training and 1,000 validation rows, stratified by class.

    Rows come in order of time where the table has one, else in the table's order. The choice
    depends on the split alone, so that it is the same wherever it is made.
    """
    split = prepared.split
    train = split.train if split.folds is None else split.train[:0]
    return Sample(_some(prepared, train), _some(prepared, split.validation))


def _some(prepared: Prepared, rows: Indices) -> Indices:
    rows = np.sort(rows)
    if len(rows) > MOST_EACH:
        # Sorted by target, every n-th row has each class, or each range of values, in proportion.
        target = prepared.y[rows] if prepared.y.ndim == 1 else prepared.y[rows, 0]
        shuffled = np.random.default_rng(0).permutation(len(rows))
        by_target = shuffled[np.argsort(target[shuffled], kind="stable")]
        spaced = np.linspace(0, len(rows) - 1, MOST_EACH).round().astype(np.int64)
        rows = np.sort(rows[by_target[spaced]])
    if prepared.time is not None:
        rows = rows[np.argsort(prepared.time[rows], kind="stable")]
    return rows
