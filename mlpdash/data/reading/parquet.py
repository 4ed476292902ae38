"""Parquet -> `Table`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mlpdash.data.reading import limits
from mlpdash.data.reading.blanks import stripped
from mlpdash.data.reading.first_lines.header import distinct_names
from mlpdash.data.table import Table
from mlpdash.errors import DataError
from mlpdash.text import _, listed

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def read(content: bytes, name: str, least: int = 2) -> Table:
    """Read a Parquet file; columns of lists, maps, structures and bytes are left out.

    Raises
    ------
    DataError : it is damaged, too large, or has no rows or fewer than `least` columns
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        columns, rows = file.metadata.num_columns, file.metadata.num_rows
        limits.COLUMNS.check(columns, name)
        limits.CELLS.check(columns * rows, name)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            _('"{name}" is a damaged Parquet file: {reason}.').format(
                name=name, reason=str(error).split("\n")[0].rstrip(".")[:200]
            )
        ) from None
    if rows == 0:
        raise DataError(_('"{name}" has no rows.').format(name=name))
    kept, left, times = _usable(table)
    names, notes = distinct_names([str(field).strip() for field in kept.column_names])
    frame: pd.DataFrame = kept.rename_columns([str(n) for n in range(len(names))]).to_pandas(
        ignore_metadata=True, date_as_object=False
    )
    frame.columns = list(names)
    if frame.shape[1] < least:
        raise DataError(
            _('"{name}" has one column; an input and a target are needed.').format(name=name)
        )
    if left:
        notes.append(
            _("Left out because their cells are not single values: {columns}.").format(
                columns=listed(left)
            )
        )
    if times:
        notes.append(_("Times were read as hours: {columns}.").format(columns=listed(times)))
    frame, said = stripped(_plain(frame, notes), empty_too=True)
    return Table(frame, name, tuple(notes + said))


def _usable(table: pa.Table) -> tuple[pa.Table, list[str], list[str]]:
    """Return the columns of single values, dictionaries and decimals made plain.

    Returns
    -------
    the table, the names of the columns that are left out, and of those that became hours
    """
    import pyarrow as pa

    fields, arrays, left, times = [], [], [], []
    for field, values in zip(table.schema, table.columns, strict=True):
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_decimal(kind):
            kind = pa.float64()
        no_single_values = (
            pa.types.is_nested,
            *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary),
        )
        if pa.types.is_time(kind) or pa.types.is_duration(kind):
            fields.append(field.name)
            arrays.append(_hours(values))
            times.append(str(field.name))
        elif any(fits(kind) for fits in no_single_values):
            left.append(str(field.name))
        else:
            fields.append(field.name)
            arrays.append(values.cast(kind) if kind != field.type else values)
    return pa.table(arrays, names=fields), left, times


def _hours(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times of day, or durations, as hours."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.int32() if pa.types.is_time32(values.type) else pa.int64()
    per_second = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[values.type.unit]
    return pc.divide(values.cast(whole).cast(pa.float64()), float(3600 * per_second))


def _plain(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Return moments in UTC without their zone, with a sentence about those of other zones."""
    import pandas as pd

    moved = []
    for column, values in frame.items():
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            if str(values.dtype.tz) not in ("UTC", "Etc/UTC", "+00:00"):
                moved.append(str(column))
            frame[column] = values.dt.tz_convert("UTC").dt.tz_localize(None)
    if moved:
        notes.append(
            _("Times with a time zone were converted to UTC: {columns}.").format(
                columns=listed(moved)
            )
        )
    return frame
