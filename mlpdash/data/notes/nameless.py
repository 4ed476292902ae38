"""The one sentence about a first column that the header has no name for."""

from __future__ import annotations

from mlpdash.cures import Cure, Note
from mlpdash.data.columns.columns import Columns
from mlpdash.data.table import Table
from mlpdash.text import _, brief


def about_first(table: Table, found: Columns) -> list[str | Note]:
    """Say what the first column is called, or that it was left out as the numbers of the rows."""
    if not table.nameless_first:
        return []
    first = found.columns[0]
    if first.kind != "identifier" or first.role != "ignored":
        return [
            _('The first column has no name and was renamed "{column}".').format(
                column=brief(first.name)
            )
        ]
    if found.frame[first.name].dtype == "str":
        return [_("The first column has no name and only identifies the rows; it was left out.")]
    return [
        Note(
            _(
                "The first column has no name and numbers the rows, so it was left out. If it is "
                'a measurement, choose "number" for "{column}".'
            ).format(column=brief(first.name)),
            (Cure(_("It is a measurement"), columns={first.name: {"kind": "number"}}),),
        )
    ]
