"""Which text was read as something else, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlpdash.cures import Note
from mlpdash.data.columns.columns import Column
from mlpdash.data.notes.measures import about_measures, as_categories
from mlpdash.text import _, listed


def about_readings(used: Sequence[Column]) -> list[str | Note]:
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
            _("Times with an offset from UTC were converted to UTC: {columns}."),
        ),
        (
            lambda c: "zeros" in c.profile.doubts,
            _("Leading zeros were kept, so these are categories, not numbers: {columns}."),
        ),
    )
    as_text = (point, comma, plain_point, plain_comma, bare)
    told = [c for c in used if c.profile.form or c.profile.doubts]
    found = ((sentence, [c.name for c in told if fits(c)]) for fits, sentence in sentences)
    notes: list[str | Note] = []
    for sentence, names in found:
        if names:
            cures = as_categories(names) if sentence in as_text else ()
            notes.append(Note(sentence.format(columns=listed(names)), cures))
    return [*notes, *about_measures(used), *_infinite(used)]


def _has_signs(column: Column, mark: str, *, with_unit: bool) -> bool:
    """Tell whether numbers have signs, with or without a currency or percent sign among them."""
    found = column.profile
    has_unit = bool(found.unit) or any(found.units)
    return found.form == f"decimal {mark}" and found.has_signs and has_unit == with_unit


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
