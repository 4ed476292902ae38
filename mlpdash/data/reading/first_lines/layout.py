"""What the first lines say about a delimited text: delimiter, header, names, decimal mark."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from mlpdash.cures import Note
from mlpdash.data.cells.number_text import is_number
from mlpdash.data.cells.row_names import names_rows
from mlpdash.data.reading.first_lines import header
from mlpdash.data.reading.first_lines.counts_line import about_counts, counts_the_rows
from mlpdash.data.reading.first_lines.delimiters import DELIMITERS, HEAD, Rows, best_delimiter
from mlpdash.data.reading.first_lines.first_row import Start, find_start
from mlpdash.data.reading.first_lines.marks import find_marks
from mlpdash.data.reading.first_lines.preamble import without_preamble
from mlpdash.data.reading.first_lines.units_line import about_lines, units_of
from mlpdash.data.reading.lines import rows_of
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from mlpdash.text import _

SEP_LINE: Final = re.compile(rb'"?sep=(.)"?[ \t]*(\r\n|\r|\n)', re.IGNORECASE)
LINE_END: Final = re.compile(rb"\r\n|\r|\n")
FEW: Final = 3  # cells that speak for a first column without a name
GAP: Final = re.compile(r"\s{2,}|\t")  # between two names of several words


@dataclass(frozen=True)
class Layout:
    """How a text is to be parsed.

    Attributes
    ----------
    delimiter : one character; a blank stands for runs of blanks
    top : byte at which the header begins
    start : byte at which the rows of data begin
    names : of the columns, clean and distinct
    unnamed : positions of columns that the header leaves blank
    grouped : positions of columns whose marks may stand between thousands, to be read as text
    decimal : the mark that numbers have; between commas the mark of quoted numbers
    one_more : whether each row has a field more than the header has names
    """

    delimiter: str
    top: int
    start: int
    names: tuple[str, ...]
    unnamed: tuple[int, ...]
    grouped: tuple[int, ...]
    decimal: Literal[".", ","]
    one_more: bool
    has_header: bool
    renamed: tuple[str, ...]  # those of the names that the header does not have
    doubtful: bool  # whether the header is a guess that the person should look at
    notes: tuple[str | Note, ...]
    least: int = 2  # columns that are needed, 1 for rows to predict
    units: Mapping[str, str] = field(default_factory=dict)  # by column, from a line below the names


def find_layout(text: bytes, name: str, reading: Reading, least: int = 2) -> Layout:
    """Look at the head of `text`, UTF-8, and decide what the person left open.

    Parameters
    ----------
    least : columns that are needed, 1 for rows to predict

    Raises
    ------
    DataError : there is one column
    """
    delimiters, skipped, notes = _delimiters(text, reading)
    start = _line_start(text, skipped, 0)
    delimiter, rows = best_delimiter(text[start : start + HEAD], delimiters)
    if not rows:
        raise DataError(_('"{name}" is empty.').format(name=name))
    rows = [(line + skipped, fields) for line, fields in rows]
    if reading.skip is None and counts_the_rows(rows, text):
        notes.append(about_counts(rows[0][1]))
        rows = rows[1:]
    begin = None
    if reading.header != "no":
        begin = find_start(rows, at_top=reading.skip is not None)
    if reading.skip is None:
        rows, above = without_preamble(rows, begin)
        notes += above
    rows, between = _without_units(rows, begin)
    fewest = len(rows[0][1]) + _have_one_more([row for _line, row in rows])
    if min(max(len(fields) for _line, fields in rows), fewest) < least:
        raise one_column_error(name)
    if delimiter == " ":
        notes.append(_("Columns were split at spaces."))
    found = _described(text, delimiter, rows, reading, notes)
    if between:
        found = _with_units(found, _line_start(text, rows[1][0] - 1, 0), between)
    return replace(found, least=least)


def _without_units(rows: Rows, start: Start | None) -> tuple[Rows, list[list[str]]]:
    """Take the lines of units or types from below the header, the first of the rows."""
    if start is None or start.data == start.header + 1:
        return rows, []
    below = start.data - start.header
    between = [row for _line, row in rows[1:below] if any(row)]
    return [rows[0], *rows[below:]], between


def _with_units(layout: Layout, start: int, between: Sequence[list[str]]) -> Layout:
    """Return the layout with the rows below lines of units or types."""
    units = units_of(layout.names, between[0]) if layout.has_header else {}
    notes = (*layout.notes, *about_lines(between, units))
    return replace(layout, start=start, units=units, notes=notes)


def one_column_error(name: str) -> DataError:
    """Return the error for a table of one column."""
    return DataError(
        _(
            '"{name}" has one column; an input and a target are needed, with a comma, a '
            "semicolon, a tab, a | or spaces between them."
        ).format(name=name)
    )


def _delimiters(text: bytes, reading: Reading) -> tuple[tuple[str, ...], int, list[str | Note]]:
    """Return the delimiters to try, the lines to pass over, and sentences about that."""
    notes: list[str | Note] = []
    named = SEP_LINE.match(text)
    skipped = reading.skip or 0
    if named and not skipped:
        skipped = 1
        told = named[1].decode("ascii", errors="replace")
        if reading.delimiter == "auto" and told in DELIMITERS.values():
            notes.append(_('The first line says that "{mark}" is the delimiter.').format(mark=told))
            return (told,), skipped, notes
    if reading.delimiter != "auto":
        return (DELIMITERS[reading.delimiter],), skipped, notes
    return tuple(DELIMITERS.values()), skipped, notes


def _described(
    text: bytes, delimiter: str, rows: Rows, reading: Reading, notes: list[str | Note]
) -> Layout:
    fields = [row for _line, row in rows]
    guess = header.guess(fields)
    has_header = guess.has_header if reading.header == "auto" else reading.header == "yes"
    doubtful, told = reading.header == "auto" and guess.doubtful, guess.note
    line = rows[0][0]
    top = _line_start(text, line - 1, 0)
    start = _after_row(text, top, delimiter) if has_header else top
    body = fields[1:] if has_header else fields
    heads, said = [""] * len(fields[0]), ""
    if has_header:
        heads, said = _heads(text[top:start], delimiter, fields)
        doubtful = doubtful or not any(heads)
    names, renamed = header.distinct_names(heads)
    decimal, grouped = find_marks(body, delimiter)
    return Layout(
        delimiter=delimiter,
        top=top,
        start=start,
        names=names,
        unnamed=tuple(n for n, field in enumerate(heads) if has_header and not field),
        grouped=grouped,
        decimal=decimal,
        one_more=has_header and len(heads) == len(fields[0]) and _have_one_more(fields),
        has_header=has_header,
        renamed=tuple(renamed) if has_header and not doubtful else (),
        doubtful=doubtful,
        notes=(*notes, *([said] if said else []), *([told] if doubtful and told else [])),
    )


def _heads(line: bytes, delimiter: str, rows: Sequence[list[str]]) -> tuple[list[str], str]:
    """Return the names that the first row holds for those below, and a sentence about them."""
    first, body = rows[0], rows[1:]
    width = max(map(len, body), default=0)
    if delimiter == " " and 1 < width < len(first):
        return _names_of_words(line, first, width)
    if _have_one_more(rows) and _lacks_first_name(first, body):
        return ["", *first], ""
    return first, ""


def _names_of_words(line: bytes, words: list[str], width: int) -> tuple[list[str], str]:
    """Return names of several words for columns that blanks part, and a sentence about them."""
    names = GAP.split(line.decode(errors="replace").strip())
    if len(names) == width:
        return names, _(
            "Column names of several words were separated by the wider gaps between them."
        )
    sentence = _(
        "The first line has {words:,} words and the rows have {width:,} fields, so the columns "
        "were numbered. Put quotes around names of several words in the file."
    )
    return [""] * width, sentence.format(words=len(words), width=width)


def _have_one_more(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether each row has a field more than the first row, and not only empty ones."""
    width, below = len(rows[0]) + 1, rows[1:]
    return bool(below) and all(len(row) == width for row in below) and any(row[-1] for row in below)


