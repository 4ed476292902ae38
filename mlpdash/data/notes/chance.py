"""Whether rows that come twice are no chance: copies, not the same few values once more.

In a coarse table, such as class, sex and survived of the Titanic, rows agree by chance, and far
more pairs of rows agree in all columns but one. Copies agree in all columns as often as in all but
one. A column whose agreement the others cannot explain, such as a weight to the gram, tells
nothing against copies: there, all but that one can agree by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

LOOKED_AT: Final = 2_000  # held-out rows
COMPARED: Final = 5_000  # rows that are learned from
MOST_COLUMNS: Final = 64
FEW_BY_CHANCE: Final = 0.05  # of the pairs; columns that depend on others make more of them
MORE_THAN_CHANCE: Final = 4  # times as often as any two rows agree in the column


def are_copies(
    pairs: int, mine: Hashes, theirs: Hashes, columns: Iterable[tuple[Hashes, Hashes]], each: int
) -> bool:
    """Tell whether rows that are also among the training rows are copies of them.

    Parameters
    ----------
    pairs : of a held-out and a training row that agree in all columns
    mine, theirs : some held-out and some training rows, a sum of what their columns give
    columns : what each column gives to the sums of both
    each : how many pairs one of these pairs of rows stands for
    """
    agree, near = agreeing(mine, theirs), 0
    expected = float(each * len(mine) * len(theirs))  # if columns were independent
    once = np.unique(theirs, return_index=True)[1]  # copies would make each column look coarse
    for of_mine, of_theirs in columns:
        without = agreeing(mine - of_mine, theirs - of_theirs)
        chance = _chance(of_theirs[once])
        expected *= chance
        if without > agree and agree <= without * MORE_THAN_CHANCE * chance:
            near += (without - agree) * each
    return near < pairs and expected < pairs * FEW_BY_CHANCE


def agreeing(mine: Hashes, theirs: Hashes) -> int:
    """Count the pairs of one of `mine` and one of `theirs` that are the same."""
    ordered = np.sort(mine)
    ends = np.searchsorted(ordered, theirs, "right") - np.searchsorted(ordered, theirs, "left")
    return int(ends.sum())


def _chance(cells: Hashes) -> float:
    """Return the share of pairs of rows that agree in a column."""
    _levels, counts = np.unique(cells, return_counts=True)
    counts = counts.astype(np.float64)
    return float((counts * (counts - 1)).sum() / max(1, len(cells) * (len(cells) - 1)))
