"""Numbers that look like codes for missing values: -999, 99, 9999; far outside, and repeated."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats

_DIGITS: Final = range(1, 11)
_NINES: Final = tuple(float("9" * n) for n in _DIGITS)
_EIGHTS: Final = tuple(float(digit * n) for digit in "78" for n in range(2, 6))
_FRACTIONS: Final = (9.9, 9.99, 99.9, 99.99, 99.999, 999.9, 999.99, 999.25, 9999.9, 9999.99)
_LIMITS: Final = (32767.0, 65535.0, 2147483647.0)
_NEAR: Final = tuple(nines - n for nines in _NINES[:6] for n in (1, 2, 3))  # 98, 97 and 96
LAST: Final = frozenset((*_NINES, *_EIGHTS, *_FRACTIONS, *_LIMITS))
HIGH: Final = LAST | frozenset(_NEAR)
LOW: Final = frozenset((*(-code for code in HIGH), -1.0, -2.0, -3.0, -32768.0, -2147483648.0))
SMALL: Final = -7.0  # codes above it, such as -1, are often numbers
MOST_CODES: Final = 4  # of one column, at each end
LEAST_GAP: Final = 3.0
MANY: Final = 10  # distinct numbers, of which -1 may be one although 0 is among them
OFTEN: Final = 5  # times that a round number below zero repeats


def likely_codes(present: Floats) -> tuple[float, ...]:
    """Return those of a column's numbers, (cells,), that look like codes for missing values."""
    if len(present) < MANY:
        return ()
    low, high = float(present.min()), float(present.max())
    if low not in LOW and not _is_round(low) and not _ends_apart(present, low, high):
        return ()
    values, counts = np.unique(present, return_counts=True)
    below = _codes_below(values, counts)
    above = _codes_above(values[below:], counts[below:])
    if above and not below:
        below = _codes_below(values[:-above], counts[:-above])
    return (*values[:below].tolist(), *values[len(values) - above :].tolist())


def _ends_apart(present: Floats, low: float, high: float) -> bool:
    """Tell whether the greatest number may be a code; sorting thousands of columns takes long."""
    if high not in LAST:
        return False
    rest = float(present[present < high - LEAST_GAP].max(initial=low))
    return rest in HIGH or high - rest >= rest - low


def _is_round(low: float) -> bool:
    """Tell whether a number below zero is like -200."""
    return low <= -100 and low % 100 == 0


def _codes_above(values: Floats, counts: NDArray[np.int64]) -> int:
    """Return how many of the greatest values, in order, are likely to be codes."""
    if not len(values) or values[-1] not in LAST:
        return 0
    for n in range(1, min(MOST_CODES, len(values) - 2) + 1):
        if values[-n] not in HIGH:
            return 0
        rest = values[:-n]
        if _is_far(values[-n] - rest[-1], rest):
            return n if counts[-n:].max() > 1 else 0
    return 0


def _codes_below(values: Floats, counts: NDArray[np.int64]) -> int:
    """Return how many of the least values, in order, are likely to be codes."""
    for n in range(1, min(MOST_CODES, len(values) - 2) + 1):
        code = values[n - 1]
        if code not in LOW and not (n == 1 and _is_round(code) and counts[0] >= OFTEN):
            return 0
        if _is_outside(values, n, counts):
            return n if counts[:n].max() > 1 else 0
    return 0


def _is_far(gap: float, rest: Floats) -> bool:
    """Tell whether a gap is wider than the range of the rest, of two values three times as wide."""
    times = 1 if len(rest) >= LEAST_GAP else LEAST_GAP
    return bool(gap >= max(LEAST_GAP, times * (rest[-1] - rest[0])))


def _is_outside(values: Floats, n: int, counts: NDArray[np.int64]) -> bool:
    """Tell whether the first n values, in order, lie apart from the rest."""
    code, rest = values[n - 1], values[n:]
    if _is_far(rest[0] - code, rest):
        return True
    if rest[0] < 0:
        return False
    if code <= SMALL or (rest[0] >= 1 and len(rest) >= LEAST_GAP):
        return True
    return len(rest) >= MANY and bool(counts[n - 1] >= 2 * counts[n : n + 2].max())
