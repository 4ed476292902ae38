"""Predictions, metrics and history as CSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.reading.as_given import Given, as_cells
from mlpdash.results.exporting.spreadsheet import defuse
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CHECKSUM: Final = "crc"  # a column of the history's file that is of no use outside


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV (UTF-8, commas), with cells that a spreadsheet would compute defused.

    Numbers are written so that they read back the same.
    """
    text: str = defuse(frame).to_csv(index=False, lineterminator="\n")
    return text.encode()


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet."""
    content = io.BytesIO()
    frame.rename(columns=str).to_parquet(content, index=False)
    return content.getvalue()


def csv_beside(given: Given, predicted: pd.DataFrame) -> bytes:
    """Return rows as they came, to the letter, with their predictions as further columns.

    Only what is ours is defused: the person's own cells held what they hold before.
    """
    import pandas as pd

    cells = list(map(as_cells, given.rows.columns))
    frame = pd.DataFrame({n: column.to_pandas() for n, column in enumerate(cells)})
    frame.columns = given.rows.column_names
    added = defuse(_beside(given.rows, predicted).reset_index(drop=True))
    lone = any(_holds(column, "\r") for column in cells)  # of which csv thinks nothing
    text: str = pd.concat([frame, added], axis=1).to_csv(
        index=False,
        lineterminator="\n",
        quoting=csv.QUOTE_NONNUMERIC if lone else csv.QUOTE_MINIMAL,
    )
    return text.encode()


def parquet_beside(given: Given, predicted: pd.DataFrame) -> bytes:
    """Return rows with the types and nulls that came, with their predictions as further columns.

    Columns of text become numbers where nothing is lost by it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = given.typed
    added = pa.Table.from_pandas(_beside(table, predicted), preserve_index=False)
    for name, column in zip(added.column_names, added.columns, strict=True):
        table = table.append_column(name, column)
    content = io.BytesIO()
    pq.write_table(table, content)
    return content.getvalue()


def _beside(given: pa.Table, predicted: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions under names that no column of the rows has."""
    taken = set(given.column_names)
    names = []
    for name in predicted.columns:
        while name in taken:
            name = _("{name} (net)").format(name=name)
        taken.add(name)
        names.append(name)
    return predicted.set_axis(names, axis=1)


def _holds(cells: pa.ChunkedArray, text: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring(cells, text)).as_py())


def history_table(history: NDArray[np.void]) -> pd.DataFrame:
    """Return the records of a run's history, one row per epoch; empty where not measured."""
    import pandas as pd

    names = [n for n in history.dtype.names or () if n != CHECKSUM]
    return pd.DataFrame({name: history[name] for name in names})


def metrics_table(document: Mapping[str, Any]) -> pd.DataFrame:
    """Return all scores of a report, a row each.

    Parameters
    ----------
    document : as `runs.summary.report` returns it

    Returns
    -------
    columns model ("net", or a baseline's name), part, target (empty for all together), metric,
    value, low, high (ends of the 95 % interval; empty where none was taken)
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for part, found in document["net"].items():
        several = zip(document["targets"], found.get("targets", ()), strict=False)
        for target, scores in (("", found["scores"]), *several):
            for metric, score in scores.items():
                ends = (score["low"], score["high"])
                rows.append(("net", part, target, metric, score["value"], *ends))
    for one in document["baselines"]:
        for metric, value in one["scores"].items():
            rows.append((one["name"], document["judged_on"], "", metric, value, None, None))
    columns = ["model", "part", "target", "metric", "value", "low", "high"]
    numbers = dict.fromkeys(columns[-3:], "float64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)
