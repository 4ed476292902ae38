"""Parquet -> `Table`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mlpdash.data import limits
from mlpdash.data.header import distinct
from mlpdash.data.tables import Table, listed
from mlpdash.errors import DataError
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def read(content: bytes, name: str) -> Table:
    """Read a Parquet file; columns of lists, maps, structures and bytes are left out.

    Raises
    ------
    DataError : it is damaged, too large, or has no rows or fewer than two columns
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
    kept, left = _usable(table)
    names, notes = distinct([str(field).strip() for field in kept.column_names])
    frame: pd.DataFrame = kept.rename_columns([str(n) for n in range(len(names))]).to_pandas(
        ignore_metadata=True, date_as_object=False
    )
    frame.columns = list(names)
    if frame.shape[1] < 2:
        raise DataError(
            _('"{name}" has one column; an input and a target are needed.').format(name=name)
        )
    if left:
        notes.append(
            _("Left out because their cells are no single values: {columns}.").format(
                columns=listed(left)
            )
        )
    return Table(_plain(frame), name, tuple(notes))


def _usable(table: pa.Table) -> tuple[pa.Table, list[str]]:
    """Return the columns of single values, dictionaries and decimals made plain."""
    import pyarrow as pa

    fields, arrays, left = [], [], []
    for field, values in zip(table.schema, table.columns, strict=True):
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_decimal(kind):
            kind = pa.float64()
        no_single_values = (
            pa.types.is_nested,
            *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary),
            *(pa.types.is_time, pa.types.is_duration),
        )
        if any(fits(kind) for fits in no_single_values):
            left.append(str(field.name))
        else:
            fields.append(field.name)
            arrays.append(values.cast(kind) if kind != field.type else values)
    return pa.table(arrays, names=fields), left


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return times without zone, and text as pandas' str."""
    import pandas as pd

    for column, values in frame.items():
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            frame[column] = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return frame
