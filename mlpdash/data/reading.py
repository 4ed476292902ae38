"""Bytes of a table -> `Table`, or one sentence that says where and why not.

Read are text with delimiters, in nearly any encoding, and Parquet. pandas' C engine parses; what
it would get wrong (leading zeros, long numbers, rows that do not fit) is looked for first.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data import limits, parquet
from mlpdash.data.cells import MANY
from mlpdash.data.encodings import line_of, to_utf8
from mlpdash.data.layout import Layout, find_layout, one_column
from mlpdash.data.lines import WINDOW, Lines, rows_of, scan, scan_blanks
from mlpdash.data.magic import PARQUET, other_kind
from mlpdash.data.tables import Table, brief, listed
from mlpdash.errors import DataError
from mlpdash.table_specs import Reading
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

LONG_NUMBER: Final = re.compile(r"[+-]?\d{16,}")  # has more digits than a float
TOTAL: Final = re.compile(
    "(grand )?totals?|sum|summe|gesamt|gesamtsumme|totale|somme|suma|soma|totaal|"
    "итого|всего|合計|总计|合计"
)
TAIL: Final = 100_000  # bytes in which a total line is looked for
WORDS: Final = ("NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "NAN", "<NA>", "#N/A")


def read_table(content: bytes, name: str, reading: Reading | None = None) -> Table:
    """Read a table.

    Parameters
    ----------
    content : the bytes of the file
    name : the file's name, for messages
    reading : what the person decided; what is left open is looked for in the bytes

    Returns
    -------
    Table with clean, distinct column names; `notes` say what was changed or assumed

    Raises
    ------
    DataError : the bytes are no such table; one sentence with the line, where there is one
    ChoiceNeededError : something has to be chosen first, such as the encoding
    """
    reading = reading or Reading()
    limits.UPLOAD.check(-(-len(content) // 1_000_000), name)
    if content.startswith(PARQUET):
        return parquet.read(content, name)
    found = other_kind(content)
    if found:
        raise DataError(_('"{name}" is not a CSV but {found}.').format(name=name, found=found))
    text, note = to_utf8(content, name, reading.encoding)
    if not text or text.isspace():
        raise DataError(_('"{name}" is empty.').format(name=name))
    layout = find_layout(text, name, reading)
    limits.COLUMNS.check(len(layout.names), name)
    notes = [*([note] if note else []), *layout.notes]
    if reading.totals == "skip":
        text = _without_total(text, layout, notes)
    text, lines = _fitting(text, layout, name, reading, notes)
    frame = _framed(text, layout, name, lines)
    frame = _words(text, layout, frame, reading, notes)
    asked = ("header",) if layout.asked else ()
    return Table(frame, name, tuple(notes), None, layout.decimal, asked)


def _without_total(text: bytes, layout: Layout, notes: list[str]) -> bytes:
    """Cut a last line off that sums the others."""
    start = max(layout.start, len(text) - TAIL)
    body = text[start:].rstrip()
    at = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
    if at == 0 or start + at <= layout.start:
        return text
    try:
        row = next(csv.reader([body[at:].decode(errors="replace")], delimiter=layout.delimiter))
    except (csv.Error, StopIteration):
        return text
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if len(row) < 2 or not TOTAL.fullmatch(first.rstrip(":").casefold()):
        return text
    notes.append(
        _('The last line, "{word}", sums the others and was left out.').format(word=brief(first))
    )
    return text[: start + at]


def _fitting(
    text: bytes, layout: Layout, name: str, reading: Reading, notes: list[str]
) -> tuple[bytes, Lines | None]:
    """Refuse, or drop, rows that have too many fields; count those that have too few."""
    width, most = len(layout.names), limits.FIELD.most
    if layout.delimiter != " ":
        lines = scan(text, layout.start, layout.delimiter.encode(), width, most)
    elif text.find(b'"', layout.start) < 0:
        lines = scan_blanks(text, layout.start, width)
    else:
        return text, None
    if lines.open_quote is not None:
        raise DataError(_never_closed(name, line_of(text, lines.open_quote)))
    if lines.odd_quote is not None:
        if reading.bad_lines == "refuse":
            _check_near(text, layout, name, lines.odd_quote)
        return text, None
    if lines.rows == 0:
        raise DataError(
            _misfit(text, layout.top, layout, name)
            or _('"{name}" has a header but no rows.').format(name=name)
        )
    limits.CELLS.check(lines.rows * width, name)
    if lines.longest > most:
        limits.FIELD.check(lines.longest, name, line=line_of(text, lines.longest_at))
    if lines.long and reading.bad_lines == "refuse":
        first = lines.long[0]
        raise DataError(_too_many(name, line_of(text, first.start), first.fields, width))
    if lines.long:
        text = _dropped(text, lines)
        notes.append(
            _("{n:,} lines with more fields than the header were skipped.").format(
                n=len(lines.long)
            )
        )
    if lines.short:
        notes.append(
            _("{n:,} rows have fewer fields than the header; the rest counts as missing.").format(
                n=lines.short
            )
        )
    return text, lines


def _dropped(text: bytes, lines: Lines) -> bytes:
    view, kept, at = memoryview(text), [], 0
    for row in lines.long:
        kept.append(view[at : row.start])
        at = row.stop
    return b"".join([*kept, view[at:]])


def _check_near(text: bytes, layout: Layout, name: str, start: int) -> None:
    """Look from a row on whose quotes are odd; what is wrong is mostly found right there."""
    window = text[start : start + WINDOW]
    whole = start + WINDOW >= len(text)
    where = _misfit(window, 0, layout, name, line_of(text, start) - 1, whole=whole)
    if where:
        raise DataError(where)


def _misfit(
    text: bytes, start: int, layout: Layout, name: str, above: int = 0, *, whole: bool = True
) -> str:
    """Return the sentence about the first row that does not fit, if Python's reader finds one.

    Parameters
    ----------
    above : lines above `text`
    whole : the text does not end before the file does, so that an open quote is never closed
    """
    width, line, size = len(layout.names), 0, 0
    try:
        for line, row in rows_of(text, start, layout.delimiter):
            if any(field.strip() for field in row[width:]) or len(row) > width + layout.extra:
                return _too_many(name, above + line, len(row), width)
            size = max(map(len, row))
    except csv.Error:  # a quote that swallowed more than a field may hold
        return _never_closed(name, above + line + 1)
    if whole and size and _ends_open(text, layout, line):
        return _never_closed(name, above + line)
    return ""


def _ends_open(text: bytes, layout: Layout, line: int) -> bool:
    """Tell whether the last row, which starts in `line`, ends inside quotes."""
    last = b"\n".join(re.split(rb"\r\n|\r|\n", text)[line - 1 :])
    try:
        list(csv.reader([last.decode(errors="replace")], delimiter=layout.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _too_many(name: str, line: int, got: int, width: int) -> str:
    return _(
        '"{name}" line {line:,} has {got:,} fields where the header has {width:,}. '
        'Correct it, or choose "skip" for bad lines.'
    ).format(name=name, line=line, got=got, width=width)


def _never_closed(name: str, line: int) -> str:
    return _('"{name}" line {line:,} has a quote that is never closed.').format(
        name=name, line=line
    )


def _framed(text: bytes, layout: Layout, name: str, lines: Lines | None) -> pd.DataFrame:
    """Parse, drop columns that are nothing but a trailing delimiter, and check what came out."""
    as_text = _text_columns(text, layout, lines)
    frame = _parsed(text, layout, name, {layout.names[n]: "str" for n in as_text})
    if frame.empty:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name))
    width = len(layout.names)
    limits.CELLS.check(len(frame) * width, name)
    if frame.iloc[:, width:].notna().to_numpy().any():
        raise DataError(
            _misfit(text, layout.start, layout, name) or _never_closed(name, len(frame))
        )
    blank = {n for n in layout.unnamed if frame.iloc[:, n].isna().all()}
    if blank or layout.extra:
        frame = frame.iloc[:, [n for n in range(width) if n not in blank]]
    if frame.shape[1] < 2:
        raise one_column(name)
    return frame


def _text_columns(text: bytes, layout: Layout, lines: Lines | None) -> set[int]:
    """Find columns whose numbers would lose digits: leading zeros, and beyond 15 digits."""
    width = len(layout.names)
    found = {n for n in lines.zeros if n < width} if lines else set()
    head = text[layout.start : layout.start + 200_000]
    try:
        for count, (_line, row) in enumerate(rows_of(head, 0, layout.delimiter)):
            if count == 100:
                break
            found |= {
                n
                for n, cell in enumerate(row[:width])
                if LONG_NUMBER.fullmatch(cell) or (cell[:1] == "0" and cell[1:2].isdecimal())
            }
    except csv.Error:
        pass
    return found


def _parsed(text: bytes, layout: Layout, name: str, types: dict[str, str]) -> pd.DataFrame:
    import pandas as pd

    try:
        return _of_one_type(text, layout, types)
    except pd.errors.EmptyDataError:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name)) from None
    except (ValueError, OverflowError):  # pandas' ParserError is a ValueError
        raise DataError(
            _misfit(text, layout.start, layout, name)
            or _never_closed(name, line_of(text, len(text.rstrip())))
        ) from None


def _of_one_type(text: bytes, layout: Layout, types: dict[str, str]) -> pd.DataFrame:
    """Parse in pieces, which is quicker; where they differ in type, at once."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)
        frame = _pandas(text, layout, dtype=types)
    if not any(kind.kind == "O" and kind != "str" for kind in frame.dtypes):
        return frame.copy() if frame.shape[1] > MANY else frame  # a copy is one block: quicker
    return _pandas(text, layout, dtype=types, low_memory=False)


