"""Sentences about cells that do not say what their column holds, one for many columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.data.columns.columns import Column
from mlpdash.text import _, brief, listed

MOST_SENTENCES: Final = 3  # columns that get a sentence each


@dataclass(frozen=True)
class Unfit:
    """Cells of one column that are no number, or no date: how many, and the first of them.

    Attributes
    ----------
    kind : what they should be, "date" or "boolean", else a number
    row : of the first of them, from 1
    text : of the first of them
    """

    column: str
    kind: str
    cells: int
    row: int
    text: str


def unfit_of(columns: Sequence[Column]) -> list[Unfit]:
    """Return what was found unfit in each of some columns."""
    return [
        Unfit(c.name, c.kind, c.profile.unfit, *c.profile.first) for c in columns if c.profile.unfit
    ]


def about_unfit(found: Sequence[Unfit]) -> list[str]:
    """Return a sentence for each column, or one for all of a kind if there are more than three."""
    notes = []
    for kind in dict.fromkeys(one.kind for one in found):
        alike = [one for one in found if one.kind == kind]
        each = len(alike) <= MOST_SENTENCES
        notes += [_of_one(one) for one in alike] if each else [_of_many(alike)]
    return notes


def _of_one(one: Unfit) -> str:
    sentence = _(
        'In "{column}" {n:,} cells are not {kind} and count as missing, the first in '
        'row {row:,}: "{text}".'
    )
    if one.cells == 1:
        sentence = _(
            'In "{column}" 1 cell is not {kind} and counts as missing, in row {row:,}: "{text}".'
        )
    return sentence.format(
        column=brief(one.column),
        n=one.cells,
        kind=_kind(one),
        row=one.row,
        text=brief(one.text),
    )


def _of_many(alike: Sequence[Unfit]) -> str:
    first = alike[0]
    return _(
        "In {columns:,} columns {n:,} cells are not {kind} and count as missing, such "
        'as "{text}" in row {row:,} of "{column}": {names}.'
    ).format(
        columns=len(alike),
        n=sum(one.cells for one in alike),
        kind=_kind(first),
        text=brief(first.text),
        row=first.row,
        column=brief(first.column),
        names=listed([one.column for one in alike]),
    )


def _kind(one: Unfit) -> str:
    return {"date": _("a date"), "boolean": _("yes or no")}.get(one.kind, _("a number"))
