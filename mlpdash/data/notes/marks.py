"""What was made of marks that can stand for thousands or for decimals, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlpdash.cures import Cure, Note
from mlpdash.data.cells.cells import mark_and_unit
from mlpdash.data.cells.quantity_text import value_in
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.notes.doubts import is_settled
from mlpdash.text import _, brief, listed

MOST_ALONE: Final = 3  # columns that have a sentence of their own


def about_marks(found: Columns, used: Sequence[Column]) -> list[str | Note]:
    """Return a sentence for each column whose mark is open, or for all that are read alike."""
    unsettled = [c for c in used if "mark" in c.profile.doubts and not is_settled(found, c, "mark")]
    if len(unsettled) <= MOST_ALONE:
        return [_about([column]) for column in unsettled]
    alike = [[c for c in unsettled if _mark(c) == mark] for mark in (".", ",")]
    return [_about(columns) for columns in alike if columns]


def _mark(column: Column) -> str:
    return mark_and_unit(column.profile.form)[0]


def _about(columns: Sequence[Column]) -> Note:
    """Say how the first example was read, and propose to turn all of the columns."""
    seen = columns[0].profile
    example = seen.examples[0]
    sentence = _(
        'In "{column}" the mark in "{example}" can stand for thousands or for decimals; it was '
        'read as {value}. If that is wrong, choose another one under "Decimals".'
    )
    if len(columns) > 1:
        sentence = _(
            'In {n:,} columns the mark in numbers such as "{example}" can stand for thousands or '
            "for decimals; this one was read as {value}. If that is wrong, choose another one "
            'under "Decimals": {columns}.'
        )
    return Note(
        sentence.format(
            column=brief(columns[0].name),
            example=brief(example),
            value=f"{value_in(example, *mark_and_unit(seen.form)):,.10g}",
            n=len(columns),
            columns=listed([c.name for c in columns]),
        ),
        tuple(
            Cure(label, columns={c.name: {"decimal": mark} for c in columns})
            for label, mark in ((_("Decimal point"), "point"), (_("Decimal comma"), "comma"))
        ),
    )
