"""Which columns are likely to be the target where a person named none: `Ranking`.

A candidate is any column that varies and can be predicted. Its score is the sum of

- its name: `target_names.SCORES`, and less if it is one of a row of names such as x1, x2, x3
- its place: `LAST` and `FIRST`
- what it holds: `MANY_CLASSES`, `MOSTLY_MISSING`, and `TOLD` where another column decides it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.data.cells.cells import is_number, matrix, numbers
from mlpdash.data.columns import target_names as names
from mlpdash.data.columns.compared import LOOKED_AT, MOST_COMPARED, Compared
from mlpdash.data.columns.default_task import MOST_CODES
from mlpdash.data.columns.design import crossed_columns
from mlpdash.data.columns.profile import ColumnProfile
from mlpdash.specs import DataSpec
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

LAST: Final = 10  # the place of the target in most tables
FIRST: Final = 4
FIRST_ONES: Final = 2
FAR_FROM: Final = -40  # names of what stands in front of a table, such as ids and years
RISING: Final = -25  # a first column of many numbers in order
MANY_CLASSES: Final = -30
MOSTLY_MISSING: Final = -30
TOLD: Final = -20
CROSSED: Final = -20  # settings of an experiment
MOSTLY_ZERO: Final = 3
ZEROS: Final = (0.3, 0.95)  # share of an amount
FEWEST_AMOUNTS: Final = 5
UNLIKELY: Final = -20  # what scores less is not offered
MOST_CLASSES: Final = 1_000
MANY: Final = 30  # classes; or fewer than FEW_ROWS rows each
FEW_ROWS: Final = 5
MOST_TRIED: Final = 40  # candidates that are compared with the others
OFFERED: Final = 2  # besides the one chosen


@dataclass(frozen=True)
class Ranking:
    """The column that is chosen, why, and those that come next."""

    name: str
    why: str
    next: tuple[str, ...] = ()


def rank_targets(
    frame: pd.DataFrame,
    seen: Mapping[str, ColumnProfile],
    spec: DataSpec,
    panels: Sequence[str],
) -> Ranking:
    """Rank the columns that can be predicted; where there is none, the last one is taken.

    Parameters
    ----------
    panels : what `panel_columns` finds
    """
    candidates = _candidates(frame, seen, spec)
    constant = [name for name, found in seen.items() if found.kind == "constant"]
    named = max(constant, key=names.score_of_name, default="")
    by_name = _scores_of_names(candidates, seen)
    if named and names.score_of_name(named) >= names.SURE > max(by_name.values(), default=0):
        return Ranking(named, "")  # it is refused with a sentence about it
    if not candidates:
        return Ranking(named or list(seen)[-1], "")
    place = _scores_of_places(frame, candidates, by_name, seen)
    held = {name: _held(frame, name, seen[name]) for name in candidates}
    score = {name: by_name[name] + place.get(name, 0) + held[name] for name in candidates}
    if not _are_all_numbered(candidates):
        for name in _often_zero(frame, [n for n in candidates if seen[n].kind == "number"]):
            score[name] += MOSTLY_ZERO
        for name in crossed_columns(frame, [n for n in candidates if by_name[n] < names.SURE]):
            score[name] += CROSSED
    order = _in_order(frame, candidates, score, by_name, panels)
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


def _are_all_numbered(candidates: Sequence[str]) -> bool:
    """Tell whether no column has a name of its own."""
    return {names.stem_of(name) for name in candidates} <= _numbered(candidates)


def _scores_of_names(
    candidates: Sequence[str], seen: Mapping[str, ColumnProfile]
) -> dict[str, int]:
    numbered = _numbered(candidates)
    lower = [name.strip().casefold() for name in candidates]
    others, alone = frozenset(lower), {*lower} <= {"x", "y", "z"}
    measured = [
        low for low, name in zip(lower, candidates, strict=True) if seen[name].kind == "number"
    ]
    all_numbered = _are_all_numbered(candidates)

    earlier, latest = names.by_years(candidates)

    def score(name: str) -> int:
        place = names.score_of_coordinate(name, measured, alone=alone)
        if place is not None:
            return place
        stem = names.stem_of(name)
        if name in earlier and not all_numbered:
            return names.EARLIER
        if stem in numbered and (all_numbered or name not in latest):
            return 0 if all_numbered else names.AMONG_OTHERS + min(0, names.score_of_name(stem))
        if name in latest:  # vote90 beside vote88
            return max(names.score_of_name(name), names.score_of_name(names.without_year(name)))
        if names.is_derived(name, others):
            return names.DERIVED
        return names.score_of_name(name)

    return {name: score(name) for name in candidates}


def _scores_of_places(
    frame: pd.DataFrame,
    candidates: Sequence[str],
    by_name: Mapping[str, int],
    seen: Mapping[str, ColumnProfile],
) -> dict[str, int]:
    """Return the scores of the last column, and of the first whose name does not speak against it.

    Numbers in front that never fall from row to row name the rows, or are what was set. What is
    behind one column of another kind is a little less likely, and behind several not at all.
    """
    likely = [name for name in candidates if by_name[name] > FAR_FROM] or candidates[:1]
    at = next((n for n, name in enumerate(likely[:FIRST_ONES]) if by_name[name] >= 0), 0)
    first = likely[at]
    rises = by_name[first] <= 0 and _rises(frame[first])
    score = FIRST // 2 if seen[first].kind == "boolean" else FIRST - at
    return {first: RISING if rises else score, candidates[-1]: LAST}


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
    if found.kind == "boolean" and name.strip().casefold() in names.AMOUNTS:
        score -= names.score_of_name(name)
    if found.kind == "category":
        classes = int(frame[name].nunique())
        present = len(frame) - found.missing
        score += MANY_CLASSES if classes > MANY or present < FEW_ROWS * classes else 0
    return score


def _often_zero(frame: pd.DataFrame, measured: Sequence[str]) -> Iterator[str]:
    """Yield columns that hold how much there is of what often is not: cigarettes, days lost."""
    plain = [name for name in measured[:MOST_COMPARED] if is_number(frame[name])]
    cells = matrix(frame.iloc[:: max(1, len(frame) // LOOKED_AT)], plain)
    for name, column in zip(plain, cells.T, strict=True):
        present = column[~np.isnan(column)]
        share = np.count_nonzero(present == 0) / max(1, len(present))
        often = ZEROS[0] <= share <= ZEROS[1] and present.min() == 0
        if often and len(np.unique(present)) > FEWEST_AMOUNTS:
            yield name


def _in_order(
    frame: pd.DataFrame,
    candidates: Sequence[str],
    score: dict[str, int],
    by_name: Mapping[str, int],
    groups: Sequence[str],
) -> list[str]:
    """Return the candidates, best first; one that another column decides loses by it.

    Where no name tells, the best are compared with the others until one stays the best.
    """
    place = {name: n for n, name in enumerate(candidates)}

    def order() -> list[str]:
        return sorted(candidates, key=lambda name: (score[name], place[name]), reverse=True)

    likely = sum(by_name[name] > UNLIKELY for name in candidates)
    if likely < 3 or _are_all_numbered(candidates):
        return order()  # too few, or columns without names of their own
    compared = Compared(frame, candidates, groups)
    tried: set[str] = set()
    while len(tried) < MOST_TRIED:
        best = order()[0]
        if best in tried or by_name[best] > 0:
            break
        tried.add(best)
        if compared.is_told(best):
            score[best] += TOLD
    return order()


def _why(name: str, candidates: Sequence[str], by_name: int) -> str:
    if by_name > 0:
        return _("chosen for its name")
    if len(candidates) == 1:
        return _("the only column that can be predicted")
    if name == candidates[-1]:
        return _("chosen because it is the last column that can be predicted")
    return _("chosen because the columns after it are less likely targets")
