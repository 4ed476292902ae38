"""Whole numbers with more digits than a float holds: codes where many are, as of accounts."""

from __future__ import annotations

from typing import Final

import numpy as np

from mlpdash.data.cells.cells import Floats

EXACT: Final = 2.0**53  # whole numbers beyond it are not exact as floats
DIGITS: Final = 15  # that a float always holds
CODES_FROM: Final = 0.1  # share of long numbers that makes codes; fewer are odd measurements
LOOKED_AT: Final = 2_000  # long ones whose digits are counted


def are_long_codes(present: Floats, low: float, high: float, *, exact: bool) -> bool:
    """Tell whether many numbers of a column are whole and written with more digits than a float's.

    A float tells of its digits that 1.10e18 has three of them and 1234567890123456789 has more
    than 15.

    Parameters
    ----------
    low, high : the least and the greatest
    exact : they are integers, and so all written as digits
    """
    if max(-low, high) <= EXACT or not (present % 1 == 0).all():
        return False
    long = present[np.abs(present) > EXACT]
    if len(long) < CODES_FROM * len(present):
        return False
    some = long[:LOOKED_AT].tolist()
    return exact or sum(_digits(number) > DIGITS for number in some) > len(some) / 2


def are_long(levels: list[str]) -> bool:
    """Tell whether many distinct cells are such numbers, and more than have a decimal mark."""
    long = sum(level.isdecimal() and len(level) > DIGITS and int(level) > EXACT for level in levels)
    if not long or long < CODES_FROM * len(levels):
        return False
    return long > sum(any(c in ".," for c in level) for level in levels)


def _digits(number: float) -> int:
    """Return how many digits a float needs, without zeros at its ends."""
    return len(repr(abs(number)).partition("e")[0].replace(".", "").strip("0"))
