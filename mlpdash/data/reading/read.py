"""Bytes of a table -> `Table`, or one sentence that says where and why not.

Read are text with delimiters, in nearly any encoding, and Parquet. pandas' C engine parses; what
it would get wrong (leading zeros, long numbers, rows that do not fit) is looked for first.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlpdash.cures import Note
from mlpdash.data.reading import limits, parquet
from mlpdash.data.reading.blanks import stripped
from mlpdash.data.reading.encodings import line_of, to_utf8
from mlpdash.data.reading.file_kinds import PARQUET, other_kind
from mlpdash.data.reading.first_lines.header import about_names, lacks_first_name
from mlpdash.data.reading.first_lines.layout import Layout, find_layout, one_column_error
from mlpdash.data.reading.lines import MOST_LONG, WINDOW, Lines, rows_of, scan_rows
from mlpdash.data.reading.misfits import check_near, first_misfit, line_at
from mlpdash.data.reading.parsing import parsed_rows, text_columns
from mlpdash.data.reading.refusals import Misfit, refusal
from mlpdash.data.reading.tidying import tidied
from mlpdash.data.reading.totals import about_total, find_totals
from mlpdash.data.reading.words import WORDS, with_words
from mlpdash.data.table import Table, TextFormat
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from mlpdash.text import _, n_

if TYPE_CHECKING:
    import pandas as pd


def read_table(
    content: bytes, name: str, reading: Reading | None = None, kept: Collection[str] = ()
) -> Table:
    """Read a table.

    Parameters
    ----------
    content : the bytes of the file
    name : the file's name, for messages
    reading : what the person decided; what is left open is looked for in the bytes
    kept : columns in which NA, null and the like are values

    Returns
    -------
    Table with clean, distinct column names; `notes` say what was changed or assumed

    Raises
    ------
    DataError : the bytes are no such table; one sentence with the line, where there is one
    ChoiceNeededError : something has to be chosen first, such as the encoding
    """
    reading = reading or Reading()
    if content.startswith(PARQUET):
        return parquet.read(content, name)
    text, note = text_of(content, name, reading.encoding)
    layout = find_layout(text, name, reading)
    notes: list[str | Note] = [*([note] if note else []), *layout.notes]
    found: list[str | Note] = []
    text, frame = _without_totals(text, layout, name, reading, found)
    notes += [*about_names(layout.names, layout.renamed, list(frame.columns)), *found]
    keep = None if reading.words == "keep" else set(kept)
    frame = with_words(text, layout, frame, keep, notes)
    frame, said = stripped(frame, WORDS if reading.words == "missing" else ())
    notes += said
    return Table(
        frame,
        name,
        tuple(notes),
        None,
        layout.decimal,
        ("header",) if layout.doubtful else (),
        text_format_of(layout, reading),
        layout.units,
        lacks_first_name(layout.renamed, list(frame.columns)),
    )


def rows_in(content: bytes, name: str, reading: Reading) -> tuple[bytes, Layout, pd.DataFrame]:
    """Return the text of a file's rows, what is known of it, and the rows as they are parsed.

    Raises
    ------
    DataError, ChoiceNeededError : as `read_table`
    """
    text, _note = text_of(content, name, reading.encoding)
    layout = find_layout(text, name, reading)
    text, frame = _without_totals(text, layout, name, reading, [])
    return text, layout, frame


def text_of(content: bytes, name: str, encoding: str) -> tuple[bytes, str]:
    """Return a file's text as UTF-8, and a sentence where it was not UTF-8 before.

    Raises
    ------
    DataError : it is too large, empty, or no text
    ChoiceNeededError : its encoding has to be chosen
    """
    limits.UPLOAD.check(-(-len(content) // 1_000_000), name)
    found = other_kind(content)
    if found:
        raise DataError(_('"{name}" is not a CSV but {found}.').format(name=name, found=found))
    text, note = to_utf8(content, name, encoding)
    text, said = tidied(text)
    if not text or text.isspace():
        raise DataError(_('"{name}" is empty.').format(name=name))
    return text, f"{note} {said}".strip()


def parse_text(
    text: bytes, layout: Layout, name: str, reading: Reading, notes: list[str | Note]
) -> tuple[bytes, pd.DataFrame]:
    """Return the text without bad lines, and its rows.

    Raises
    ------
    DataError : rows do not fit the header, or there are none
    """
    limits.COLUMNS.check(len(layout.names), name)
    layout = _without_nameless_end(text, layout)
    text, lines = _fitting(text, layout, name, reading, notes)
    return text, _framed(text, layout, name, lines, reading)


def _without_nameless_end(text: bytes, layout: Layout) -> Layout:
    """Leave out last columns that have neither a name nor a field in any row: "a,b," over "1,2"."""
    width = len(layout.names)
    while width - 1 in layout.unnamed and _first_fields(text, layout) < width:
        mark, most = layout.delimiter.encode(), limits.FIELD.most
        lines = scan_rows(text, layout.start, mark, width, most, 1)
        if lines.short < lines.rows or lines.long or not lines.rows:
            break
        width -= 1
    unnamed = tuple(n for n in layout.unnamed if n < width)
    return replace(layout, names=layout.names[:width], unnamed=unnamed)


def _first_fields(text: bytes, layout: Layout) -> int:
    """Return how many fields the first row of data has, which spares most files a second look."""
    try:
        return len(
            next(rows_of(text[layout.start : layout.start + WINDOW], 0, layout.delimiter))[1]
        )
    except (StopIteration, csv.Error):
        return 0


def text_format_of(layout: Layout, reading: Reading) -> TextFormat:
    """Return how a text was written, for reading others like it."""
    delimiter: Any = layout.delimiter
    return TextFormat(reading.encoding, delimiter, layout.has_header, reading.words, layout.decimal)


def _without_totals(
    text: bytes, layout: Layout, name: str, reading: Reading, notes: list[str | Note]
) -> tuple[bytes, pd.DataFrame]:
    """Parse, and leave out last lines that sum the others."""
    every = find_totals(text, layout) if reading.totals == "skip" else []
    for last in [every, every[-1:]] if len(every) > 1 else [every] * len(every):
        found: list[str | Note] = []
        cut, frame = parse_text(text[: last[0].start], layout, name, reading, found)
        said = [about_total(line, frame, layout) for line in last]
        if all(said):
            notes += [*found, *said]
            return cut, frame
    return parse_text(text, layout, name, reading, notes)


def _fitting(
    text: bytes, layout: Layout, name: str, reading: Reading, notes: list[str | Note]
) -> tuple[bytes, Lines]:
    """Refuse, or drop, rows that have too many fields; count those that have too few."""
    width, most = len(layout.names), limits.FIELD.most
    refuse = reading.bad_lines == "refuse"
    lines = scan_rows(
        text, layout.start, layout.delimiter.encode(), width, most, 1 if refuse else MOST_LONG
    )
    if lines.odd_quote is not None and refuse:
        check_near(text, layout, name, lines.odd_quote, reading)
    if lines.open_quote is not None:
        where = line_of(text, lines.open_quote)
        found = Misfit(where, line_at(text, lines.open_quote))
        raise refusal(found, text, layout, name, reading)
    if lines.rows == 0:
        if found_first := first_misfit(text.rstrip(), layout.top, layout):
            raise refusal(found_first, text, layout, name, reading)
        raise DataError(_('"{name}" has a header but no rows.').format(name=name))
    limits.CELLS.check(lines.rows * width, name)
    if lines.longest > most:
        limits.FIELD.check(lines.longest, name, line=line_of(text, lines.longest_at))
    if lines.long and (refuse or len(lines.long) == lines.rows):
        first = lines.long[0]
        shown = text[first.start : first.stop].strip(b"\r\n").decode(errors="replace")
        found = Misfit(line_of(text, first.start), shown, first.fields)
        raise refusal(found, text, layout, name, reading)
    if lines.long:
        text = _dropped(text, lines)
        notes.append(
            n_(
                "1 line with more fields than the header was skipped.",
                "{n:,} lines with more fields than the header were skipped.",
                len(lines.long),
            ).format(n=len(lines.long))
        )
    if lines.short:
        notes.append(
            n_(
                "1 row has fewer fields than the header; the rest counts as missing.",
                "{n:,} rows have fewer fields than the header; the rest counts as missing.",
                lines.short,
            ).format(n=lines.short)
        )
    return text, lines


def _dropped(text: bytes, lines: Lines) -> bytes:
    view, kept, at = memoryview(text), [], 0
    for row in lines.long:
        kept.append(view[at : row.start])
        at = row.stop
    return b"".join([*kept, view[at:]])


def _framed(text: bytes, layout: Layout, name: str, lines: Lines, reading: Reading) -> pd.DataFrame:
    """Parse, drop columns that are nothing but a trailing delimiter, and check what came out."""
    as_text = text_columns(text, layout, lines)
    frame = _parsed(text, layout, name, {layout.names[n]: "str" for n in as_text}, reading)
    if frame.empty:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name))
    width = len(layout.names)
    limits.CELLS.check(len(frame) * width, name)
    blank = {n for n in layout.unnamed if frame.iloc[:, n].isna().all()}
    if blank:
        frame = frame.iloc[:, [n for n in range(width) if n not in blank]]
    if frame.shape[1] < layout.least:
        raise one_column_error(name)
    return frame


def _parsed(
    text: bytes, layout: Layout, name: str, types: dict[str, str], reading: Reading
) -> pd.DataFrame:
    import pandas as pd

    try:
        return parsed_rows(text, layout, types)
    except pd.errors.EmptyDataError:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name)) from None
    except (ValueError, OverflowError) as error:  # pandas' ParserError is a ValueError
        if found := first_misfit(text, layout.start, layout):
            raise refusal(found, text, layout, name, reading) from None
        raise DataError(
            _('"{name}" cannot be read as a table: {reason}.').format(
                name=name, reason=str(error).partition("\n")[0].rstrip(".")
            )
        ) from None