def _lacks_first_name(heads: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell whether it is the first of the columns that has no name, as R and pandas write it.

    Its cells count the rows from 0 or 1, or are words that do not come again.
    """
    cells = [row[0] for row in body]
    gaps = sum(not row[-1] for row in body)
    if len(cells) < FEW or gaps > len(cells) / 10 or names_rows(heads[0]):
        return False
    if any(map(is_number, cells)):
        return cells[0] in ("0", "1") and all(
            cell == str(n) for n, cell in enumerate(cells, int(cells[0]))
        )
    return len(set(cells)) == len(cells)


def _line_start(text: bytes, lines: int, start: int) -> int:
    """Return the byte after so many lines."""
    for _n in range(lines):
        end = LINE_END.search(text, start)
        if end is None:
            return len(text)
        start = end.end()
    return start


def _after_row(text: bytes, start: int, delimiter: str) -> int:
    """Return the byte after the first row that is not blank, whose fields may hold line ends."""
    rows = rows_of(text[start : start + HEAD], 0, delimiter)
    try:
        first, _row = next(rows)
        second = next(rows, None)
    except csv.Error:
        return len(text)
    if second is None:
        return len(text) if len(text) - start <= HEAD else _line_start(text, first, start)
    return _line_start(text, second[0] - 1, start)
