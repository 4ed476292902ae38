"""What was decided about columns and rows, as plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from mlpdash.cures import Cure, Note
from mlpdash.data.cells.cells import Floats
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.notes.gaps import about_gaps
from mlpdash.data.notes.marks import about_marks
from mlpdash.data.notes.measures import about_measures
from mlpdash.data.notes.nameless import about_first
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

MOST_CURES: Final = 3  # columns that have a button of their own below one sentence


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
    used = [c for c in found.columns if c.role != "ignored"]
    notes += about_gaps(found)
    notes += _readings(used)
    notes += about_unfit(unfit_of(used))
    notes += about_marks(found, used)
    notes += [sentence for column in found.columns for sentence in _doubts(found, column)]
    notes += _unknown(found, spec)
    return notes


def _left_out(found: Columns, *, told: bool) -> list[str]:
    """Name the columns that are left out, but for a first one that has been told of."""
    reasons: dict[str, str] = {
        "empty": _("Left out because nothing is in them: {columns}."),
        "infinite": _("Left out because their numbers are infinite or beyond 1e37: {columns}."),
        "constant": _("Left out because they are the same in every row: {columns}."),
        "one value": _("Left out because they have one value, or none: {columns}."),
        "identifier": _("Left out because they only name the rows: {columns}."),
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


def _has_signs(column: Column, mark: str, *, with_unit: bool) -> bool:
    """Tell whether numbers have signs, with or without a currency or percent sign among them."""
    found = column.profile
    has_unit = bool(found.unit) or any(found.units)
    return found.form == f"decimal {mark}" and found.has_signs and has_unit == with_unit


def _readings(used: Sequence[Column]) -> list[str | Note]:
    """Say which text was read as something else."""
    as_numbers = _(
        "Text was read as numbers with a decimal {mark}, without its currency, percent or "
        'thousands signs: {columns}; choose "category" for a column to keep its text.'
    )
    bare = _(
        'Text was read as numbers with a decimal comma: {columns}; choose "category" for a column '
        "to keep its text."
    )
    plain = _(
        "Text was read as numbers with a decimal {mark}, without its thousands signs or brackets: "
        '{columns}; choose "category" for a column to keep its text.'
    )
    point, comma = (as_numbers.replace("{mark}", mark) for mark in (_("point"), _("comma")))
    plain_point, plain_comma = (plain.replace("{mark}", m) for m in (_("point"), _("comma")))
    sentences: tuple[tuple[Callable[[Column], bool], str], ...] = (
        (
            lambda c: c.profile.form == "flag",
            _("Empty cells were read as no, the others as yes: {columns}."),
        ),
        (
            lambda c: c.profile.form == "words" and c.role == "input",
            _("Yes and no were read as 1 and 0: {columns}."),
        ),
        (lambda c: _has_signs(c, ".", with_unit=True), point),
        (lambda c: _has_signs(c, ".", with_unit=False), plain_point),
        (lambda c: _has_signs(c, ",", with_unit=True), comma),
        (lambda c: _has_signs(c, ",", with_unit=False), plain_comma),
        (lambda c: c.profile.form == "decimal ," and not c.profile.has_signs, bare),
        (
            lambda c: c.profile.form == "hours",
            _("Times were read as hours, so 14:30 is 14.5: {columns}."),
        ),
        (
            lambda c: c.profile.form == "dates dmy",
            _("Dates were read with the day first: {columns}."),
        ),
        (
            lambda c: c.profile.form == "dates mdy",
            _("Dates were read with the month first: {columns}."),
        ),
        (
            lambda c: c.profile.form.startswith("dates period"),
            _("Quarters, months, weeks or years were read as dates, their first day: {columns}."),
        ),
        (
            lambda c: "zones" in c.profile.doubts,
            _("Moments with an offset from UTC were turned into UTC: {columns}."),
        ),
        (
            lambda c: "zeros" in c.profile.doubts,
            _("Leading zeros were kept, so these are categories, not numbers: {columns}."),
        ),
    )
    as_text = (point, comma, plain_point, plain_comma, bare)
    found = ((sentence, [c.name for c in used if fits(c)]) for fits, sentence in sentences)
    notes: list[str | Note] = []
    for sentence, names in found:
        if names:
            cures = _as_categories(names) if sentence in as_text else ()
            notes.append(Note(sentence.format(columns=listed(names)), cures))
    return [*notes, *about_measures(used), *_infinite(used)]


def _as_categories(names: Sequence[str]) -> tuple[Cure, ...]:
    """Propose to keep the text of the first few of some columns."""
    return tuple(
        Cure(
            _('"{column}" is a category').format(column=brief(name)),
            columns={name: {"kind": "category"}},
        )
        for name in names[:MOST_CURES]
    )


def _infinite(used: Sequence[Column]) -> list[str]:
    names = [c.name for c in used if c.profile.infinite]
    cells = sum(c.profile.infinite for c in used)
    if not names:
        return []
    if cells == 1:
        return [
            _(
                "A number that is infinite or beyond 1e37 counts as missing (1 cell): {columns}."
            ).format(columns=listed(names))
        ]
    return [
        _(
            "Numbers that are infinite or beyond 1e37 count as missing ({n:,} cells): {columns}."
        ).format(columns=listed(names), n=cells)
    ]


def _doubts(found: Columns, column: Column) -> list[str | Note]:
    """Say what a person should look at in one column."""
    sentences = {
        "order": _(
            'The dates in "{column}" fit day first and month first; look whether it is right.'
        ),
        "compact": _(
            'The numbers in "{column}" look like dates, such as 20230105; choose "date" if they '
            "are."
        ),
        "code": _('"{column}" is called a code, so its numbers are categories, not amounts.'),
        "mixed": _(
            '"{column}" has numbers and text; it is used as text. Choose "number" to count what '
            "is not a number as missing."
        ),
        "asked": _(
            '"{column}" has numbers and text; it is used as a number, and what is not a number '
            'counts as missing. Choose "category" to use all of it as text.'
        ),
        "apart": _(
            'The numbers in "{column}" have units that do not convert into each other; those in '
            '{apart} count as missing. Choose "category" to use all of it as text.'
        ),
        "units": _(
            'The numbers in "{column}" have different units, {examples}, and were taken as they '
            "stand; look whether they can be compared."
        ),
        "decimals": _(
            'The decimal mark chosen for "{column}" changes nothing, since its cells are plain '
            "numbers."
        ),
        "no number": _('No cell of "{column}" is a number, so it was not read as one.'),
        "no date": _('No cell of "{column}" is a date, so it was not read as one.'),
        "no boolean": _('"{column}" does not say yes and no, so it was not read as a boolean.'),
    }
    examples = listed([text or _("none") for text in column.profile.examples])
    is_used = column.role != "ignored"
    return [
        Note(
            sentences[doubt].format(
                column=brief(column.name),
                examples=examples,
                apart=listed(column.profile.apart),
            ),
            _cures(doubt, column.name),
        )
        for doubt in column.profile.doubts
        if doubt in sentences
        and (is_used or doubt.startswith("no "))
        and not _is_settled(found, column, doubt)
    ]


def _is_settled(found: Columns, column: Column, doubt: str) -> bool:
    """Tell whether the person has already said what is in doubt."""
    chosen = found.decided.get(column.name)
    field = {"order": "order", "units": "kind"}.get(doubt)
    return chosen is not None and field is not None and getattr(chosen, field) != "auto"


def _cures(doubt: str, column: str) -> tuple[Cure, ...]:
    """Return what a doubt about a column proposes."""
    proposed: Mapping[str, Sequence[tuple[str, str, str]]] = {
        "order": (
            (_("Day first"), "order", "day first"),
            (_("Month first"), "order", "month first"),
        ),
        "compact": ((_("They are dates"), "kind", "date"),),
        "code": ((_("They are amounts"), "kind", "number"),),
        "mixed": ((_("Numbers; the rest is missing"), "kind", "number"),),
        "asked": (
            (_("Numbers; the rest is missing"), "kind", "number"),
            (_("Categories"), "kind", "category"),
        ),
        "apart": (
            (_("Numbers; the rest is missing"), "kind", "number"),
            (_("Categories"), "kind", "category"),
        ),
        "units": (
            (_("Numbers as they are"), "kind", "number"),
            (_("Categories"), "kind", "category"),
        ),
    }
    return tuple(
        Cure(label, columns={column: {field: value}})
        for label, field, value in proposed.get(doubt, ())
    )


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
        notes.append(_("That is more than half of the rows; look whether it is the right target."))
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
                "Only the {n} most frequent values count one by one, the rest as one: {columns}."
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
    return []
