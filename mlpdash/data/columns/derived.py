"""Which columns of numbers were made of others: logarithms, products, ratios, sets of 0/1.

Rows are compared as they are, a gap in either column aside. Numbers count as the same if no more
than rounding to float32 is left once one is scaled to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats

Ints = NDArray[np.int64]
Made = Callable[[Floats, Floats], Floats]

SAME: Final = 1e-9  # of the variance, may be left
FEWEST: Final = 15  # rows in which both are there
FIRST_ROWS: Final = 48  # which tell of most columns that they are no function of others
FEWEST_APART: Final = 5  # rows with another number than most; fewer agree by chance
MOST_PAIRED: Final = 30  # columns of which two are multiplied or divided
FEWEST_OF_SET: Final = 3
OVERLAP: Final = 10.0  # rows in two columns of a set that would be expected by chance


def derived_columns(cells: Floats) -> set[int]:
    """Return the places of the columns that are a function of one or two of the others.

    A logarithm or a square follows from the number wherever it stands. Of numbers in two units the
    last follows, and so it does of three where two, added, subtracted, multiplied or divided, are
    the third.

    Parameters
    ----------
    cells : (rows, columns), NaN for gaps
    """
    varied = cells[:, (places := [n for n in range(cells.shape[1]) if _varies(cells[:, n])])]
    if len(places) < 2:
        return set()
    some = varied[:: len(varied) // FIRST_ROWS + 1]
    found: set[int] = set()
    with np.errstate(all="ignore"):
        for function, first, second in _ways(varied):
            tried = function(some[:, first], some[:, second])
            likely = _agree(some, tried, FEWEST // 2).any(axis=0) | ~_vary(tried)
            first, second = first[likely], second[likely]
            same = _agree(varied, function(varied[:, first], varied[:, second]), FEWEST)
            for own, one in zip(*np.nonzero(same), strict=True):
                is_last = function in ALONE or own > max(first[one], second[one])
                if own not in (first[one], second[one]) and is_last:
                    found.add(places[own])
    return found


def sets_of_flags(cells: Floats) -> set[int]:
    """Return the places of 0/1 columns beside each other of which each row has one at most.

    Parameters
    ----------
    cells : (rows, columns), NaN for gaps
    """
    is_flag = [bool(np.isin(column, (0, 1)).all()) and _varies(column) for column in cells.T]
    found: set[int] = set()
    at = 0
    while at < len(is_flag):
        end, total = at, np.zeros(len(cells))
        while end < len(is_flag) and is_flag[end] and (total + cells[:, end]).max() <= 1:
            total, end = total + cells[:, end], end + 1
        if end - at >= FEWEST_OF_SET:
            counts = cells[:, at:end].sum(axis=0)
            overlap = (counts.sum() ** 2 - (counts**2).sum()) / 2 / len(cells)
            found |= set(range(at, end)) if overlap >= OVERLAP else set()
        at = max(end, at + 1)
    return found


def _varies(column: Floats) -> bool:
    """Tell whether enough rows have another number than most."""
    present = column[~np.isnan(column)]
    if len(present) < FEWEST:
        return False
    _levels, counts = np.unique(present, return_counts=True)
    return bool(len(present) - counts.max() >= FEWEST_APART)


def _ways(cells: Floats) -> Iterator[tuple[Made, Ints, Ints]]:
    """Yield functions, and of which columns they are taken."""
    several = np.array([len(np.unique(column)) > 2 for column in cells.T])  # others stay the same
    every, some = np.arange(cells.shape[1]), np.flatnonzero(several)
    yield _itself, every, every
    for function in ALONE:
        yield function, some, some
    first, second = np.triu_indices(min(len(every), MOST_PAIRED), 1)
    yield np.multiply, first, second
    both = several[first] & several[second]
    yield np.divide, first[both], second[both]
    yield np.divide, second[both], first[both]
    yield np.add, first[both], second[both]
    yield np.subtract, first[both], second[both]


def _itself(first: Floats, second: Floats) -> Floats:
    return first


def _logarithm(first: Floats, second: Floats) -> Floats:
    return np.log(first)


def _logarithm_of_more(first: Floats, second: Floats) -> Floats:
    return np.log1p(first)


def _square(first: Floats, second: Floats) -> Floats:
    return first * first


ALONE: Final = (_logarithm, _logarithm_of_more, _square)


def _vary(cells: Floats) -> NDArray[np.bool_]:
    """Tell which columns have more than one number."""
    return np.asarray(np.fmax.reduce(cells) > np.fmin.reduce(cells), np.bool_)


def _agree(cells: Floats, made: Floats, fewest: int) -> NDArray[np.bool_]:
    """Return (columns, made), whether one is the other times a factor and plus a constant."""
    (a, has_a), (b, has_b) = _scaled(cells), _scaled(made)
    found = np.zeros((a.shape[1], b.shape[1]), dtype=bool)
    all_a, all_b = has_a.all(axis=0), has_b.all(axis=0)
    whole = np.abs(a[:, all_a].T @ b[:, all_b]) / len(a)
    found[np.ix_(all_a, all_b)] = whole**2 >= 1 - SAME
    for some, others in ((all_a, ~all_b), (~all_a, all_b | ~all_b)):
        if some.any() and others.any():
            parts = (a[:, some], has_a[:, some], b[:, others], has_b[:, others], fewest)
            found[np.ix_(some, others)] = _agree_in_part(*parts)
    return found


def _agree_in_part(
    a: Floats, has_a: Floats, b: Floats, has_b: Floats, fewest: int
) -> NDArray[np.bool_]:
    """Return the same for scaled columns with gaps."""
    n = has_a.T @ has_b
    of_a, of_b = a.T @ has_b, has_a.T @ b
    square_a, square_b = (a**2).T @ has_b, has_a.T @ b**2
    about_a, about_b = n * square_a - of_a**2, n * square_b - of_b**2
    shared = n * (a.T @ b) - of_a * of_b
    least = SAME * n**2
    enough = (n >= fewest) & (n >= 0.5 * has_a.sum(axis=0)[:, None])
    left = about_a * about_b - shared**2
    varies = (about_a > least) & (about_b > least)
    return np.asarray(enough & varies & (left <= SAME * about_a * about_b), np.bool_)


def _scaled(cells: Floats) -> tuple[Floats, Floats]:
    """Return columns about 0 and of size 1, zeros for gaps, and where they have a number."""
    has = np.isfinite(cells)
    count = np.maximum(1, has.sum(axis=0))
    filled = np.where(has, cells, 0.0)
    filled = np.where(has, filled - filled.sum(axis=0) / count, 0.0)
    size = np.sqrt((filled**2).sum(axis=0) / count)
    return filled / np.where(size > 0, size, 1), has.astype(np.float64)
