"""What was decided about columns and rows, as plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mlpdash.data.cells import Floats
from mlpdash.data.columns import Column, Columns
from mlpdash.data.features import Feature
from mlpdash.data.kinds import Kind
from mlpdash.data.splitting import IntArray, is_stratified
from mlpdash.data.tables import Table, brief, listed
from mlpdash.data.targets import Lost
from mlpdash.specs import DataSpec
from mlpdash.text import _


def about_columns(table: Table, found: Columns, spec: DataSpec) -> list[str]:
    """Return sentences about what was taken for what, and what was left out."""
    notes: list[str] = []
    if table.dataset is None:
        word = _("a class") if found.task == "classification" else _("a number")
        notes.append(
            _("To be predicted: {columns}, as {kind}.").format(
                columns=listed(found.targets), kind=word
            )
        )
    notes += _left_out(found)
    notes += [
        _('"{column}" is the time axis, not an input.').format(column=brief(c.name))
        for c in found.columns
        if c.role == "time"
    ]
    used = [c for c in found.columns if c.role != "ignored"]
    notes += _readings(used)
    notes += [sentence for column in used for sentence in _doubts(column)]
    notes += _unknown(found, spec)
    return notes


def _left_out(found: Columns) -> list[str]:
    reasons: dict[Kind, str] = {
        "empty": _("Left out because nothing is in them: {columns}."),
        "constant": _("Left out because they are the same in every row: {columns}."),
        "identifier": _("Left out because they only name the rows: {columns}."),
    }
    notes = []
    for kind, sentence in reasons.items():
        names = [
            c.name
            for c in found.columns
            if c.kind == kind and c.role == "ignored" and not _was_chosen(found, c)
        ]
        if names:
            notes.append(sentence.format(columns=listed(names)))
    chosen = [c.name for c in found.columns if c.role == "ignored" and _was_chosen(found, c)]
    if chosen:
        notes.append(_("Left out as you chose: {columns}.").format(columns=listed(chosen)))
    return notes


def _was_chosen(found: Columns, column: Column) -> bool:
    return column.name in found.decided and found.decided[column.name].role == "ignored"


def _readings(used: Sequence[Column]) -> list[str]:
    """Say which text was read as something else."""

    def names(fits: Callable[[Column], bool]) -> list[str]:
        return [c.name for c in used if fits(c)]

    sentences = (
        (
            names(lambda c: c.look.form == "words" and c.role == "input"),
            _("Yes and no were read as 1 and 0: {columns}."),
        ),
        (
            names(lambda c: c.look.form.startswith("decimal")),
            _(
                "Text was read as numbers, without its currency, percent or thousands signs: "
                '{columns}; choose "category" for a column to keep its text.'
            ),
        ),
        (
            names(lambda c: c.look.form == "dates dmy"),
            _("Dates were read with the day first: {columns}."),
        ),
        (
            names(lambda c: c.look.form == "dates mdy"),
            _("Dates were read with the month first: {columns}."),
        ),
        (
            names(lambda c: c.look.doubt == "zeros"),
            _("Leading zeros were kept, so these are categories, not numbers: {columns}."),
        ),
        (
            names(lambda c: bool(c.look.infinite)),
            _("Infinite or enormous numbers count as missing ({n:,} cells): {columns}."),
        ),
    )
    infinite = sum(c.look.infinite for c in used)
    return [
        sentence.format(columns=listed(found), n=infinite) for found, sentence in sentences if found
    ]


def _doubts(column: Column) -> list[str]:
    """Say what a person should look at in one column."""
    seen, notes, name = column.look, [], brief(column.name)
    if seen.unfit:
        notes.append(
            _(
                'In "{column}" {n:,} cells are no {kind} and count as missing, the first in row '
                '{row:,}: "{text}".'
            ).format(
                column=name,
                n=seen.unfit,
                kind=_("date") if column.kind == "date" else _("number"),
                row=seen.first[0],
                text=brief(seen.first[1]),
            )
        )
    if seen.doubt == "order":
        notes.append(
            _(
                'The dates in "{column}" fit day first and month first; look whether it is right.'
            ).format(column=name)
        )
    if seen.doubt == "mixed":
        notes.append(
            _(
                '"{column}" has numbers and text; it is used as text. Choose "number" to count '
                "what is no number as missing."
            ).format(column=name)
        )
    return notes


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
    table: Table,
    lost: Lost,
    features: Sequence[Feature],
    raw: Floats,
    codes: IntArray | None,
    spec: DataSpec,
) -> list[str]:
    """Return sentences about rows that are left out, gaps that were filled, and the split."""
    notes = []
    if lost.no_target:
        notes.append(_("{n:,} rows had no target and were left out.").format(n=lost.no_target))
    if lost.no_target > lost.rows / 2:
        notes.append(_("That is more than half of the rows; look whether it is the right target."))
    if lost.gaps:
        notes.append(_("{n:,} rows had gaps and were left out, as you chose.").format(n=lost.gaps))
    notes += _filled(features, raw, spec)
    pooled = [f for f in features if f.pooled]
    for kept in sorted({len(f.levels) - 1 for f in pooled}):
        names = [f.column for f in pooled if len(f.levels) - 1 == kept]
        notes.append(
            _(
                "Only the {n} most frequent values count one by one, the rest as one: {columns}."
            ).format(n=kept, columns=listed(names))
        )
    return notes + _about_split(codes, spec)


def _filled(features: Sequence[Feature], raw: Floats, spec: DataSpec) -> list[str]:
    gappy = np.flatnonzero(np.isnan(raw.sum(axis=0))).tolist()
    filled = {features[n].column: int(np.isnan(raw[:, n]).sum()) for n in gappy}
    if not filled:
        return []
    notes = [
        _(
            "{n:,} missing values were filled with the {average} or the most frequent value "
            "of the training rows: {columns}."
        ).format(
            n=sum(filled.values()),
            average=_("median") if spec.preparation.missing == "median" else _("mean"),
            columns=listed(list(filled)),
        )
    ]
    marked = [f.column for f in features if f.indicator]
    if marked:
        notes.append(
            _("A further input says where a value was missing: {columns}.").format(
                columns=listed(marked)
            )
        )
    return notes


def _about_split(codes: IntArray | None, spec: DataSpec) -> list[str]:
    kind = spec.preparation.split
    if kind == "time":
        return [_("The last rows by time are the test, those before them are held out.")]
    if kind == "group":
        return [
            _('Rows with the same "{column}" stay together in the split.').format(
                column=brief(spec.preparation.group)
            )
        ]
    if kind == "given":
        if spec.test:
            return [_("The rows that came as test rows are the test.")]
        if spec.validation:
            return [_("The rows that came as test rows are held out.")]
        return []
    if codes is None and kind == "stratified":
        return [_("There are no classes to balance, so the split is random.")]
    if codes is not None and kind != "random" and not is_stratified(codes, spec):
        return [_("Some classes have so few rows that the split does not balance them.")]
    return []
