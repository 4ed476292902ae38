"""What was made of units, bounds and flags beside numbers, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlpdash.cures import MOST_CURES, Cure, Note
from mlpdash.data.cells.cells import mark_and_unit
from mlpdash.data.cells.units import convert
from mlpdash.data.columns.columns import Column
from mlpdash.text import _, brief, listed

MOST_COLUMNS: Final = 3  # that have a sentence of their own


def about_measures(used: Sequence[Column]) -> list[str | Note]:
    """Return sentences about the units of columns, and about cells that say more than a number."""
    measured = [c for c in used if c.kind != "category" and _unit(c)]
    notes: list[str | Note] = []
    if measured:
        names = [f"{c.name} ({_unit(c)})" for c in measured]
        sentence = _("Numbers were read with their units: {columns}.")
        notes.append(
            Note(sentence.format(columns=listed(names)), as_categories([c.name for c in measured]))
        )
    for column in measured:
        notes += _converted(column)
    multiplied = [c for c in used if c.profile.multiples]
    if multiplied:
        words = dict.fromkeys(word for c in multiplied for word in c.profile.multiples)
        notes.append(
            _("Numbers were multiplied by the word after them ({words}): {columns}.").format(
                words=listed(list(words)), columns=listed([c.name for c in multiplied])
            )
        )
    return [*notes, *_marked([c for c in used if c.profile.marked[0]])]


def as_categories(names: Sequence[str]) -> tuple[Cure, ...]:
    """Propose to keep the text of the first few of some columns."""
    return tuple(
        Cure(
            _('"{column}" is a category').format(column=brief(name)),
            columns={name: {"kind": "category"}},
        )
        for name in names[:MOST_CURES]
    )


def _unit(column: Column) -> str:
    return mark_and_unit(column.profile.form)[1] if column.profile.form[:7] == "decimal" else ""


def _converted(column: Column) -> list[str]:
    """Say which units were converted, and that cells without one were taken to have it."""
    unit, notes = _unit(column), []
    others = [one for one in column.profile.units if one and convert(1.0, one, unit) != 1]
    if others:
        notes.append(
            _('Other units in "{column}" were converted to {unit}: {others}.').format(
                column=brief(column.name), unit=unit, others=listed(others)
            )
        )
    if "" in column.profile.units:
        notes.append(
            _('Cells without a unit in "{column}" were read as {unit}.').format(
                column=brief(column.name), unit=unit
            )
        )
    return notes


def _marked(columns: Sequence[Column]) -> list[str]:
    """Say how many cells have a bound, a flag or an uncertainty, and where the first is."""
    if len(columns) > MOST_COLUMNS:
        return [
            _(
                "{n:,} cells have a bound, a flag or an uncertainty next to the number and were "
                "read as the number: {columns}."
            ).format(
                n=sum(c.profile.marked[0] for c in columns),
                columns=listed([c.name for c in columns]),
            )
        ]
    several = _(
        'In "{column}" {n:,} cells have a bound, a flag or an uncertainty next to the '
        'number and were read as the number, the first in row {row:,}: "{text}".'
    )
    one = _(
        'In "{column}" 1 cell has a bound, a flag or an uncertainty next to the number '
        'and was read as the number, in row {row:,}: "{text}".'
    )
    return [
        (one if count == 1 else several).format(
            column=brief(column.name), n=count, row=row, text=brief(text)
        )
        for column in columns
        for count, row, text in [column.profile.marked]
    ]
