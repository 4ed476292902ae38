"""Which rows are learned from, and which are held out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Cure
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.text import _, n_

IntArray = NDArray[np.int64]

BALANCED: Final = ("auto", "stratified")  # splits that keep the shares of the classes
LEAST_TRAINING: Final = 2  # rows; fewer have no deviation
MOST_HELD_OUT: Final = 0.95  # share of the rows


@dataclass(frozen=True)
class Split:
    """Row indices, ascending; together all rows.

    Attributes
    ----------
    train, validation, test : disjoint; but with folds, `train` and `validation` are the same rows
    folds : (repeats, len(train)) the fold of each row, from 0, each time that rows were cut; None
        where they were not
    """

    train: IntArray
    validation: IntArray
    test: IntArray
    folds: IntArray | None = None

    def held(self) -> NDArray[np.bool_] | None:
        """Return which of `train` each net does not learn from, (nets, rows); None without folds.

        Net i of k folds has fold i % k of repeat i // k.
        """
        if self.folds is None:
            return None
        each = np.arange(int(self.folds.max()) + 1)[:, None]
        held: NDArray[np.bool_] = self.folds[:, None, :] == each
        return held.reshape(-1, held.shape[2])

    def in_turn(self) -> tuple[Split, ...]:
        """Return the splits in which rows are held out, each row in one: with folds those of the
        folds, cut once, and that of the test rows.
        """
        if self.folds is None:
            return (self,)
        none = self.test[:0]
        folds = (self.of_fold(0, fold) for fold in range(int(self.folds.max()) + 1))
        of_folds = (Split(one.train, one.validation, none) for one in folds)
        return *of_folds, Split(self.train, none, self.test)

    def of_fold(self, repeat: int, fold: int) -> Split:
        """Return the rows of the net that is validated on one fold; without folds, this split."""
        if self.folds is None:
            return self
        held = self.folds[repeat] == fold
        return Split(self.train[~held], self.train[held], self.test)


def split_rows(
    rows: int,
    spec: DataSpec,
    codes: IntArray | None,
    *,
    order: IntArray | None = None,
    groups: IntArray | None = None,
    given: int = 0,
) -> Split:
    """Split `rows` rows by the shares, the seed and the kind of split of `spec`.

    With class codes (rows,), each part gets its share of every class, and one row at least of each
    class is learned from.

    Parameters
    ----------
    order : (rows,) row indices from the earliest to the latest, for a split by time
    groups : (rows,) codes of the groups, for a split by group
    given : how many of the last rows came as test rows, for a split as given

    Raises
    ------
    SpecError : the shares leave nothing to learn from, or there is no time, no group or no such row
    DataError : there are too few rows, or groups, for the shares
    """
    if spec.preparation.split == "given":
        return _as_given(rows, spec, codes, given)
    check_shares(rows, spec)
    kind, sizes = spec.preparation.split, sizes_of(rows, spec)
    random = np.random.Generator(np.random.PCG64(spec.split_seed))
    if kind == "group":
        if groups is None:
            raise SpecError(
                _("a split by group needs a column; choose the one whose rows stay together."),
                "preparation",
                [usual_split()],
            )
        return _by_group(groups, spec, random)
    if kind == "time":
        if order is None:
            raise SpecError(
                _("a split by time needs a column of dates, or one whose role is time axis."),
                "split",
                [usual_split()],
            )
        dealt = order[::-1]
    else:
        dealt = random.permutation(rows)
        if codes is not None and kind in BALANCED:
            dealt = _interleaved(dealt, codes, random)
            dealt = _with_rare_last(dealt, codes, rows - sum(sizes))
    test, validation, train = np.split(dealt, np.cumsum(sizes))
    return Split(np.sort(train), np.sort(validation), np.sort(test))


def usual_split() -> Cure:
    """Return the decision to deal rows out as if nobody had chosen a split."""
    return Cure(_('Set "Split" to auto'), preparation={"split": "auto"})


def _as_given(rows: int, spec: DataSpec, codes: IntArray | None, given: int) -> Split:
    """Hold the last rows out; with a test share they are the test, and held-out rows are drawn.

    Without any share all rows are learned from.

    Raises
    ------
    SpecError : no rows came as test rows
    """
    if not 0 < given < rows:
        raise SpecError(
            _("this table does not say which rows are for testing; choose another split."),
            "preparation",
            [usual_split()],
        )
    own = rows - given
    last = np.arange(own, rows)
    none = last[:0]
    if not spec.test and not spec.validation:
        return Split(np.arange(rows), none, none)
    if not spec.test:
        return Split(np.arange(own), last, none)
    usual = spec.preparation.model_copy(update={"split": "auto"})
    drawn = spec.model_copy(update={"preparation": usual, "test": 0.0})
    inner = split_rows(own, drawn, None if codes is None else codes[:own])
    return Split(inner.train, inner.validation, last)


def _with_rare_last(dealt: IntArray, codes: IntArray, training: int) -> IntArray:
    """Move one row of each class that the last `training` rows lack behind all others.

    That pushes others out, which a class may then lack; at worst each class has a row there.
    """
    classes, from_last = np.unique(codes[dealt][::-1], return_index=True)
    last = len(dealt) - 1 - from_last  # the place of the last row of each class
    moved = np.zeros(len(classes), dtype=bool)
    order = dealt
    while True:
        lacking = ~np.isin(classes, codes[order[len(order) - training :]])
        if not lacking.any() or (moved | lacking).sum() > training:
            return order
        moved |= lacking
        stays = np.ones(len(dealt), dtype=bool)
        stays[last[moved]] = False
        order = np.concatenate([dealt[stays], dealt[last[moved]]])


def check_shares(rows: int, spec: DataSpec) -> None:
    """Refuse shares that leave too few of `rows` rows to learn from.

    Raises
    ------
    SpecError : too much is held out
    DataError : there are too few rows
    """
    if spec.validation + spec.test > MOST_HELD_OUT + 1e-9:
        raise SpecError(
            _(
                "Validation and test share must be at most {most:g} together; got "
                "{validation:g} and {test:g}."
            ).format(most=MOST_HELD_OUT, validation=spec.validation, test=spec.test),
            "validation",
        )
    if rows - sum(sizes_of(rows, spec)) < LEAST_TRAINING:
        least = next(n for n in itertools.count(1) if n - sum(sizes_of(n, spec)) >= LEAST_TRAINING)
        raise DataError(
            n_(
                "there is {rows:,} row with a target; this split needs at least {least:,}.",
                "there are {rows:,} rows with a target; this split needs at least {least:,}.",
                rows,
            ).format(rows=rows, least=least)
        )


def _by_group(groups: IntArray, spec: DataSpec, random: np.random.Generator) -> Split:
    """Deal whole groups out, in random order: each goes where most rows are still wanted."""
    parts = [spec.test, spec.validation, 1 - spec.test - spec.validation]
    wanted = np.array(parts) * len(groups)
    counts = np.bincount(groups)
    used = np.flatnonzero(counts)
    least = sum(part > 0 for part in parts)
    if len(used) < least:
        raise DataError(
            _("there are {n:,} groups; this split needs at least {least:,}.").format(
                n=len(used), least=least
            )
        )
    part_of = np.full(len(counts), -1)
    got = np.zeros(3)
    for left, group in zip(range(len(used), 0, -1), random.permutation(used), strict=True):
        empty = [n for n in range(3) if parts[n] > 0 and got[n] == 0]
        room = wanted - got
        part = empty[-1] if len(empty) >= left else int(room.argmax())
        part_of[group] = part
        got[part] += counts[group]
    test, validation, train = (np.flatnonzero(part_of[groups] == n) for n in range(3))
    if len(train) < LEAST_TRAINING:
        raise DataError(_("the groups leave fewer than {n} rows to learn from.").format(n=2))
    return Split(train, validation, test)


def sizes_of(rows: int, spec: DataSpec) -> tuple[int, int]:
    """Return the number of test and of validation rows, at least 1 where a share is asked for."""
    test, validation = (
        max(1, round(rows * share)) if share else 0 for share in (spec.test, spec.validation)
    )
    return test, validation


def _interleaved(order: IntArray, codes: IntArray, random: np.random.Generator) -> IntArray:
    """Return `order` rearranged so that any stretch has each class in proportion.

    The k-th of n rows of a class goes to the place (k + u) / n, with one u in [0, 1) per class:
    systematic sampling, which favours no class.
    """
    counts = np.bincount(codes)
    by_class = np.argsort(codes[order], kind="stable")
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    shift = np.repeat(random.random(len(counts)), counts)
    place = (rank + shift) / np.repeat(counts, counts)
    return order[by_class[np.argsort(place, kind="stable")]]
