"""Rows as they came: the text of cells, or the types and nulls of Parquet, as Arrow tables.

What is learned from is typed and cleaned; what goes out again beside predictions is not.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlpdash.data.reading.file_kinds import PARQUET
from mlpdash.data.reading.first_lines.layout import Layout
from mlpdash.data.reading.parsing import as_text
from mlpdash.data.reading.read import rows_in
from mlpdash.specs.preparation import Reading

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

WHOLE: Final = r"^(0|-?[1-9][0-9]{0,17})$"  # an int64, and its text is written in no other way
DECIMAL: Final = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"
DIGITS: Final = 15  # that a float64 keeps


@dataclass(frozen=True)
class Given:
    """Rows as they came.

    Attributes
    ----------
    rows : columns of text, which was that of a CSV; or of the types of a Parquet file
    is_text : whether they are from a CSV
    """

    rows: pa.Table
    is_text: bool = True

    def take(self, places: NDArray[np.int64]) -> Given:
        """Return some of the rows."""
        return Given(self.rows.take(places), self.is_text)

    @property
    def typed(self) -> pa.Table:
        """The rows, text with numbers as numbers where each cell of a column is one and loses
        nothing: leading zeros, words such as NA, and too many digits keep a column text.
        """
        import pyarrow as pa

        if not self.is_text:
            return self.rows
        return pa.table(list(map(_typed, self.rows.columns)), names=self.rows.column_names)


def read_given(content: bytes, name: str, reading: Reading) -> Given:
    """Return the rows of a file that `read_table` reads, as they came.

    Raises
    ------
    DataError, ChoiceNeededError : as `read_table`
    """
    if content.startswith(PARQUET):
        return given_parquet(content)
    text, layout, frame = rows_in(content, name, reading)
    return given_text(text, layout, list(frame.columns))


def given_text(text: bytes, layout: Layout, names: list[str]) -> Given:
    """Return the cells of some columns as text, just as they stand, null where nothing stands.

    Blanks around a cell stay, but for those before a quote.
    """
    import pyarrow as pa

    mark = layout.delimiter.encode()
    before_quote = mark == b" " or (mark + b' "') in text
    frame = as_text(text, layout, names, keep_blanks=not before_quote)[names]
    cells = [pa.array(frame[name].array, pa.large_string(), from_pandas=True) for name in names]
    return Given(pa.table(cells, names=names))


def given_parquet(content: bytes) -> Given:
    """Return all columns of a Parquet file that has been read before, as they are in it."""
    import pyarrow.parquet as pq

    rows = pq.read_table(io.BytesIO(content)).replace_schema_metadata(None)
    return Given(rows, is_text=False)


def as_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what a CSV holds of a column: text as it is, values of other types written out."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    try:
        return column.cast(pa.large_string())
    except pa.ArrowException:  # lists, maps, structures, bytes that are no text
        cells = [None if value is None else str(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.large_string())])


def _typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count == len(column):
        return column
    if _all(pc.match_substring_regex(column, WHOLE)):
        return column.cast(pa.int64())
    if _all(pc.match_substring_regex(column, DECIMAL)) and _are_short(column):
        return column.cast(pa.float64())
    return column


def _all(fits: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(fits, skip_nulls=True).as_py())


def _are_short(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    mantissa = pc.replace_substring_regex(column, r"[eE].*$", "")
    digits = pc.replace_substring_regex(mantissa, r"^[-0.]+|\.", "")
    return bool(pc.max(pc.utf8_length(digits)).as_py() <= DIGITS)
