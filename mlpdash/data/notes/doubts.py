"""What a person should look at in one column, as sentences with the decisions they propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlpdash.cures import Cure, Note
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.text import _, brief, listed


def about_doubts(found: Columns, column: Column) -> list[str | Note]:
    """Say what a person should look at in one column."""
    sentences = {
        "order": _(
            'The dates in "{column}" could be day-first or month-first; check that they '
            "were read correctly."
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
            'The numbers in "{column}" have different units, {examples}, and were used '
            "unchanged; check whether they can be compared."
        ),
        "decimals": _(
            'The decimal mark chosen for "{column}" changes nothing, since its cells are plain '
            "numbers."
        ),
        "no number": _('No cell of "{column}" is a number, so it was not read as one.'),
        "no date": _('No cell of "{column}" is a date, so it was not read as one.'),
        "no boolean": _('"{column}" does not hold yes and no, so it was not read as a boolean.'),
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
        and not is_settled(found, column, doubt)
    ]


def is_settled(found: Columns, column: Column, doubt: str) -> bool:
    """Tell whether the person has already said what is in doubt."""
    chosen = found.decided.get(column.name)
    field = {"order": "order", "units": "kind", "mark": "decimal"}.get(doubt)
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
