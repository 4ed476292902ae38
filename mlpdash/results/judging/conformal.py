"""How far one net's predictions can be off: split-conformal prediction.

Rows that were not trained on show how large mistakes are; as wide as `LEVEL` of them need is what
a new row gets, whatever the net and the data, as long as new rows are like these (Vovk et al.,
Algorithmic Learning in a Random World, 2005; Lei et al., JASA 113, 2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.rows import Floats, actual_values

LEVEL: Final = 0.9
CALIBRATED_ON: Final = ("validation", "test")  # the first that has enough rows


@dataclass(frozen=True)
class Margins:
    """How much room a prediction needs.

    Attributes
    ----------
    level : share of rows whose true value then lies inside
    part, rows : the part of the split that says so, and how many rows it has
    widths : (outputs,) to either side of a value, in its units; of classes (1,), the most that a
        class may lack to certainty
    """

    level: float
    part: str
    rows: int
    widths: tuple[float, ...]

    def interval(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the two ends around values (rows, outputs)."""
        return values - self.widths, values + np.array(self.widths)

    def sets(self, probability: Floats) -> NDArray[np.bool_]:
        """Return which classes cannot be ruled out, (rows, K); the likeliest is always there."""
        inside = 1 - probability <= self.widths[0]
        inside[np.arange(len(probability)), probability.argmax(1)] = True
        return inside


def margins_of(prepared: Prepared, outputs: Floats, level: float = LEVEL) -> Margins | None:
    """Return the margins that held-out rows ask for; None where there are too few of them.

    Parameters
    ----------
    outputs : (all rows, K) probabilities, or values in the targets' units
    """
    for part in CALIBRATED_ON:
        rows = getattr(prepared.split, part)
        actual, said = actual_values(prepared)[rows], outputs[rows]
        if prepared.classes:
            off = 1 - said[np.arange(len(rows)), actual.astype(np.int64)][:, None]
        else:
            off = np.abs(actual - said)
        widths = quantile(off, level)
        if widths is not None:
            return Margins(level, part, len(rows), tuple(widths.tolist()))
    return None


def quantile(off: Floats, level: float) -> Floats | None:
    """Return the ceil((n + 1) level)-th smallest of n mistakes (n, K); None where n is too small.

    >>> quantile(np.arange(1.0, 20.0)[:, None], 0.9).tolist(), quantile(np.ones((8, 1)), 0.9)
    ([18.0], None)
    """
    place = math.ceil((len(off) + 1) * level)
    if place > len(off):
        return None
    return np.asarray(np.sort(off, axis=0)[place - 1])


def covered(prepared: Prepared, outputs: Floats, margins: Margins, part: str) -> float:
    """Return the share of a part's rows and outputs whose true value lies inside the margins."""
    rows = getattr(prepared.split, part)
    actual, said = actual_values(prepared)[rows], outputs[rows]
    if prepared.classes:
        inside = margins.sets(said)[np.arange(len(rows)), actual.astype(np.int64)]
    else:
        inside = np.abs(actual - said) <= margins.widths
    return float(inside.mean())
