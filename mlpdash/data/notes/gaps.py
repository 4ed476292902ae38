"""What counts as missing beyond empty cells, and what might, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mlpdash.cures import Cure, Note
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.reading.words import values_cures
from mlpdash.specs.preparation import ColumnChoice
from mlpdash.text import _, listed, n_

MOST_MARKS: Final = 5  # that are named


def about_gaps(found: Columns) -> list[str | Note]:
    """Return sentences about marks such as ?, and codes that were chosen or may be some."""
    used = [column for column in found.columns if column.role != "ignored"]
    return [
        *_about_marks([column for column in used if column.gaps.marks]),
        *_about_codes(used),
        *_about_likely_codes(used, found.decided),
    ]


def _about_marks(columns: Sequence[Column]) -> list[str | Note]:
    if not columns:
        return []
    marks = sorted({mark for column in columns for mark in column.gaps.marks})
    cells = sum(column.gaps.cells for column in columns)
    sentence = n_(
        "1 cell contains {marks} and counts as missing: {columns}. If that is a value, set "
        '"NA, null, None" to "are values".',
        "{n:,} cells contain {marks} and count as missing: {columns}. If that is a value, set "
        '"NA, null, None" to "are values".',
        cells,
    )
    names = [column.name for column in columns]
    text = sentence.format(n=cells, marks=listed(marks, MOST_MARKS), columns=listed(names))
    return [Note(text, values_cures(names))]


def _about_codes(used: Sequence[Column]) -> list[str]:
    by_codes: dict[tuple[str, ...], list[str]] = {}
    for column in used:
        if column.gaps.codes:
            by_codes.setdefault(column.gaps.codes, []).append(column.name)
    return [
        _("{codes} counts as missing, as you chose: {columns}.").format(
            codes=listed(codes, MOST_MARKS), columns=listed(names)
        )
        for codes, names in by_codes.items()
    ]


def _about_likely_codes(
    used: Sequence[Column], decided: Mapping[str, ColumnChoice]
) -> list[str | Note]:
    """Propose to count numbers far outside the rest as missing, unless chosen as values."""
    by_codes: dict[tuple[str, ...], list[str]] = {}
    usual = ColumnChoice(name="")
    for column in used:
        if column.profile.codes and decided.get(column.name, usual).words != "keep":
            by_codes.setdefault(column.profile.codes, []).append(column.name)
    return [_about_likely(codes, names, decided) for codes, names in by_codes.items()]


def _about_likely(
    codes: tuple[str, ...], names: Sequence[str], decided: Mapping[str, ColumnChoice]
) -> Note:
    said = ", ".join(codes)
    text = n_(
        "{codes} repeats outside the range of the other values: {columns}. If it is a code for "
        'missing values, enter it under "Codes".',
        "{codes} repeat outside the range of the other values: {columns}. If they are codes for "
        'missing values, enter them under "Codes".',
        len(codes),
    ).format(codes=said, columns=listed(names))
    before = {name: decided[name].missing_codes if name in decided else () for name in names}
    missing = Cure(
        n_("{codes} is missing", "{codes} are missing", len(codes)).format(codes=said),
        columns={name: {"missing_codes": (*before[name], *codes)} for name in names},
    )
    values = n_("{codes} is a value", "{codes} are values", len(codes)).format(codes=said)
    return Note(text, (missing, Cure(values, columns={name: {"words": "keep"} for name in names})))
