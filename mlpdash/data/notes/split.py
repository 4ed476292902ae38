"""What a person should know about how rows were dealt out, as plain sentences."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from mlpdash.data.preparing.groups_and_time import TimeAxis
from mlpdash.data.preparing.splitting import BALANCED, IntArray, Split, sizes_of
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief, listed, n_


def about_split(
    split: Split,
    spec: DataSpec,
    *,
    axis: TimeAxis | None,
    groups: IntArray | None,
    codes: IntArray | None,
    classes: Sequence[str],
) -> list[str]:
    """Return sentences about parts that are not as they were asked for.

    Parameters
    ----------
    axis, groups : of each row, where the split was by time or by group; group 0 has no name
    codes : the class of each row; None for numbers
    """
    notes = []
    if spec.folds is not None:
        notes += _about_folds(split, spec, spec.folds)
        split, spec = split.of_fold(0, 0), spec.model_copy(update={"validation": 1 / spec.folds})
    if axis is not None:
        notes += _about_time(split, axis)
    if groups is not None:
        notes += _about_groups(split, groups, spec)
    if codes is not None:
        seen = np.bincount(codes[split.train], minlength=len(classes))
        unseen = [classes[n] for n in np.flatnonzero(seen == 0).tolist()]
        if unseen:
            sentence = n_(
                "No training row has the class {classes}, so it cannot be predicted.",
                "No training row has one of the classes {classes}, so they cannot be predicted.",
                len(unseen),
            )
            notes.append(sentence.format(classes=listed(unseen)))
        if spec.preparation.split in BALANCED:
            notes += _about_rare(split, codes, classes)
    return notes


def _about_folds(split: Split, spec: DataSpec, folds: int) -> list[str]:
    """Say how the rows were cut, and what the nets of folds have in common."""
    rows = len(split.train)
    notes = [
        _(
            "{rows:,} rows are cut into {folds} folds: each net learns from about {learned:,} and "
            "is validated on the others. Means, medians and categories of the inputs come from all "
            "{rows:,}."
        ).format(rows=rows, folds=folds, learned=rows - rows // folds)
    ]
    if spec.preparation.split == "time":
        notes.append(
            _(
                "Folds are stretches of time, so most nets also learn from rows that come after "
                "those they are validated on; the test rows come after all of them."
            )
        )
    return notes


def _about_rare(split: Split, codes: IntArray, classes: Sequence[str]) -> list[str]:
    """Say which classes have too few rows to be in each part."""
    counts = np.bincount(codes, minlength=len(classes))
    parts = [part for part in (split.train, split.validation, split.test) if len(part)]
    everywhere = np.all([np.bincount(codes[p], minlength=len(classes)) > 0 for p in parts], axis=0)
    single = [classes[n] for n in np.flatnonzero(counts == 1).tolist()]
    few = [classes[n] for n in np.flatnonzero((counts > 1) & ~everywhere).tolist()]
    notes = []
    if single and len(parts) > 1:
        sentence = n_(
            "The class {classes} has a single row, which is used for training.",
            "The classes {classes} have a single row each, which is used for training.",
            len(single),
        )
        notes.append(sentence.format(classes=listed(single)))
    if few:
        sentence = n_(
            (
                "The class {classes} has too few rows to be in each part of the split, so "
                "scores say little about it."
            ),
            (
                "The classes {classes} have too few rows to be in each part of the split, so "
                "scores say little about them."
            ),
            len(few),
        )
        notes.append(sentence.format(classes=listed(few)))
    return notes


def _about_time(split: Split, axis: TimeAxis) -> list[str]:
    notes, name = [], brief(axis.name)
    absent = int(axis.absent.sum())
    if absent:
        sentence = n_(
            '{n:,} row has no "{column}" and counts as the earliest.',
            '{n:,} rows have no "{column}" and count as the earliest.',
            absent,
        )
        notes.append(sentence.format(n=absent, column=name))
    parts = [p[~axis.absent[p]] for p in (split.train, split.validation, split.test)]
    values = [axis.values[part] for part in parts if len(part)]
    if any(a.max() == b.min() for a, b in itertools.pairwise(values)):
        notes.append(
            _('Rows with the same "{column}" are on both sides of a cut in time.').format(
                column=name
            )
        )
    return notes


def _about_groups(split: Split, groups: IntArray, spec: DataSpec) -> list[str]:
    notes, sizes, rows = [], np.bincount(groups), len(groups)
    if sizes[0] > 0:
        sentence = n_(
            '{n:,} row has no "{column}"; it is a group of its own.',
            '{n:,} rows have no "{column}"; they stay together as one group.',
            int(sizes[0]),
        )
        notes.append(sentence.format(n=int(sizes[0]), column=brief(spec.preparation.group)))
    test, validation = sizes_of(rows, spec)
    wanted = (rows - test - validation, validation, test)
    got = (len(split.train), len(split.validation), len(split.test))
    if any(abs(a - b) > max(1, b / 2) for a, b in zip(got, wanted, strict=True)):
        notes.append(
            _(
                "The groups are too uneven for these shares, the largest has {most:,} of "
                "{rows:,} rows: {train:,} rows for training, {validation:,} for validation, "
                "{test:,} for the test."
            ).format(most=int(sizes.max()), rows=rows, train=got[0], validation=got[1], test=got[2])
        )
    return notes
