"""What every session of this server shares: tables read and prepared, and where to start."""

from __future__ import annotations

import streamlit as st

from mlpdash.data import load, uploads
from mlpdash.data.prepared_once import prepared_of
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.prepared_file import bytes_in_memory
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.errors import MlpDashError
from mlpdash.specs import DataSpec, Experiment
from mlpdash.text import _
from mlpdash.ui.shared import cached_tables
from mlpdash.ui.shared.memory import memory


@st.cache_resource(show_spinner=False, max_entries=64)
def starting_point(data: str) -> Experiment:
    """Return the experiment that a person gets on picking the dataset `data`."""
    return load.starting_point(data)


def prepared(spec: DataSpec) -> Prepared:
    """Return the rows that `spec` describes, ready for training.

    Raises
    ------
    MlpDashError : the table is unknown or cannot be used
    """
    key = ("prepared", spec.model_dump_json())
    return memory().get(key, lambda: prepared_of(spec, cached_tables.table), bytes_in_memory)


def columns(data: str) -> tuple[str, ...]:
    """Return the names of all columns of the table `data`; none where it cannot be read."""
    try:
        return _columns(data)
    except MlpDashError:
        return ()


@st.cache_resource(show_spinner=False, max_entries=16)
def _columns(data: str) -> tuple[str, ...]:
    return tuple(str(name) for name in cached_tables.table(DataSpec(data=data)).frame.columns)


def title(data: str) -> str:
    """Return what to call the dataset `data`: its title, or the uploaded file's name."""
    if data in CATALOGUE:
        return _(CATALOGUE[data].title)
    try:
        return _file_name(data)
    except MlpDashError:
        return _("a table that is gone")


@st.cache_resource(show_spinner=False, max_entries=256)
def _file_name(key: str) -> str:
    return uploads.name_of(key)


def is_toy(data: str) -> bool:
    """Whether the dataset is drawn from a formula, with noise and a number of rows to choose."""
    found = CATALOGUE.get(data)
    return found is not None and found.kind == "toy"
