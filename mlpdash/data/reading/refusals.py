"""Why a row of a file does not fit: the line, what it says, and what to choose."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from typing import Final

from mlpdash.cures import Cure
from mlpdash.data.reading.encodings import line_of
from mlpdash.data.reading.first_lines.delimiters import HEAD, HEAD_ROWS
from mlpdash.data.reading.first_lines.layout import Layout, find_layout
from mlpdash.data.reading.lines import rows_of, scan_rows
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from mlpdash.text import _, brief

SHOWN: Final = 60  # characters of a line


@dataclass(frozen=True)
class Misfit:
    """A row that does not fit.

    Attributes
    ----------
    line : of the file, from 1, in which it begins
    shown : its text
    fields : how many it has; 0 if it has a quote that is never closed
    """

    line: int
    shown: str
    fields: int = 0


def refusal(found: Misfit, text: bytes, layout: Layout, name: str, reading: Reading) -> DataError:
    """Return the error about a row that does not fit, with the choices that open the file.

    Parameters
    ----------
    text : the whole file
    """
    reads = _('Line {line:,} of the file reads "{text}".').format(
        line=found.line, text=brief(found.shown, SHOWN)
    )
    if not found.fields:
        return DataError(_("{said} {reads}").format(said=_never_closed(name, found), reads=reads))
    said = _('"{name}" line {line:,} has {got:,} fields where the header has {width:,}').format(
        name=name, line=found.line, got=found.fields, width=len(layout.names)
    )
    if layout.least == 1:  # of rows to predict none is passed over
        return DataError(_("{said}. {reads} Correct it.").format(said=said, reads=reads))
    if layout.has_header and _all_are_longer(text, layout):
        above = line_of(text, layout.start) - 1
        sentence = _(
            "{said}, and so has every row. {reads} Add the missing name to the header, or choose "
            '"no" for names in the first line and {lines:,} for "Lines above".'
            if layout.one_more
            else '{said}, and all rows have more than that. {reads} Choose "no" for names in the '
            'first line and {lines:,} for "Lines above".'
        )
        return DataError(
            sentence.format(said=said, reads=reads, lines=above),
            [_without_header(text, layout, name, above)],
        )
    return DataError(
        _('{said}. {reads} Correct it, or choose "skip" for bad lines.').format(
            said=said, reads=reads
        ),
        [Cure(_("Skip lines with too many fields"), reading={"bad_lines": "skip"})],
    )


def _never_closed(name: str, found: Misfit) -> str:
    return _('"{name}" line {line:,} has a quote that is never closed.').format(
        name=name, line=found.line
    )


def _all_are_longer(text: bytes, layout: Layout) -> bool:
    """Tell whether all of the first rows have something beyond the last column."""
    rows = rows_of(text[layout.start : layout.start + HEAD], 0, layout.delimiter)
    try:
        some = [row for _line, row in itertools.islice(rows, HEAD_ROWS)]
    except csv.Error:
        return False
    width = len(layout.names)
    return bool(some) and all(any(field.strip() for field in row[width:]) for row in some)


def _without_header(text: bytes, layout: Layout, name: str, above: int) -> Cure:
    """Propose to read the rows without the line that is too short to name their columns."""
    choices = {"header": "no", "skip": above}
    without = find_layout(text, name, Reading.model_validate(choices))
    mark, width = without.delimiter.encode(), len(without.names)
    if scan_rows(text, without.start, mark, width, HEAD, 1).long:
        choices["bad_lines"] = "skip"
    return Cure(_("Leave out the first line and number the columns"), reading=choices)
