"""Tables as they were read and typed, shared by all sessions of this server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlpdash.data import load
from mlpdash.data.columns import columns
from mlpdash.data.columns.columns import Columns
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation
from mlpdash.ui.shared.memory import memory

if TYPE_CHECKING:
    import pandas as pd


def table(spec: DataSpec) -> Table:
    """Return the table as it was read; only choices about reading matter.

    Raises
    ------
    MlpDashError : it is unknown, or cannot be read as chosen
    """
    reading = DataSpec(
        data=spec.data,
        noise=spec.noise,
        rows=spec.rows,
        data_seed=spec.data_seed,
        points=spec.points,
        preparation=Preparation(
            reading=spec.preparation.reading,
            columns=tuple(
                ColumnChoice(name=name, words="keep") for name in spec.preparation.kept_words
            ),
        ),
    )
    key = ("table", reading.model_dump_json())
    return memory().get(key, lambda: load.load(reading), lambda made: _bytes_of(made.frame))


def found(spec: DataSpec) -> Columns:
    """Return the columns of a table, their kinds and roles.

    Raises
    ------
    MlpDashError : the table cannot be read, or the target or the task is not possible
    """
    key = ("columns", spec.model_dump_json())
    return memory().get(key, lambda: columns.find_columns(table(spec), spec), _bytes_beside_table)


def _bytes_beside_table(made: Columns) -> int:
    """Return the bytes of the columns that were read as something else than the table has."""
    return _bytes_of(made.frame[[c.name for c in made.columns if c.profile.form]])


def _bytes_of(frame: pd.DataFrame) -> int:
    return int(frame.memory_usage(deep=True).sum())
