"""What makes a result look better than it is: rows that come twice, inputs that know the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.notes.one_column_scores import Y, leaking_columns
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.splitting import Split
from mlpdash.text import _, brief, listed, n_

PIECE: Final = 1 << 16  # numbers of x
SIEVE: Final = 24  # bits


def about_leaks(prepared: Prepared, *, own: bool) -> list[str]:
    """Return sentences about repeated rows across the split, and columns that give too much away.

    Parameters
    ----------
    own : whether it is a person's own table, whose columns are looked at
    """
    notes = []
    repeated = repeated_rows(prepared.x, prepared.y, prepared.split)
    if repeated:
        sentence = n_(
            "{n:,} held-out row also stands among the training rows, so scores on it are too good.",
            "{n:,} held-out rows also stand among the training rows, so scores on them are too "
            "good.",
            repeated,
        )
        notes.append(sentence.format(n=repeated))
    if own:
        train = prepared.split.train
        telling = leaking_columns(prepared.raw, prepared.y, prepared.features, train)
        notes += [
            _about_telling(columns, target, len(prepared.targets))
            for target, columns in zip(prepared.targets, telling, strict=True)
            if columns
        ]
    return notes


def _about_telling(columns: Sequence[str], target: str, targets: int) -> str:
    """Say which columns give a target away; it is named where there are several."""
    sentence = n_(
        "One column alone nearly gives {target} away: {columns}. Ignore it unless it is known "
        "before the target is.",
        "Each of these columns alone nearly gives {target} away: {columns}. Ignore those that "
        "are not known before the target is.",
        len(columns),
    )
    called = f'"{brief(target)}"' if targets > 1 else _("the target")
    return sentence.format(target=called, columns=listed(columns))


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
