"""Bytes of a table -> `Table`, or one sentence that says where and why not.

Read are text with delimiters, in nearly any encoding, and Parquet. pandas' C engine parses; what
it would get wrong (leading zeros, long numbers, rows that do not fit) is looked for first.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Note
from mlpdash.data.cells.cells import MANY_COLUMNS
from mlpdash.data.reading import limits, parquet
from mlpdash.data.reading.blanks import stripped
from mlpdash.data.reading.encodings import line_of, to_utf8
from mlpdash.data.reading.file_kinds import PARQUET, other_kind
from mlpdash.data.reading.header import about_names, lacks_first_name
from mlpdash.data.reading.layout import Layout, find_layout, one_column_error
from mlpdash.data.reading.lines import MOST_LONG, WINDOW, Lines, rows_of, scan_rows
from mlpdash.data.reading.refusals import Misfit, refusal
from mlpdash.data.reading.tidying import tidied
from mlpdash.data.reading.totals import about_total, find_totals
from mlpdash.data.reading.words import values_cures, with_degrees
from mlpdash.data.table import Table, TextFormat, with_columns
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from mlpdash.text import _, listed, n_

if TYPE_CHECKING:
    import pandas as pd

ZERO_LED: Final = re.compile(r"\s*0\d")
LONG_NUMBER: Final = re.compile(r"[+-]?\d{16,}")  # has more digits than a float
WIDE: Final = 500  # columns from which on each piece that pandas parses costs more than it saves
AT_ONCE: Final = 64_000_000  # bytes of text that are parsed at once at most, which takes memory
LINE: Final = 200  # bytes of a line that are shown at most
MOST_ROWS: Final = 1_000  # that words for missing cells are listed from
WORDS: Final = ("NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "NAN", "<NA>", "#N/A")


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
    frame = _words(text, layout, frame, keep, notes)
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
        _check_near(text, layout, name, lines.odd_quote, reading)
    if lines.open_quote is not None:
        where = line_of(text, lines.open_quote)
        found = Misfit(where, _line_at(text, lines.open_quote))
        raise refusal(found, text, layout, name, reading)
    if lines.rows == 0:
        if found_first := _misfit(text.rstrip(), layout.top, layout):
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


def _check_near(text: bytes, layout: Layout, name: str, start: int, reading: Reading) -> None:
    """Look from a row on whose quotes are odd; what is wrong is mostly found right there."""
    window = text[start : start + WINDOW]
    whole = start + WINDOW >= len(text)
    found = _misfit(window, 0, layout, line_of(text, start) - 1, whole=whole)
    if found:
        raise refusal(found, text, layout, name, reading)


def _misfit(
    text: bytes, start: int, layout: Layout, above: int = 0, *, whole: bool = True
) -> Misfit | None:
    """Return the first row that does not fit, if Python's reader finds one.

    Parameters
    ----------
    above : lines above `text`
    whole : the text does not end before the file does, so that an open quote is never closed
    """
    width, line, size = len(layout.names), 0, 0
    try:
        for line, row in rows_of(text, start, layout.delimiter):
            if any(field.strip() for field in row[width:]):
                return Misfit(above + line, layout.delimiter.join(row), len(row))
            size = max(map(len, row))
    except csv.Error:  # a field that is longer than csv's limit, mostly since a quote is open
        return Misfit(above + line + 1, _nth_line(text, line + 1))
    if whole and size and _ends_open(text, layout, line):
        return Misfit(above + line, _nth_line(text, line))
    return None


def _line_at(text: bytes, place: int) -> str:
    """Return the beginning of the line that holds the byte at a place."""
    start = max(text.rfind(b"\n", 0, place), text.rfind(b"\r", 0, place)) + 1
    return _first_line(text[start : start + LINE])


def _nth_line(text: bytes, line: int) -> str:
    """Return the beginning of a line, counted from 1."""
    ends = itertools.islice(re.finditer(rb"\r\n|\r|\n", text), max(0, line - 2), None)
    start = next(ends).end() if line > 1 else 0
    return _first_line(text[start : start + LINE])


def _first_line(text: bytes) -> str:
    return re.split(rb"[\r\n]", text, maxsplit=1)[0].decode(errors="replace")


def _ends_open(text: bytes, layout: Layout, line: int) -> bool:
    """Tell whether the last row, which starts in `line`, ends inside quotes."""
    last = b"\n".join(re.split(rb"\r\n|\r|\n", text)[line - 1 :])
    try:
        list(csv.reader([last.decode(errors="replace")], delimiter=layout.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _framed(text: bytes, layout: Layout, name: str, lines: Lines, reading: Reading) -> pd.DataFrame:
    """Parse, drop columns that are nothing but a trailing delimiter, and check what came out."""
    as_text = _text_columns(text, layout, lines)
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


def _text_columns(text: bytes, layout: Layout, lines: Lines) -> set[int]:
    """Find columns whose numbers would lose digits: leading zeros, and beyond 15 digits."""
    width = len(layout.names)
    found = {*layout.grouped, *(n for n in lines.zeros if n < width)}
    head = text[layout.start : layout.start + 200_000]
    try:
        for count, (_line, row) in enumerate(rows_of(head, 0, layout.delimiter)):
            if count == 100:
                break
            found |= {
                n
                for n, cell in enumerate(row[:width])
                if LONG_NUMBER.fullmatch(cell.strip()) or ZERO_LED.match(cell)
            }
    except csv.Error:
        pass
    return found


def _parsed(
    text: bytes, layout: Layout, name: str, types: dict[str, str], reading: Reading
) -> pd.DataFrame:
    import pandas as pd

    try:
        return _of_one_type(text, layout, types)
    except pd.errors.EmptyDataError:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name)) from None
    except (ValueError, OverflowError) as error:  # pandas' ParserError is a ValueError
        if found := _misfit(text, layout.start, layout):
            raise refusal(found, text, layout, name, reading) from None
        raise DataError(
            _('"{name}" cannot be read as a table: {reason}.').format(
                name=name, reason=str(error).partition("\n")[0].rstrip(".")
            )
        ) from None


def _of_one_type(text: bytes, layout: Layout, types: dict[str, str]) -> pd.DataFrame:
    """Parse in pieces, which is quicker; at once where they differ in type or columns are many."""
    import pandas as pd

    # A dict of types, even an empty one, makes pandas build a Series for each column.
    more: dict[str, Any] = {"dtype": types} if types else {}
    is_wide = len(layout.names) > WIDE and len(text) < AT_ONCE
    if not is_wide:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            frame = _pandas(text, layout, **more)
    if is_wide or any(kind.kind == "O" and kind != "str" for kind in frame.dtypes):
        frame = _pandas(text, layout, low_memory=False, **more)
    return frame.copy() if frame.shape[1] > MANY_COLUMNS else frame  # a copy is one block: quicker


def _pandas(text: bytes, layout: Layout, **more: Any) -> pd.DataFrame:
    import pandas as pd

    more = {"skipinitialspace": True, **more}

    def read(**chosen: Any) -> pd.DataFrame:
        stream = io.BytesIO(text)
        stream.seek(layout.start)
        frame: pd.DataFrame = pd.read_csv(
            stream,
            sep=r"\s+" if layout.delimiter == " " else layout.delimiter,
            names=layout.names,
            header=None,
            index_col=False,
            decimal="." if layout.delimiter == "," else layout.decimal,
            **chosen,
        )
        return frame

    columns = more.pop("usecols", range(len(layout.names)))  # empty fields beyond are no error
    try:
        return read(usecols=columns, **more)
    except pd.errors.ParserError:  # mostly since no row has as many fields as there are names
        return read(**more).iloc[:, list(columns)]


def _words(
    text: bytes,
    layout: Layout,
    frame: pd.DataFrame,
    keep: Collection[str] | None,
    notes: list[str | Note],
) -> pd.DataFrame:
    """Say which columns of text have words such as NA in them, and keep these where asked.

    Parameters
    ----------
    keep : columns in which they are values; None for all
    """
    absent = frame.isna().to_numpy()
    texts = np.array([kind == "str" or kind.kind == "O" for kind in frame.dtypes])  # O: with bools
    some: NDArray[np.bool_] = np.any(absent, axis=0) & texts
    wanted: NDArray[np.bool_] = some | np.all(absent, axis=0)
    gaps = [str(name) for name in frame.columns[wanted]]
    if not gaps or not any(text.find(word.encode(), layout.start) >= 0 for word in WORDS):
        return frame
    again = as_text(text, layout, gaps)[gaps]
    words = absent[:, wanted] & again.notna().to_numpy()
    with_words: list[bool] = np.any(words, axis=0).tolist()
    named = [name for name, has_words in zip(gaps, with_words, strict=True) if has_words]
    if not named:
        return frame
    kept = [name for name in named if keep is None or name in keep]
    if kept:
        frame = with_columns(frame, {name: again[name] for name in kept})
        words[:, [name in kept for name in gaps]] = False
    words, frame = with_degrees(frame, again, words)
    if not words.any():
        return frame
    named = [name for n, name in enumerate(gaps) if words[:, n].any()]
    rows = np.flatnonzero(words.any(axis=1))[:MOST_ROWS]
    said = again.iloc[rows].to_numpy()[words[rows]]
    told = _(
        'In {column} {n:,} cells say {words}, which counts as missing; choose "keep" for '
        "NA, null, None if that is a value."
    ).format(column=listed(named), n=int(words.sum()), words=listed(sorted(set(said)), 3))
    notes.append(Note(told, values_cures(named)))
    return frame


def as_text(
    text: bytes, layout: Layout, columns: list[str], *, keep_blanks: bool = False
) -> pd.DataFrame:
    """Read columns once more, as they stand; only empty cells are missing.

    Parameters
    ----------
    keep_blanks : those before a cell are part of it
    """
    return _pandas(
        text,
        layout,
        usecols=[layout.names.index(name) for name in columns],
        dtype="str",
        keep_default_na=False,
        na_values=[""],
        skipinitialspace=not keep_blanks,
    )
