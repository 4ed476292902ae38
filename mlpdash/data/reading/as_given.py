"""Rows as they came: the text of cells, or the types and nulls of Parquet, as Arrow tables.

What is learned from is typed and cleaned; what goes out again beside predictions is not.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from mlpdash.data.reading.layout import Layout
from mlpdash.data.reading.read import as_text

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE: Final = r"^(0|-?[1-9][0-9]{0,17})$"  # an int64, and its text is written in no other way
DECIMAL: Final = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"
DIGITS: Final = 15  # that a float64 keeps


def given_text(text: bytes, layout: Layout, names: list[str]) -> pa.Table:
    """Return the cells of some columns as text, just as they stand, null where nothing stands.

    Blanks around a cell stay, but for those before a quote.
    """
    import pyarrow as pa

    mark = layout.delimiter.encode()
    before_quote = mark == b" " or (mark + b' "') in text
    frame = as_text(text, layout, names, keep_blanks=not before_quote)[names]
    cells = [pa.array(frame[name].array, pa.large_string(), from_pandas=True) for name in names]
    return pa.table(cells, names=names)


def given_parquet(content: bytes) -> pa.Table:
    """Return all columns of a Parquet file that has been read before, as they are in it."""
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content)).replace_schema_metadata(None)


def typed(given: pa.Table) -> pa.Table:
    """Return text with numbers as numbers where each cell of a column is one, and loses nothing.

    Leading zeros, words such as NA, and numbers with too many digits keep a column text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[Any] = []
    for column in given.columns:
        if column.null_count == len(column):
            columns.append(column)
        elif _all(pc.match_substring_regex(column, WHOLE)):
            columns.append(column.cast(pa.int64()))
        elif _all(pc.match_substring_regex(column, DECIMAL)) and _are_short(column):
            columns.append(column.cast(pa.float64()))
        else:
            columns.append(column)
    return pa.table(columns, names=given.column_names)


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


def _all(fits: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(fits, skip_nulls=True).as_py())


def _are_short(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    mantissa = pc.replace_substring_regex(column, r"[eE].*$", "")
    digits = pc.replace_substring_regex(mantissa, r"^[-0.]+|\.", "")
    return bool(pc.max(pc.utf8_length(digits)).as_py() <= DIGITS)
