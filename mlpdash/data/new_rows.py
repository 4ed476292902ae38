"""Bytes of rows to predict -> `Rows`, read as the table was that a net learned from.

The columns are known by name, so the names tell the header and the delimiter. No row is left out:
one column is enough, a last line that sums the others is a row, and so is an empty line of a file
with one column.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.read_cells import NUMBERS
from mlpdash.data.reading import as_given, parquet
from mlpdash.data.reading.file_kinds import PARQUET
from mlpdash.data.reading.first_lines.delimiters import DELIMITERS, HEAD
from mlpdash.data.reading.first_lines.header import distinct_names
from mlpdash.data.reading.first_lines.layout import Layout, find_layout
from mlpdash.data.reading.first_lines.preamble import MOST_ABOVE
from mlpdash.data.reading.lines import rows_of
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.data.reading.read import parse_text, text_of
from mlpdash.data.table import TextFormat, with_columns
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd

CHOSEN: Final = {mark: name for name, mark in DELIMITERS.items()}


@dataclass(frozen=True)
class Rows:
    """Rows to predict.

    Attributes
    ----------
    given : as they came, which is how they go out again beside the predictions
    cells : as they are read, with the columns as text whose text was learned from, of which only
        empty is missing
    notes : sentences about what was found while reading
    """

    given: as_given.Given
    cells: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_rows(
    content: bytes,
    name: str,
    features: Sequence[Feature],
    written: TextFormat,
    encoding: str = "auto",
) -> Rows:
    """Read the rows of a file.

    Parameters
    ----------
    content, name : of the file, a text with delimiters or Parquet
    features : the inputs that are looked for
    written : how the text of the training table was written
    encoding : as `Reading.encoding`; "auto" takes that of the training table where it is needed

    Raises
    ------
    DataError : the bytes are no such rows
    ChoiceNeededError : the encoding has to be chosen
    """
    import pyarrow as pa

    if content.startswith(PARQUET):
        table = parquet.read(content, name, least=1)
        return Rows(as_given.given_parquet(content), table.frame, table.notes)
    text, note = _text(content, name, encoding, written)
    wanted = {feature.column for feature in features}
    reading = _reading(text, name, wanted, written)
    layout = find_layout(text, name, reading, least=1)
    notes = [*([note] if note else []), *layout.notes]
    verbatim = [f.column for f in features if _is_verbatim(f, written, layout)]
    if len(layout.names) == 1:
        cells = _single(text, layout, name)
        column = pa.array(cells[layout.names[0]].array, pa.large_string())
        given = as_given.Given(pa.table({layout.names[0]: column}))
    else:
        text, frame = parse_text(text, layout, name, reading, notes)
        given = as_given.given_text(text, layout, list(frame.columns))
        cells = _with_text(given, frame, verbatim)
    return Rows(given, cells, tuple(map(str, notes)))


def _text(content: bytes, name: str, encoding: str, written: TextFormat) -> tuple[bytes, str]:
    """Return the text as UTF-8; what is not certain is as the training table was."""
    if encoding != "auto" or written.encoding == "auto":
        return text_of(content, name, encoding)
    try:
        return text_of(content, name, "auto")
    except ChoiceNeededError:
        return text_of(content, name, written.encoding)


def _is_verbatim(feature: Feature, written: TextFormat, layout: Layout) -> bool:
    """Tell whether the cells of an input are read as text, as they stand."""
    if not isinstance(feature, NUMBERS) or feature.form:
        return True
    return written.plain_decimal == "," != layout.decimal  # where 1.234 is a thousand


def _reading(text: bytes, name: str, wanted: set[str], written: TextFormat) -> Reading:
    """Return how the text is to be read, so that the columns `wanted` are found in it."""
    most, best = 0, Reading(header="auto" if written.header else "no")
    marks = dict.fromkeys([written.delimiter, *DELIMITERS.values()])
    heads = ((mark, *row) for mark in marks for row in _head(text, mark))
    for mark, line, fields in heads:
        found = fields if not written.header else distinct_names(fields)[0]
        if (hits := len(wanted.intersection(found))) > most:
            most = hits
            best = Reading(delimiter=_chosen(mark), header="yes", skip=line - 1)
        if hits == len(wanted):
            return best
    for other in (Reading(delimiter=_chosen(written.delimiter), header=best.header), Reading()):
        with contextlib.suppress(DataError):
            names = find_layout(text, name, other, least=1).names
            if (hits := len(wanted.intersection(names))) > most:
                most, best = hits, other
    return best


def _chosen(mark: str) -> Any:
    return CHOSEN[mark]


def _head(text: bytes, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first rows, and the line in which each begins."""
    with contextlib.suppress(csv.Error):
        for line, row in itertools.islice(rows_of(text[:HEAD], 0, mark), MOST_ABOVE):
            yield line, [field.strip() for field in row]


def _with_text(given: as_given.Given, frame: pd.DataFrame, verbatim: Sequence[str]) -> pd.DataFrame:
    """Return the rows with some columns as text, without the blanks in front of it."""
    names = [name for name in dict.fromkeys(verbatim) if name in frame.columns]
    cells = {name: given.rows[name].to_pandas().str.lstrip() for name in names}
    return with_columns(frame, cells) if cells else frame


def _single(text: bytes, layout: Layout, name: str) -> pd.DataFrame:
    """Return the one column of a text; an empty line is a row without a value."""
    import pandas as pd

    lines = io.TextIOWrapper(
        io.BytesIO(text[layout.top :].rstrip(b"\r\n")), "utf-8", errors="replace", newline=None
    )
    mark = "\t" if layout.delimiter == " " else layout.delimiter
    rows = csv.reader(lines, delimiter=mark, skipinitialspace=True)
    cells: list[str | None] = []
    try:
        for row in rows:
            if any(field.strip() for field in row[1:]):
                shown = layout.delimiter.join(row)
                raise DataError(_too_long(name, len(row), rows.line_num, shown, text, layout))
            cells.append(row[0].strip() or None if row else None)
    except csv.Error:
        raise DataError(_('"{name}" has a quote that is never closed.').format(name=name)) from None
    cells = cells[layout.has_header :]
    if not cells:
        raise DataError(_('"{name}" has a header but no rows.').format(name=name))
    return pd.DataFrame({layout.names[0]: pd.Series(cells, dtype="str")})


def _too_long(name: str, fields: int, line: int, shown: str, text: bytes, layout: Layout) -> str:
    above = text.count(b"\n", 0, layout.top) or text.count(b"\r", 0, layout.top)
    return _(
        '"{name}" line {line:,} has {n:,} fields where the header has 1. Line {line:,} of the file '
        'reads "{shown}". Correct it.'
    ).format(name=name, line=above + line, n=fields, shown=brief(shown, 60))
