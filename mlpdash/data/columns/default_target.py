"""Which columns are likely to be the target where a person named none: `Ranking`.

A candidate is any column that varies and can be predicted. Its score is the sum of

- its name: `target_names.SCORES`, and less if it is one of a row of names such as x1, x2, x3
- its place: `LAST` and `FIRST`
- what it holds: `MANY_CLASSES`, `MOSTLY_MISSING`, and `TOLD` where another column decides it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import is_number, matrix, numbers
from mlpdash.data.columns import target_names as names
from mlpdash.data.columns.default_task import MOST_CODES
from mlpdash.data.columns.profile import ColumnProfile
from mlpdash.specs import DataSpec
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

LAST: Final = 10  # the place of the target in most tables
FIRST: Final = 4
RISING: Final = -25  # a first column of many numbers in order
MANY_CLASSES: Final = -30
MOSTLY_MISSING: Final = -30
TOLD: Final = -20
UNLIKELY: Final = -20  # what scores less is not offered
MOST_CLASSES: Final = 1_000
MANY: Final = 30  # classes; or fewer than FEW_ROWS rows each
FEW_ROWS: Final = 5
LOOKED_AT: Final = 500  # rows in which a column is compared with the others
MOST_COMPARED: Final = 100  # columns
FEWEST_IN_ORDER: Final = 10  # distinct numbers, whose order is hardly that of others by chance
NOTHING_LEFT: Final = 1e-6  # of the variance
MOST_ADDED: Final = 40  # columns of numbers whose sum is compared with one
ROWS_ADDED: Final = 200
ENOUGH_ROWS: Final = 20  # more than the column has values that might decide another
MOST_TRIED: Final = 8  # candidates that are compared with the others
OFFERED: Final = 2  # besides the one chosen


@dataclass(frozen=True)
class Ranking:
    """The column that is chosen, why, and those that come next."""

    name: str
    why: str
    next: tuple[str, ...] = ()


def rank_targets(frame: pd.DataFrame, seen: Mapping[str, ColumnProfile], spec: DataSpec) -> Ranking:
    """Rank the columns that can be predicted; where there is none, the last one is taken."""
    candidates = _candidates(frame, seen, spec)
    constant = [name for name, found in seen.items() if found.kind == "constant"]
    named = max(constant, key=names.score_of_name, default="")
    by_name = _scores_of_names(candidates, seen)
    if named and names.score_of_name(named) >= names.SURE > max(by_name.values(), default=0):
        return Ranking(named, "")  # it is refused with a sentence about it
    if not candidates:
        return Ranking(named or list(seen)[-1], "")
    place = _scores_of_places(frame, candidates, by_name)
    held = {name: _held(frame, name, seen[name]) for name in candidates}
    score = {name: by_name[name] + place.get(name, 0) + held[name] for name in candidates}
    order = _in_order(frame, candidates, score, by_name)
    best = order[0]
    offered = [name for name in order[1:] if score[name] > UNLIKELY][:OFFERED]
    return Ranking(best, _why(best, candidates, by_name[best]), tuple(offered))


def _candidates(
    frame: pd.DataFrame, seen: Mapping[str, ColumnProfile], spec: DataSpec
) -> list[str]:
    decided, preparation = spec.preparation.by_column(), spec.preparation
    group = preparation.group if preparation.split == "group" else ""
    return [
        name
        for name, found in seen.items()
        if found.kind in ("number", "boolean", "category")
        and (name not in decided or decided[name].role in ("auto", "input"))
        and not (group and name == group)
        and not (found.kind == "category" and _too_many(frame[name]))
    ]


def _too_many(cells: pd.Series[Any]) -> bool:
    """Tell whether a category has more levels than classes can be."""
    return int(cells.nunique()) > most_classes(int(cells.notna().sum()))


def most_classes(rows: int) -> int:
    """Return how many classes `rows` rows can have at most."""
    return int(min(MOST_CLASSES, max(2, rows / 2)))


def _numbered(candidates: Sequence[str]) -> set[str]:
    """Return what names begin with of which at least three differ by a number only."""
    stems = Counter(map(names.stem_of, candidates))
    return {stem for stem, count in stems.items() if stem and count >= 3}


def _scores_of_names(
    candidates: Sequence[str], seen: Mapping[str, ColumnProfile]
) -> dict[str, int]:
    numbered = _numbered(candidates)
    lower = [name.strip().casefold() for name in candidates]
    others, alone = frozenset(lower), {*lower} <= {"x", "y", "z"}
    measured = [
        low for low, name in zip(lower, candidates, strict=True) if seen[name].kind == "number"
    ]
    all_numbered = all(names.stem_of(name) in numbered for name in candidates)

    def score(name: str) -> int:
        place = names.score_of_coordinate(name, measured, alone=alone)
        if place is not None:
            return place
        stem = names.stem_of(name)
        if stem in numbered:
            return 0 if all_numbered else names.AMONG_OTHERS + min(0, names.score_of_name(stem))
        if names.is_derived(name, others):
            return names.DERIVED
        return names.score_of_name(name)

    return {name: score(name) for name in candidates}


def _scores_of_places(
    frame: pd.DataFrame, candidates: Sequence[str], by_name: Mapping[str, int]
) -> dict[str, int]:
    """Return the scores of the last column, and of the first whose name does not speak against it.

    Numbers in front that never fall from row to row name the rows, or are what was set.
    """
    first = next((name for name in candidates if by_name[name] >= 0), candidates[0])
    rises = by_name[first] <= 0 and _rises(frame[first])
    return {first: RISING if rises else FIRST, candidates[-1]: LAST}


def _rises(cells: pd.Series[Any]) -> bool:
    """Tell whether cells are many different numbers, none less than the one before."""
    if not is_number(cells):
        return False
    found = numbers(cells)
    found = found[~np.isnan(found)]
    return bool((np.diff(found) >= 0).all()) and len(np.unique(found)) > MOST_CODES


def _held(frame: pd.DataFrame, name: str, found: ColumnProfile) -> int:
    """Return what the cells of a column take from its score."""
    score = MOSTLY_MISSING if found.missing > len(frame) / 2 else 0
    if found.kind == "number" and (less := names.MEASURED.get(names.score_of_name(name))):
        score += less if frame[name].nunique() > MOST_CODES else 0
    if found.kind == "category":
        classes = int(frame[name].nunique())
        present = len(frame) - found.missing
        score += MANY_CLASSES if classes > MANY or present < FEW_ROWS * classes else 0
    return score


def _in_order(
    frame: pd.DataFrame,
    candidates: Sequence[str],
    score: dict[str, int],
    by_name: Mapping[str, int],
) -> list[str]:
    """Return the candidates, best first; one that another column decides loses by it.

    Where no name tells, the best are compared with the others until one stays the best.
    """
    place = {name: n for n, name in enumerate(candidates)}

    def order() -> list[str]:
        return sorted(candidates, key=lambda name: (score[name], place[name]), reverse=True)

    likely = sum(by_name[name] > UNLIKELY for name in candidates)
    if likely < 3 or {names.stem_of(name) for name in candidates} <= _numbered(candidates):
        return order()  # too few, or columns without names of their own
    compared = _Compared(frame, candidates)
    tried: set[str] = set()
    while len(tried) < MOST_TRIED:
        best = order()[0]
        if best in tried or by_name[best] > 0:
            break
        tried.add(best)
        if compared.is_told(best):
            score[best] += TOLD
    return order()


class _Compared:
    """Tells whether a column follows from another one, in some rows of a table."""

    def __init__(self, frame: pd.DataFrame, candidates: Sequence[str]) -> None:
        self.some = frame.iloc[:: max(1, len(frame) // LOOKED_AT)]
        self.names = candidates[:MOST_COMPARED]
        self.place = {name: n for n, name in enumerate(candidates)}
        self.codes: dict[str, NDArray[np.int64]] = {}

    def is_told(self, name: str) -> bool:
        """Tell whether each value of another column goes with one value of this one."""
        mine = self._codes(name)
        return (
            self._is_counted(name)
            or self._is_sum(name)
            or any(
                self._decides(other, name, self._codes(other), mine)
                for other in self.names
                if other != name
            )
        )

    def _is_counted(self, name: str) -> bool:
        """Tell whether a column counts the rows: 1, 2, 3, ..."""
        cells = self.some[name]
        if len(self.some) <= FEWEST_IN_ORDER or not is_number(cells):
            return False
        steps = np.diff(numbers(cells))
        return bool(steps[0] in (1, -1) and (steps == steps[0]).all())

    def _is_sum(self, name: str) -> bool:
        """Tell whether the numbers in front of a column add up to it, each times a factor."""
        if not is_number(self.some[name]):
            return False
        before = [n for n in self.names[: self.place[name]] if is_number(self.some[n])]
        before = before[-MOST_ADDED:]
        cells = matrix(self.some.iloc[:: len(self.some) // ROWS_ADDED + 1], [*before, name])
        cells = cells[~np.isnan(cells).any(axis=1)]
        rows = len(cells)
        if not before or rows < len(before) + ENOUGH_ROWS:
            return False
        cells = cells - cells.mean(axis=0)
        scale = cells.std(axis=0)
        if scale[-1] == 0:
            return False
        cells = cells[:, scale > 0] / scale[scale > 0]
        found = np.linalg.lstsq(cells[:, :-1], cells[:, -1], rcond=None)[0]
        left = cells[:, -1] - cells[:, :-1] @ found
        return bool(left @ left < NOTHING_LEFT * rows)

    def _codes(self, name: str) -> NDArray[np.int64]:
        """Return the place of each cell among the distinct ones, numbers in order; 0 is a gap."""
        if name not in self.codes:
            cells = self.some[name]
            codes, _levels = cells.factorize(sort=is_number(cells))
            self.codes[name] = np.asarray(codes + 1, np.int64)
        return self.codes[name]

    def _decides(
        self, other: str, name: str, theirs: NDArray[np.int64], mine: NDArray[np.int64]
    ) -> bool:
        many, levels, rows = int(mine.max()), int(theirs.max()), len(mine)
        if many > levels or (many == levels and self.place[other] > self.place[name]):
            return False
        if many > FEWEST_IN_ORDER and np.array_equal(mine, theirs):
            return names.score_of_name(other) >= 0  # not a time, behind which a count rises
        if levels > rows / 3 or rows - levels < ENOUGH_ROWS:  # it could be chance
            return False
        pairs = np.unique(theirs * (many + 1) + mine)
        return len(pairs) == len(np.unique(pairs // (many + 1)))


def _why(name: str, candidates: Sequence[str], by_name: int) -> str:
    if by_name > 0:
        return _("chosen for its name")
    if len(candidates) == 1:
        return _("the only column that can be predicted")
    if name == candidates[-1]:
        return _("chosen because it is the last column that can be predicted")
    return _("chosen because the columns behind it are less likely targets")
