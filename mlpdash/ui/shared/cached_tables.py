"""Tables as they were read and typed, shared by all sessions of this server."""

from __future__ import annotations

import streamlit as st

from mlpdash.data import load
from mlpdash.data.columns import columns
from mlpdash.data.columns.columns import Columns
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Preparation


def table(spec: DataSpec) -> Table:
    """Return the table as it was read; only choices about reading matter.

    Raises
    ------
    MlpDashError : it is unknown, or cannot be read as chosen
    """
    usual = DataSpec(
        data=spec.data,
        noise=spec.noise,
        rows=spec.rows,
        data_seed=spec.data_seed,
        points=spec.points,
    )
    reading = Preparation(reading=spec.preparation.reading)
    return _table(usual.model_copy(update={"preparation": reading}).model_dump_json())


@st.cache_resource(show_spinner=False, max_entries=8)
def _table(spec_json: str) -> Table:
    return load.load(DataSpec.model_validate_json(spec_json))


def found(spec: DataSpec) -> Columns:
    """Return the columns of a table, their kinds and roles.

    Raises
    ------
    MlpDashError : the table cannot be read, or the target or the task is not possible
    """
    return _found(spec.model_dump_json())


@st.cache_resource(show_spinner=False, max_entries=8)
def _found(spec_json: str) -> Columns:
    spec = DataSpec.model_validate_json(spec_json)
    return columns.find_columns(table(spec), spec)
