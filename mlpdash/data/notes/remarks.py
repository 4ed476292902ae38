"""What was decided about columns and rows, as plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlpdash.cures import Cure, Note
from mlpdash.data.cells.cells import Floats
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.notes.doubts import about_doubts
from mlpdash.data.notes.gaps import about_gaps
from mlpdash.data.notes.marks import about_marks
from mlpdash.data.notes.nameless import about_first
from mlpdash.data.notes.readings import about_readings
from mlpdash.data.notes.target import about_target
from mlpdash.data.notes.unfit import about_unfit, unfit_of
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.splitting import IntArray
from mlpdash.data.preparing.targets import DroppedRows
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief, listed


def about_columns(table: Table, found: Columns, spec: DataSpec) -> list[str | Note]:
    """Return sentences about what was taken for what, and what was left out."""
    notes: list[str | Note] = []
    if table.dataset is None:
        notes.append(about_target(found))
    notes += about_first(table, found)
    notes += _left_out(found, told=table.nameless_first)
    notes += [
        _('"{column}" is the time axis, not an input.').format(column=brief(c.name))
        for c in found.columns
        if c.role == "time"
    ]
    notes += [
        _('"{column}" is the weight of each row in training, not an input.').format(
            column=brief(c.name)
        )
        for c in found.columns
        if c.role == "weight"
    ]
    used = [c for c in found.columns if c.role != "ignored"]
    notes += about_gaps(found)
    notes += about_readings(used)
    notes += about_unfit(unfit_of(used))
    notes += about_marks(found, used)
    notes += [sentence for column in found.columns for sentence in about_doubts(found, column)]
    notes += _about_bins(spec)
    notes += _unknown(found, spec)
    return notes


def _about_bins(spec: DataSpec) -> list[str | Note]:
    bins = spec.preparation.bins
    if not bins:
        return []
    text = _(
        "Each number is used as it is, and also as its position in up to {n} bins with "
        "equally many rows."
    )
    return [Note(text.format(n=bins), (Cure(_("Leave the bins out"), preparation={"bins": 0}),))]


def _left_out(found: Columns, *, told: bool) -> list[str]:
    """Name the columns that are left out, but for a first one that has been told of."""
    reasons: dict[str, str] = {
        "empty": _("Left out because they are empty: {columns}."),
        "infinite": _("Left out because their numbers are infinite or beyond 1e37: {columns}."),
        "constant": _("Left out because they are the same in every row: {columns}."),
        "one value": _("Left out because they have one value, or none: {columns}."),
        "identifier": _("Left out as row identifiers: {columns}."),
    }
    names: dict[str, list[str]] = {reason: [] for reason in reasons}
    chosen = []
    for n, c in enumerate(found.columns):
        if told and n == 0 and c.kind == "identifier":
            continue
        if c.role == "ignored" and _was_chosen(found, c):
            chosen.append(c.name)
        elif c.role == "ignored" and c.kind in reasons:
            names[_why(c)].append(c.name)
    notes = [
        sentence.format(columns=listed(names[reason]))
        for reason, sentence in reasons.items()
        if names[reason]
    ]
    if chosen:
        notes.append(_("Left out as you chose: {columns}.").format(columns=listed(chosen)))
    return notes


def _why(column: Column) -> str:
    """Return why a column that nobody left out is left out."""
    if column.kind == "empty" and column.profile.infinite:
        return "infinite"
    return "one value" if column.kind == "constant" and column.missing else column.kind


def _was_chosen(found: Columns, column: Column) -> bool:
    return column.name in found.decided and found.decided[column.name].role == "ignored"


def _unknown(found: Columns, spec: DataSpec) -> list[str]:
    names = {c.name for c in found.columns}
    gone = [c.name for c in spec.preparation.columns if c.name not in names]
    if not gone:
        return []
    return [
        _("Choices about columns that are not there were ignored: {columns}.").format(
            columns=listed(gone)
        )
    ]


def about_rows(
    lost: DroppedRows, prepared: Prepared, codes: IntArray | None, spec: DataSpec
) -> list[str]:
    """Return sentences about rows that are left out, gaps that were filled, and the split."""
    notes = []
    if lost.no_target == 1:
        notes.append(_("1 row had no target and was left out."))
    elif lost.no_target:
        notes.append(_("{n:,} rows had no target and were left out.").format(n=lost.no_target))
    if lost.no_target > lost.rows / 2:
        notes.append(_("That is more than half of the rows; check whether it is the right target."))
    if lost.gaps == 1:
        notes.append(_("1 row had gaps and was left out, as you chose."))
    elif lost.gaps:
        notes.append(_("{n:,} rows had gaps and were left out, as you chose.").format(n=lost.gaps))
    notes += _filled(prepared.features, prepared.raw, spec)
    pooled = [f for f in prepared.features if isinstance(f, Category) and f.pooled]
    for kept in sorted({len(f.levels) - 1 for f in pooled}):
        names = [f.column for f in pooled if len(f.levels) - 1 == kept]
        notes.append(
            _(
                "Only the {n} most frequent values have an input of their own; the rest share "
                "one: {columns}."
            ).format(n=kept, columns=listed(names))
        )
    return notes + _about_split(codes, spec)


def _filled(features: Sequence[Feature], raw: Floats, spec: DataSpec) -> list[str]:
    gappy = np.flatnonzero(np.isnan(raw.sum(axis=0))).tolist()
    filled = {features[n].column: int(np.isnan(raw[:, n]).sum()) for n in gappy}
    if not filled:
        return []
    cells = sum(filled.values())
    sentence = _(
        "{n:,} missing values were filled with the {average} or the most frequent value of the "
        "training rows: {columns}."
    )
    if cells == 1:
        sentence = _(
            "1 missing value was filled with the {average} or the most frequent value of the "
            "training rows: {columns}."
        )
    notes = [
        sentence.format(
            n=cells,
            average=_("median") if spec.preparation.missing == "median" else _("mean"),
            columns=listed(list(filled)),
        )
    ]
    marked = [f.column for f in features if f.indicator]
    if marked:
        notes.append(
            _("An additional input marks missing values: {columns}.").format(columns=listed(marked))
        )
    return notes


def _about_split(codes: IntArray | None, spec: DataSpec) -> list[str]:
    kind = spec.preparation.split
    if kind == "time" and spec.folds is not None:
        return [_("The last rows by time are the test set.")] if spec.test else []
    if kind == "time":
        return [_("The last rows by time are the test set, those before them the validation set.")]
    if kind == "group":
        return [
            _('Rows with the same "{column}" stay together in the split.').format(
                column=brief(spec.preparation.group)
            )
        ]
    if kind == "given":
        if spec.test:
            return [_("The dataset's own test rows are the test set.")]
        if spec.validation:
            return [_("The dataset's own test rows are the validation set.")]
        return []
    if codes is None and kind == "stratified":
        return [_("There are no classes to balance, so the split is random.")]
    return []
