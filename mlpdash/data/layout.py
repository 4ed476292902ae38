"""What the first lines say about a delimited text: delimiter, header, names, decimal mark."""

from __future__ import annotations

import contextlib
import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mlpdash.data import header
from mlpdash.data.lines import rows_of
from mlpdash.data.tables import brief
from mlpdash.errors import DataError
from mlpdash.table_specs import Reading
from mlpdash.text import _

DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "blanks": " "}
HEAD: Final = 1_000_000  # bytes that are looked at
HEAD_ROWS: Final = 100
MOST_ABOVE: Final = 50  # lines above a header
SEP_LINE: Final = re.compile(rb'"?sep=(.)"?[ \t]*(\r\n|\r|\n)', re.IGNORECASE)
LINE_END: Final = re.compile(rb"\r\n|\r|\n")
COMMENT: Final = ("#", "%", "//")
POINT: Final = re.compile(r"[+-]?\d*\.\d+")
COMMA: Final = re.compile(r"[+-]?\d*,\d+")

Rows = list[tuple[int, list[str]]]  # the line each starts in, its fields


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
    extra : fields that the first row of data has after these
    decimal : "." or ","
    """

    delimiter: str
    top: int
    start: int
    names: tuple[str, ...]
    unnamed: tuple[int, ...]
    extra: int
    decimal: Literal[".", ","]
    has_header: bool
    asked: bool  # whether the header is a guess that the person should look at
    notes: tuple[str, ...]


def find_layout(text: bytes, name: str, reading: Reading) -> Layout:
    """Look at the head of `text`, UTF-8, and decide what the person left open.

    Raises
    ------
    DataError : there is one column
    """
    delimiters, skipped, notes = _delimiters(text, reading)
    start = _line_start(text, skipped, 0)
    delimiter, rows = _best(text[start : start + HEAD], delimiters, name)
    if not rows:
        raise DataError(_('"{name}" is empty.').format(name=name))
    rows = [(line + skipped, fields) for line, fields in rows]
    if reading.skip is None:
        rows, above = _without_preamble(rows)
        notes += [above] if above else []
    if max(len(fields) for _line, fields in rows) < 2 or len(rows[0][1]) < 2:
        raise one_column(name)
    if delimiter == " ":
        notes.append(_("Runs of blanks were read as the border between two fields."))
    return _described(text, delimiter, rows, reading, notes)


def one_column(name: str) -> DataError:
    """Return the error for a table of one column."""
    return DataError(
        _(
            '"{name}" has one column; an input and a target are needed, with a comma, '
            "a semicolon, a tab, a | or blanks between them."
        ).format(name=name)
    )


def _delimiters(text: bytes, reading: Reading) -> tuple[tuple[str, ...], int, list[str]]:
    """Return the delimiters to try, the lines to pass over, and sentences about that."""
    notes: list[str] = []
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


def _best(head: bytes, delimiters: Sequence[str], name: str) -> tuple[str, Rows]:
    tried = {d: _head_rows(head, d) for d in delimiters}
    marks = [d for d in delimiters if d != " "] or list(delimiters)
    best = max(marks, key=lambda d: _fit(tried[d]))
    if _fit(tried[best])[1] < 2 and " " in tried and _looks_blank_delimited(tried[" "]):
        best = " "
    return best, tried[best]


def _head_rows(head: bytes, delimiter: str) -> Rows:
    rows: Rows = []
    with contextlib.suppress(csv.Error):  # a field beyond csv's limit; pandas has none
        for line, row in itertools.islice(rows_of(head, 0, delimiter), HEAD_ROWS):
            rows.append((line, [field.strip() for field in row]))
    if len(head) == HEAD and len(rows) > 1:
        rows.pop()  # it may be cut
    return rows


def _fit(rows: Rows) -> tuple[float, int]:
    """Rate a delimiter: the share of rows as long as most are, then that length."""
    fields = _usual(rows)
    if fields < 2:
        return 0.0, fields
    return sum(len(row) == fields for _line, row in rows) / len(rows), fields


def _usual(rows: Rows) -> int:
    """Return the number of fields that most rows have, the first such number of several."""
    counts = Counter(len(row) for _line, row in rows)
    return max(counts, key=lambda n: counts[n], default=0)


def _looks_blank_delimited(rows: Rows) -> bool:
    """Tell columns of numbers from sentences: at least two rows alike, with numbers in them."""
    usual = _usual(rows)
    alike = [row for _line, row in rows if len(row) == usual]
    if usual < 2 or len(alike) < max(2, 0.9 * len(rows)):
        return False
    numeric = [row for row in alike if sum(header.is_number(field) for field in row) >= usual / 2]
    return len(numeric) >= len(alike) / 2


def _without_preamble(rows: Rows) -> tuple[Rows, str]:
    """Drop lines above the header: comments, and lines with few fields where the rest has many."""
    usual = _usual(rows)
    above = 0
    for above, (_line, row) in enumerate(rows[:MOST_ABOVE]):
        filled = sum(bool(field) for field in row)
        comment = row[0].startswith(COMMENT) and above + 1 < len(rows)
        if not comment and not (usual > 2 and filled < 2):
            break
    if not above:
        return rows, ""
    if len(rows[above][1]) < 2:
        return rows, ""
    note = _('{n:,} lines above the header were left out, the first: "{text}".').format(
        n=above, text=brief(" ".join(field for field in rows[0][1] if field), 60)
    )
    return rows[above:], note


def _described(
    text: bytes, delimiter: str, rows: Rows, reading: Reading, notes: list[str]
) -> Layout:
    fields = [row for _line, row in rows]
    guess = header.guess(fields)
    has_header = guess.has_header if reading.header == "auto" else reading.header == "yes"
    asked = reading.header == "auto" and guess.doubtful
    heads = fields[0] if has_header else [""] * len(fields[0])
    names, renamed = header.distinct(heads)
    if asked:
        notes.append(guess.sentence)
    elif has_header:
        notes += renamed
    body = fields[1:] if has_header else fields
    line = rows[0][0]
    top = _line_start(text, line - 1, 0)
    start = _after_row(text, top, delimiter) if has_header else top
    return Layout(
        delimiter=delimiter,
        top=top,
        start=start,
        names=names,
        unnamed=tuple(n for n, field in enumerate(heads) if has_header and not field),
        extra=max(0, len(body[0]) - len(names)) if body else 0,
        decimal=_decimal(body, delimiter),
        has_header=has_header,
        asked=asked,
        notes=tuple(notes),
    )


def _decimal(body: Sequence[Sequence[str]], delimiter: str) -> Literal[".", ","]:
    """Return the comma where numbers have one and none has a point."""
    if delimiter == ",":
        return "."
    cells = [field for row in body for field in row]
    commas = sum(bool(COMMA.fullmatch(cell)) for cell in cells)
    return "," if commas and not any(POINT.fullmatch(cell) for cell in cells) else "."


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
