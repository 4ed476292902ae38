"""Predictions, metrics and history as CSV and Parquet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.results.exporting.spreadsheet import defuse
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

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


def beside(rows: pd.DataFrame, predicted: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their predictions as further columns; no column hides another."""
    import pandas as pd

    taken = set(map(str, rows.columns))
    names = []
    for name in predicted.columns:
        while name in taken:
            name = _("{name} (net)").format(name=name)
        taken.add(name)
        names.append(name)
    added = predicted.set_axis(names, axis=1)
    return pd.concat([rows.reset_index(drop=True), added.reset_index(drop=True)], axis=1)


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
