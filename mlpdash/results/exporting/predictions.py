"""What a net says of the rows of its table, as a file."""

from __future__ import annotations

from typing import Final

import numpy as np

from mlpdash.data.cells.cells import Floats
from mlpdash.data.load import given_rows
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.exporting.tables import as_csv, as_parquet, csv_beside, parquet_beside
from mlpdash.results.judging.rows import rows_table
from mlpdash.specs import DataSpec

MOST_CELLS: Final = 5_000_000  # of the rows that go into the file


def predictions(
    prepared: Prepared, outputs: Floats, data: DataSpec, *, parquet: bool = False
) -> bytes:
    """Return what a net says of every row, beside the row where its cells are not too many.

    All columns of an uploaded table go out as they came in; of other sets, the inputs.

    Parameters
    ----------
    outputs : (all rows, K) probabilities, or values in the targets' units
    data : what was prepared

    Raises
    ------
    DataError : the uploaded table is gone
    """
    rows, few = np.arange(len(prepared.x)), not is_too_wide(prepared)
    given = given_rows(data, prepared.places) if few else None
    frame = rows_table(prepared, outputs, rows, inputs=few and given is None)
    if given is None:
        return as_parquet(frame) if parquet else as_csv(frame)
    frame = frame.drop(columns=prepared.time_name, errors="ignore")  # which is among the given
    return parquet_beside(given, frame) if parquet else csv_beside(given, frame)


def is_too_wide(prepared: Prepared) -> bool:
    """Tell whether a table has too many cells to go into a file of predictions."""
    return len(prepared.x) * len(prepared.columns) > MOST_CELLS