def _pandas(text: bytes, layout: Layout, **more: Any) -> pd.DataFrame:
    import pandas as pd

    stream = io.BytesIO(text)
    stream.seek(layout.start)
    frame: pd.DataFrame = pd.read_csv(
        stream,
        sep=r"\s+" if layout.delimiter == " " else layout.delimiter,
        names=[*layout.names, *(f"\0{n}" for n in range(layout.extra))],
        header=None,
        index_col=False,
        skipinitialspace=True,
        decimal=layout.decimal,
        **more,
    )
    return frame


def _words(
    text: bytes, layout: Layout, frame: pd.DataFrame, reading: Reading, notes: list[str]
) -> pd.DataFrame:
    """Say which columns of text have words such as NA in them, and keep these where asked."""
    absent = frame.isna().to_numpy()
    texts = np.array([kind == "str" for kind in frame.dtypes])
    some: NDArray[np.bool_] = np.any(absent, axis=0) & texts
    gaps = [str(name) for name in frame.columns[some | np.all(absent, axis=0)]]
    if not gaps or not any(text.find(word.encode(), layout.start) >= 0 for word in WORDS):
        return frame
    again = _as_text(text, layout, gaps)
    kept = {}
    for name in gaps:
        word = again[name].notna() & frame[name].isna()
        if not word.any():
            continue
        if reading.words == "keep":
            kept[name] = again[name]
            continue
        notes.append(
            _(
                'In {column} {n:,} cells say {words}, which counts as missing; choose "keep" for '
                "NA, null, None if that is a value."
            ).format(
                column=listed([name]),
                n=int(word.sum()),
                words=listed(sorted(set(again[name][word].head(1000))), 3),
            )
        )
    return frame.assign(**kept) if kept else frame


def _as_text(text: bytes, layout: Layout, columns: list[str]) -> pd.DataFrame:
    """Read columns once more, as they stand; only empty cells are missing."""
    plain: dict[str, Any] = {"dtype": "str", "keep_default_na": False, "na_values": [""]}
    try:
        return _pandas(text, layout, usecols=columns, **plain)
    except ValueError:  # the first row is too short for pandas to find them
        return _pandas(text, layout, **plain)
